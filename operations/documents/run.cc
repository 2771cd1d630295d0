// SPDX-License-Identifier: Apache-2.0
#include "operations/documents/run.h"

namespace muster::operations {
namespace {

Value documents_of(const std::vector<store::RunItem>& items) {
  Value::List list;
  for (const auto& item : items) list.push_back(as_document(item));
  return list;
}

}  // namespace

Value as_document(const store::RunCounts& counts) {
  Value document;
  for (const auto& counter : store::run_counters)
    document.set(counter.name, counts.*counter.member);
  return document;
}

Value as_document(const store::RunRow& run) {
  Value document;
  document.set("id", run.id);
  document.set("source", run.source);
  document.set("kind", store::name_of(run.kind));
  document.set("state", store::name_of(run.state));
  document.set("actor", run.actor);
  document.set("detail", run.detail);
  document.set("server", run.server);
  document.set("started", format_timestamp(run.started));
  if (run.ended) document.set("ended", format_timestamp(*run.ended));
  document.set("counts", as_document(run.counts));
  return document;
}

Value as_document(const store::RunItem& item) {
  Value document;
  document.set("number", item.number);
  document.set("action", item.action);
  document.set("result", item.result);
  document.set("code", item.code);
  document.set("where", item.where);
  document.set("recordKey", item.record_key);
  document.set("identityId", item.identity_id);
  document.set("message", item.message);
  return document;
}

Value as_document(const RunOutcome& outcome) {
  auto document = as_document(outcome.report.row);
  document.set("dryRun", outcome.dry_run);
  document.set("items", documents_of(outcome.items));
  return document;
}

Value retry_document(const RunOutcome& outcome) {
  Value document{Value::Object{}};
  document.set("dryRun", outcome.dry_run);
  document.set("run", as_document(outcome.report.row));
  document.set("items", documents_of(outcome.items));
  return document;
}

Value as_document(const LifecycleOutcome& outcome) {
  Value document{Value::Object{}};
  document.set("dryRun", outcome.dry_run);
  Value::List runs;
  for (const auto& report : outcome.reports) runs.push_back(as_document(report.row));
  document.set("runs", std::move(runs));
  document.set("items", documents_of(outcome.items));
  return document;
}

Value as_document(const RunDetails& details) {
  auto document = as_document(details.run);
  document.set("items", documents_of(details.items));
  return document;
}

}  // namespace muster::operations
