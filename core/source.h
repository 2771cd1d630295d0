// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "core/diagnostic.h"
#include "core/record.h"
#include "core/result.h"

namespace muster {

// A row or entry that could not be read or was passed over; the others go on.
struct ItemProblem {
  std::string where = {};  // "line 12, column 8", a DN
  std::string code = {};   // "UNCLOSED_QUOTE", "FIELD_COUNT", "NO_KEY"
  // What is wrong and what to do; no cell values beyond a short name of the place.
  std::string message = {};
  Severity severity = Severity::error;  // error: the item is left out; warning: it was used
  std::string attribute = {};           // as the source spells it; empty: the item as a whole
  std::string value = {};               // what was told, as shown_value() shows it; never a secret
  std::string rule = {};                // what asked for it, as Finding::rule
  std::string repair = {};              // what to do about it; empty: the message says so
  // The record that the item is, where that much could be read: it counts as seen, so that its
  // being left out does not make an absence doubtful.
  std::optional<SourceKey> record = {};
};

// What was read together: some hundreds of records, in the order of the source.
struct Batch {
  std::vector<SourceRecord> records = {};
  std::vector<ItemProblem> problems = {};
  std::uint64_t bytes_read = 0;  // since the start, for progress
};

// How a read ended. Only a complete one lets an absence count.
struct Pull {
  bool complete = false;
  std::string why_incomplete = {};  // a sentence; empty when complete
  std::uint64_t records = 0;
  std::uint64_t problems = 0;
  std::string server = {};  // who answered: a URI, a file's name and hash
};

// One external system that can be read from start to end. pull() streams batches to `sink` in
// bounded memory, on the calling thread; one pull at a time. A refusing sink stops it. An error
// means that nothing can be concluded (server away, wrong password, header wrong); a read that
// broke off half-way is a Pull with complete = false and what arrived stays valid.
class Source {
 public:
  using Sink = std::function<Status(Batch&&)>;

  virtual ~Source() = default;
  virtual Result<Pull> pull(const Sink& sink, std::stop_token stop) = 0;

  // Bytes that a whole read will bring, 0 = unknown; for progress.
  virtual std::uint64_t size_hint() const { return 0; }
};

}  // namespace muster
