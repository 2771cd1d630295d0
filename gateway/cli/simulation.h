// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/value.h"
#include "gateway/cli/output.h"
#include "gateway/runtime.h"
#include "gateway/veil.h"
#include "mappings/engine.h"
#include "provision/runs/source_change.h"
#include "provision/simulate/simulate.h"

namespace muster::gateway::cli {

// What the mapping of `runtime` changes about sources (provision/source_change.h).
Result<std::vector<provision::SourceChange>> changed_sources(Runtime& runtime,
                                                             const provision::KeyedBy& in_force);

// Prints what a simulation tells: JSON {"changes": [...], "summary": {...}} and CSV (a row per
// changed value) as it comes, a table for people at the end. Values that the mapping calls
// sensitive are veiled.
class SimulationReport {
 public:
  // `limit`: people that are shown, nullopt = all. Counts are of everybody.
  SimulationReport(Format format, const mappings::Engine& engine, const Veil& veil,
                   std::optional<std::size_t> limit);

  // What would make strangers of the people of a source.
  void set_sources(std::vector<provision::SourceChange> sources) { sources_ = std::move(sources); }
  void add(const provision::PersonChange& change);
  void finish(const provision::Simulation& simulation, bool timing);

  // The counts as a document; for reports that hold more.
  Value summary(const provision::Simulation& simulation, bool timing) const;
  // The counts as a person reads them.
  void print_summary(const provision::Simulation& simulation) const;

 private:
  // One thing that is different about a person.
  struct Difference {
    std::string what = {};
    Value before = {};
    Value after = {};
    std::string source = {};
    std::string rule = {};
  };

  std::vector<Difference> differences_of(const provision::PersonChange& change) const;
  Difference attribute(const provision::PersonChange& change, const std::string& name) const;
  void count(const provision::PersonChange& change, const std::vector<Difference>& differences);
  void show(const provision::PersonChange& change, const std::vector<Difference>& differences);

  Format format_;
  const mappings::Engine& engine_;
  const Veil& veil_;
  std::optional<std::size_t> limit_;
  std::vector<provision::SourceChange> sources_ = {};
  std::size_t shown_ = 0;
  std::int64_t new_people_ = 0;
  std::map<std::string, std::int64_t> attributes_ = {};
  std::map<std::string, std::int64_t> classes_ = {};
  std::map<std::string, std::int64_t> states_ = {};
  std::map<std::string, std::int64_t> joined_ = {};  // groups
  std::map<std::string, std::int64_t> left_ = {};
  std::vector<std::string> names_ = {};  // user names that would be given
  std::optional<RowWriter> rows_ = {};
};

}  // namespace muster::gateway::cli
