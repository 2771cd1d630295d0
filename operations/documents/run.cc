// SPDX-License-Identifier: Apache-2.0
#include "operations/documents/run.h"

namespace muster::operations {
namespace {

Value documents_of(const std::vector<store::RunItem>& items) {
  Value::List list;
  for (const auto& item : items) list.push_back(as_document(item));
  return list;
}

Value as_document(const store::FindingPlace& place) {
  Value document;
  document.set("where", place.where);
  document.set("recordKey", place.record_key);
  document.set("identityId", place.identity_id);
  document.set("value", place.value);
  return document;
}

// The group as its first finding, how many there are, and where the first of them are.
Value as_document(const store::FindingGroup& group) {
  auto document = document_of(group.example);
  document.set("source", group.source);
  document.set("count", group.count);
  Value::List places;
  for (const auto& place : group.places) places.push_back(as_document(place));
  document.set("places", std::move(places));
  return document;
}

// What is shown of the items of a run: says how many are left out, and of which run they are read.
void set_items(Value& document, const std::vector<store::RunItem>& items, std::int64_t left_out) {
  document.set("items", documents_of(items));
  document.set("itemsLeftOut", left_out);
}

}  // namespace

Value as_document(const std::vector<store::FindingGroup>& groups) {
  Value::List list;
  for (const auto& group : groups) list.push_back(as_document(group));
  return list;
}

Value as_document(const store::StandingFindings& standing) {
  Value document;
  document.set("source", standing.source);
  document.set("code", standing.code);
  document.set("severity", name_of(standing.severity));
  document.set("count", standing.count);
  return document;
}

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
  Value::List standing;
  for (const auto& one : run.standing) standing.push_back(as_document(one));
  document.set("findings", as_document(run.findings));
  document.set("standing", std::move(standing));
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
  set_items(document, outcome.items, outcome.items_left_out);
  return document;
}

Value retry_document(const RunOutcome& outcome) {
  Value document{Value::Object{}};
  document.set("dryRun", outcome.dry_run);
  document.set("run", as_document(outcome.report.row));
  set_items(document, outcome.items, outcome.items_left_out);
  return document;
}

Value as_document(const LifecycleOutcome& outcome) {
  Value document{Value::Object{}};
  document.set("dryRun", outcome.dry_run);
  Value::List runs;
  for (const auto& report : outcome.reports) runs.push_back(as_document(report.row));
  document.set("runs", std::move(runs));
  set_items(document, outcome.items, outcome.items_left_out);
  return document;
}

Value as_document(const RunDetails& details) {
  auto document = as_document(details.run);
  set_items(document, details.items, 0);
  return document;
}

}  // namespace muster::operations
