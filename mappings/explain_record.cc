// SPDX-License-Identifier: Apache-2.0
#include "mappings/explain.h"
#include "mappings/explain_parts.h"
#include "mappings/stages.h"

namespace muster::mappings {
namespace {

Value scope_of(const SourceModel& source, const Mapped& mapped) {
  Value scope = empty_object();
  scope.set("in", mapped.in_scope);
  Value::List passed;
  for (const auto& rule : source.scope) {
    if (rule.id == mapped.scope_rule) break;
    passed.emplace_back(rule.id);
  }
  scope.set("passed", std::move(passed));
  if (!mapped.in_scope) scope.set("skipped_by", mapped.scope_rule);
  return scope;
}

}  // namespace

Value explain_record(const Engine& engine, const SourceRecord& record, Timestamp run_time,
                     const Mask& mask, const Earlier& before) {
  const Model& model = engine.impl().model;
  std::vector<Evaluation> trace;
  Mapped mapped = map_record(model, record, run_time, &trace, before);
  Value out = empty_object();
  out.set("source", record.key.source);
  out.set("key", record.key.key);
  out.set("link_key", mapped.link_key);
  out.set("mapping", model.file);
  out.set("config", "sha256:" + engine.sha256());
  out.set("run_time", format_timestamp(run_time));
  Value attributes = empty_object();
  if (const SourceModel* source = model.source(record.key.source)) {
    out.set("tag", source->info.tag);
    out.set("scope", scope_of(*source, mapped));
    for (auto i : source->sorted) {
      const MapLine& line = source->lines[i];
      const auto* evaluation = find_evaluation(trace, line.rule);
      if (evaluation)
        attributes.set(
            line.attribute,
            evaluation_of(*evaluation,
                          model.schema.find(line.attribute)->sensitive ? &mask : nullptr));
    }
  }
  out.set("attributes", std::move(attributes));
  out.set("enabled", mapped.enabled);
  out.set("quarantined", mapped.quarantined);
  out.set("findings", findings_of(mapped.findings));
  return out;
}

}  // namespace muster::mappings
