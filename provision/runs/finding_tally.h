// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <tuple>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "core/source.h"
#include "provision/decision.h"
#include "store/rows.h"

namespace muster::provision {

// What a run finds, counted by source, severity, code, attribute and rule, with the first places of
// each: however much is found, it is of bounded size. A finding about a person counts once, however
// often the person is settled, and not at all when it has gone by the end. One thread at a time.
class FindingTally {
 public:
  // What is added behind this is noted, and forgotten again by the next begin() before keep().
  void begin();
  void keep();

  // `source`: of the run, for what was refused before it was known whose it is.
  void add(const std::string& source, const Result<Outcome>& outcome);
  // Of an item that the source could not deliver whole.
  void add(const std::string& source, const ItemProblem& problem);
  void follow(const FindingChange& change);

  // What is kept and noted: the most severe first, of these what was found most often.
  std::vector<store::FindingGroup> groups() const;
  std::int64_t count() const { return noted_.count; }
  bool has_errors() const;

 private:
  using Key = std::tuple<std::string, Severity, std::string, std::string, std::string>;
  struct Groups {
    std::map<Key, store::FindingGroup> by_key = {};
    std::int64_t count = 0;
  };

  void add(const std::string& source, const Finding& finding, store::FindingPlace place,
           std::string_view subject);
  void take_back(const Finding& finding, const FindingChange& change);
  store::FindingGroup& group_of(const std::string& source, const Finding& finding);
  bool is_known(std::uint64_t mark) const;

  Groups kept_ = {};
  Groups noted_ = {};
  // Which finding about whom was counted; beyond most_marks nobody remembers.
  std::unordered_set<std::uint64_t> marks_ = {};
  std::unordered_map<std::uint64_t, bool> noted_marks_ = {};
};

}  // namespace muster::provision
