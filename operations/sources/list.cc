// SPDX-License-Identifier: Apache-2.0
#include "operations/sources/list.h"

namespace muster::operations {
namespace {

// The last run that brought everybody.
const store::RunRow* last_read(const std::vector<store::RunRow>& runs) {
  for (const auto& run : runs) {
    if (run.state == store::RunState::done || run.state == store::RunState::done_with_errors ||
        run.state == store::RunState::held)
      return &run;
  }
  return nullptr;
}

// What a read says about itself stands in front of what became of each record.
Result<std::vector<std::string>> never_seen(store::Reader& reader, const std::string& run) {
  constexpr int front = 1000;
  MUSTER_TRY(const auto items, reader.runs().items(run, 0, front));
  std::vector<std::string> names;
  for (const auto& item : items)
    if (item.code == "W-NEVER") names.push_back(item.where);
  return names;
}

}  // namespace

Result<std::vector<SourceStatus>> list_sources(const Installation& here) {
  MUSTER_TRY(auto reader, here.store().reader());
  MUSTER_TRY(const auto counts, reader->journal().counts());
  const auto engine = here.provisioner.engine();
  std::vector<SourceStatus> all;
  for (const auto& source : here.sources) {
    SourceStatus status{.name = source.name, .kind = std::string(name_of(source.kind))};
    if (const auto* info = engine->source(source.name)) status.tag = info->tag;
    for (const auto& one : counts) {
      if (one.source == source.name) status.counts = one;
    }
    MUSTER_TRY(const auto runs, reader->runs().latest(source.name, runs_to_know_refusals));
    if (!runs.empty()) status.last = runs.front();
    status.refused = refusals_of(runs);
    if (const auto* read = last_read(runs)) {
      MUSTER_TRY(status.never_seen, never_seen(*reader, read->id));
    }
    all.push_back(std::move(status));
  }
  return all;
}

}  // namespace muster::operations
