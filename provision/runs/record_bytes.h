// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "core/record.h"
#include "core/result.h"

namespace muster::provision {

// A record as bytes for this process alone (native byte order): length, type, key, and the rest.

constexpr std::size_t record_head_size = 9;  // length (4), type (1), length of the key (4)

void append_record(std::string& out, const SourceRecord& record);

// The whole length, head included; `head` holds at least record_head_size bytes.
std::size_t record_size(std::string_view head);

// What records are ordered by; `bytes` begins with one.
struct RecordOrder {
  ResourceType type = ResourceType::user;
  std::string_view key = {};

  friend bool operator<(const RecordOrder& a, const RecordOrder& b) {
    return a.type != b.type ? a.type < b.type : a.key < b.key;
  }
};
RecordOrder record_order(std::string_view bytes);

Result<SourceRecord> record_from_bytes(std::string_view bytes);

}  // namespace muster::provision
