// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>
#include <variant>

namespace muster::log {

enum class Level { debug, info, warning, error };
enum class Format { logfmt, json };

// One field of an event. Values are operators' words and internal ids: never a secret, never
// personal data (people appear as their internal id).
struct Field {
  std::string_view key;
  std::variant<std::string_view, std::int64_t, double, bool> value;
};

// Where and how events are written; stderr, logfmt, info until told otherwise. Call once at start.
void configure(Format format, Level level);

// Writes one line: ts, level, module, event, then the fields. Thread-safe.
void write(Level level, std::string_view module, std::string_view event,
           std::initializer_list<Field> fields = {});
// The same with fields that are put together at run time.
void write_fields(Level level, std::string_view module, std::string_view event,
                  std::span<const Field> fields);

}  // namespace muster::log
