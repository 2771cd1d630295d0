// SPDX-License-Identifier: Apache-2.0
#include "core/json.h"

#include <array>
#include <charconv>
#include <cmath>

#include "core/encoding.h"
#include "core/json_node.h"

namespace muster {
namespace {

// What stands behind the backslash of each byte; 'u' for those without a letter, 0 for those
// written as they are.
constexpr auto escapes = [] {
  std::array<char, 256> table{};
  for (std::size_t c = 0; c < 0x20; ++c) table[c] = 'u';
  table['\b'] = 'b';
  table['\f'] = 'f';
  table['\n'] = 'n';
  table['\r'] = 'r';
  table['\t'] = 't';
  table['"'] = '"';
  table['\\'] = '\\';
  return table;
}();

void append_double(std::string& out, double value) {
  if (!std::isfinite(value)) {  // JSON has no word for it
    out += "null";
    return;
  }
  char text[32];
  const auto end = std::to_chars(text, text + sizeof text, value).ptr;
  const std::string_view written(text, static_cast<std::size_t>(end - text));
  out += written;
  // A decimal stays a decimal when it is read again.
  if (written.find_first_of(".e") == written.npos) out += ".0";
}

}  // namespace

Result<Value> parse_json(std::string_view text, const JsonLimits& limits) {
  static thread_local JsonReader kept;
  JsonReader own;
  JsonReader& reader = text.size() <= JsonReader::usual_bytes ? kept : own;
  MUSTER_TRY(const JsonNode root, reader.read(text, limits));
  return root.value();
}

std::string write_json(const Value& value) {
  std::string out;
  append_json(out, value);
  return out;
}

void append_json(std::string& out, const Value& value) {
  if (value.is_text()) {
    append_json_text(out, value.as_text());
  } else if (value.is_object()) {
    char before = '{';
    for (const auto& member : value.as_object()) {
      out += before;
      append_json_text(out, member.name);
      out += ':';
      append_json(out, member.value);
      before = ',';
    }
    out += before == '{' ? "{}" : "}";
  } else if (value.is_list()) {
    char before = '[';
    for (const auto& item : value.as_list()) {
      out += before;
      append_json(out, item);
      before = ',';
    }
    out += before == '[' ? "[]" : "]";
  } else if (value.is_bool()) {
    out += value.as_bool() ? "true" : "false";
  } else if (value.is_int()) {
    char text[24];
    const auto end = std::to_chars(text, text + sizeof text, value.as_int()).ptr;
    out.append(text, end);
  } else if (value.is_double()) {
    append_double(out, value.as_double());
  } else {
    out += "null";
  }
}

void append_json_text(std::string& out, std::string_view text) {
  out += '"';
  std::size_t written = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    const char escape = escapes[byte];
    if (escape == 0) continue;
    out.append(text, written, i - written);
    written = i + 1;
    out += '\\';
    out += escape;
    if (escape == 'u') {
      out += "00";
      out += hex_of(text.substr(i, 1));
    }
  }
  out.append(text, written);
  out += '"';
}

}  // namespace muster
