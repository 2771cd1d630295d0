// SPDX-License-Identifier: Apache-2.0
#include "operations/sources/list.h"

#include "provision/runs/standing.h"

namespace muster::operations {

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
    MUSTER_TRY(auto runs, reader->runs().latest(source.name, 1));
    if (!runs.empty()) status.last = std::move(runs.front());
    status.standing = provision::standing_of(standing, *engine, source.name);
    all.push_back(std::move(status));
  }
  return all;
}

}  // namespace muster::operations
