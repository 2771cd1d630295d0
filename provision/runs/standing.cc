// SPDX-License-Identifier: Apache-2.0
#include "provision/runs/standing.h"

#include <map>
#include <tuple>
#include <utility>

namespace muster::provision {
namespace {

// The name of the first source that has the tag.
std::string name_of_tag(const mappings::Engine& engine, const std::string& tag) {
  for (const auto& source : engine.sources()) {
    if (source.tag == tag) return source.name;
  }
  return tag;
}

}  // namespace

std::vector<store::StandingFindings> standing_of(const store::AllStanding& all,
                                                 const mappings::Engine& engine,
                                                 const std::string& source) {
  std::map<std::tuple<std::string, int, std::string>, std::int64_t> counts;
  const auto count = [&](const std::string& name, const store::StandingFindings& one) {
    if (source.empty() || name == source)
      counts[{name, -static_cast<int>(one.severity), one.code}] += one.count;
  };
  for (const auto& one : all.of_records) count(one.source, one);
  for (const auto& one : all.of_people) count(name_of_tag(engine, one.source), one);
  std::vector<store::StandingFindings> standing;
  for (const auto& [key, n] : counts) {
    const auto& [name, severity, code] = key;
    standing.push_back({name, code, static_cast<Severity>(-severity), n});
  }
  return standing;
}

Result<std::vector<store::StandingFindings>> standing_findings(store::Store& store,
                                                               const mappings::Engine& engine,
                                                               const std::string& source) {
  store::AllStanding all;
  auto read = store.read([&all](store::View& view) -> Status {
    MUSTER_TRY(all, view.runs().standing());
    return {};
  });
  if (!read) return fail(std::move(read).error());
  return standing_of(all, engine, source);
}

}  // namespace muster::provision
