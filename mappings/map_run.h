// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "mappings/evaluator.h"
#include "mappings/record_mapper.h"

namespace muster::mappings {

// Scope and map of one record after the other: the evaluation, with everything it writes kept for
// the next record.
class MapRun {
 public:
  // What the source makes of the record of `inputs` (a Value or a JSON text). The view and all it
  // shows live until the next call and until the evaluator's machine starts another record.
  const MappedView& map(const SourceModel& source, Evaluator& evaluator, const Inputs& inputs);

  // What map() gave last.
  const MappedView& view() const { return view_; }

 private:
  void read_link_key(const SourceModel& source, const Inputs& inputs);
  bool passes_scope(const SourceModel& source, Evaluator& evaluator);
  void doubt_scope(const SourceModel& source);
  bool is_told(const ReadFinding& odd) const;
  void offer(std::string_view attribute, Flow flow, const Datum& value);
  void add(const MapLine& line, const Outcome& outcome);
  void add_findings(const SourceModel& source, Evaluator& evaluator);

  std::vector<Outcome> outcomes_ = {};  // by position in SourceModel::order
  std::vector<OfferView> offers_ = {};  // of this record, the first `offered_`
  std::size_t offered_ = 0;
  std::string link_key_ = {};
  Machine::Doubt doubt_ = {};  // about the scope of this record
  MappedView view_ = {};
};

}  // namespace muster::mappings
