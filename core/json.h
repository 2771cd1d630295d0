// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "core/result.h"
#include "core/value.h"

namespace muster {

struct JsonLimits {
  int depth = 32;               // nesting of objects and lists, at most 1000
  std::size_t bytes = 8 << 20;  // of the text
};

// Reads one JSON document (RFC 8259). Refused with Fault::invalid, `where` = "line L, column C" and
// a code: malformed text, invalid UTF-8, duplicate member names, integers outside 64 bits, depth
// and size beyond the limits.
Result<Value> parse_json(std::string_view text, const JsonLimits& limits = {});

// Compact JSON text; object members in their order. Text must be UTF-8.
std::string write_json(const Value& value);
void append_json(std::string& out, const Value& value);

// Appends `text` as a quoted JSON string.
void append_json_text(std::string& out, std::string_view text);

}  // namespace muster
