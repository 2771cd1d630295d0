// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>

#include "gateway/cli/output.h"
#include "operations/mapping/simulate.h"

namespace muster::gateway::cli {

// Prints what a simulation tells: JSON {"changes": [...], "summary": {...}} and CSV (a row per
// changed value) as it comes, a table for people at the end. Nothing before there is something.
class SimulationReport {
 public:
  // `limit`: people that are shown, nullopt = all. Counts are of everybody.
  SimulationReport(Format format, std::optional<std::size_t> limit)
      : format_(format), limit_(limit) {}

  void add(const operations::PersonDifferences& person);
  void finish(const operations::SimulationOutcome& outcome, bool timing);

 private:
  void begin();
  void add_rows(const operations::PersonDifferences& person);
  void finish_table(const operations::SimulationOutcome& outcome);

  Format format_;
  std::optional<std::size_t> limit_;
  bool begun_ = false;
  std::size_t shown_ = 0;
  std::optional<RowWriter> rows_ = {};  // not for JSON
};

// The counts as a person reads them.
void print_summary(const operations::SimulationOutcome& outcome);

}  // namespace muster::gateway::cli
