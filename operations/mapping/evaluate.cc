// SPDX-License-Identifier: Apache-2.0
#include "operations/mapping/evaluate.h"

#include "core/json.h"
#include "mappings/explain.h"
#include "operations/documents/mapping.h"
#include "operations/users/users.h"
#include "provision/explain/explain.h"

namespace muster::operations {
namespace {

Result<SourceRecord> told_record(const mappings::Engine& engine, const EvaluationRequest& request) {
  MUSTER_CHECK(check_source(engine, request));
  const auto* info = engine.source(request.source);
  SourceRecord record;
  record.key.source = info->name;
  MUSTER_TRY(const auto attributes, parse_json(request.record));
  if (!attributes.is_object()) {
    return fail(Fault::invalid, "the record must be a JSON object: attribute names and values",
                request.record_name);
  }
  if (const auto* key = attributes.find_fold(info->key); key != nullptr && key->is_text())
    record.key.key = key->as_text();
  record.document = write_json(attributes);
  return record;
}

}  // namespace

Status check_source(const mappings::Engine& engine, const EvaluationRequest& request) {
  if (engine.source(request.source) != nullptr) return {};
  return fail(Fault::not_found, "the mapping file has no source '" + request.source + "'",
              request.mapping_name);
}

Result<Value> evaluate(const mappings::Engine& engine, const EvaluationRequest& request,
                       const auth::Veil& veil) {
  MUSTER_TRY(const auto record, told_record(engine, request));
  return as_document(engine.map(record, request.at), engine, veil);
}

Result<Value> explain_evaluation(const mappings::Engine& engine, const EvaluationRequest& request,
                                 const auth::Veil& veil) {
  MUSTER_TRY(const auto record, told_record(engine, request));
  MUSTER_TRY(auto document, mappings::explain_alone(engine, record, request.at, veil));
  provision::shorten(document, explanation_size);
  return document;
}

}  // namespace muster::operations
