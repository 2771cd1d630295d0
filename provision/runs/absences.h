// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "core/clock.h"
#include "provision/provisioner.h"
#include "store/rows.h"

namespace muster::provision {

// Which record rows (RecordHead::row) a read has brought: one bit each.
class SeenRows {
 public:
  void add(std::int64_t row) {
    const auto place = static_cast<std::size_t>(row);
    if (place >= bits_.size()) bits_.resize(place + place / 2 + 1024);
    bits_[place] = true;
  }
  bool has(std::int64_t row) const {
    const auto place = static_cast<std::size_t>(row);
    return place < bits_.size() && bits_[place];
  }

 private:
  std::vector<bool> bits_ = {};
};

struct AbsenceCounts {
  std::int64_t known = 0;    // of groups all; of people those who are active by this source
  std::int64_t leaving = 0;  // would end a live word
  std::int64_t people = 0;   // of those, how many are people who are active by this source
  std::int64_t missing = 0;  // within the grace period
};

// The records of one source and type that a complete read did not bring. One thread; what is given
// outlives it.
class Absences {
 public:
  Absences(Provisioner& provisioner, const Clock& clock, std::string source, ResourceType type,
           const SeenRows& seen)
      : provisioner_(provisioner),
        clock_(clock),
        source_(std::move(source)),
        type_(type),
        seen_(seen) {}

  // Counts them; with `mark`, starts the grace period of those newly missing.
  Result<AbsenceCounts> survey(bool mark);

  // Those whose grace period is over, a portion after the other; portions may be empty.
  using Leave = std::function<Status(std::span<const store::RecordHead>)>;
  Status each_leaving(const Leave& leave) const;

  // How administrators know these records: a directory's people by their DN, not by their key.
  // Empty: by the key.
  Result<std::vector<std::string>> places(std::span<const store::RecordHead> heads) const;

 private:
  struct Portion {
    AbsenceCounts counts = {};
    std::vector<std::string> newly_missing = {};  // ids of records
    std::optional<std::int64_t> next = {};        // the row it goes on behind; nothing: the last
  };

  Result<Portion> look(store::View& view, std::int64_t after, bool mark) const;
  Result<Portion> mark_missing(std::int64_t after) const;
  bool is_due(const store::RecordHead& head) const;

  Provisioner& provisioner_;
  const Clock& clock_;
  std::string source_;
  ResourceType type_;
  const SeenRows& seen_;
};

}  // namespace muster::provision
