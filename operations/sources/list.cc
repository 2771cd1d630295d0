// SPDX-License-Identifier: Apache-2.0
#include "operations/sources/list.h"

#include "provision/runs/standing.h"

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

std::vector<std::string> never_seen(const store::RunRow& run) {
  std::vector<std::string> names;
  for (const auto& found : run.findings)
    if (found.example.code == "W-NEVER") names.push_back(found.example.attribute);
  return names;
}

}  // namespace

Result<std::vector<SourceStatus>> list_sources(const Installation& here) {
  MUSTER_TRY(auto reader, here.store().reader());
  MUSTER_TRY(const auto counts, reader->journal().counts());
  MUSTER_TRY(const auto standing, reader->journal().standing());
  const auto engine = here.provisioner.engine();
  std::vector<SourceStatus> all;
  for (const auto& source : here.sources) {
    SourceStatus status{.name = source.name, .kind = std::string(name_of(source.kind))};
    if (const auto* info = engine->source(source.name)) status.tag = info->tag;
    for (const auto& one : counts) {
      if (one.source == source.name) status.counts = one;
    }
    status.standing = provision::standing_of(standing, *engine, source.name);
    MUSTER_TRY(const auto runs, reader->runs().latest(source.name, runs_to_know_refusals));
    if (!runs.empty()) status.last = runs.front();
    status.refused = refusals_of(runs);
    if (const auto* read = last_read(runs)) status.never_seen = never_seen(*read);
    all.push_back(std::move(status));
  }
  return all;
}

}  // namespace muster::operations
