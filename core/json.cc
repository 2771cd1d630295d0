// SPDX-License-Identifier: Apache-2.0
#include "core/json.h"

#include <simdjson.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstring>

#include "core/json_refusal.h"

namespace muster {
namespace {

// A parser keeps about fourteen bytes per byte of the longest text it has read: those of threads
// are for usual sizes.
constexpr std::size_t kept_parser_bytes = 256 << 10;
constexpr int most_depth = 1000;  // simdjson itself descends 1024 levels
constexpr std::size_t few_members = 16;

// Turns simdjson's tape into a Value. False: the text must be refused, explain_json_refusal() says
// why.
class Builder {
 public:
  Builder(int depth, bool has_unicode_escapes)
      : depth_(depth), has_unicode_escapes_(has_unicode_escapes) {}

  bool build(simdjson::dom::element element, int level, Value& out) {
    using Type = simdjson::dom::element_type;
    switch (element.type()) {
      case Type::OBJECT:
        return level < depth_ && object(simdjson::dom::object(element), level + 1, out);
      case Type::ARRAY:
        return level < depth_ && list(simdjson::dom::array(element), level + 1, out);
      case Type::STRING: {
        const std::string_view text(element);
        out = Value(text);
        return is_text(text);
      }
      case Type::INT64:
        out = Value(std::int64_t(element));
        return true;
      case Type::UINT64:  // only what int64 cannot hold
        return false;
      case Type::DOUBLE:
        out = Value(double(element));
        return true;
      case Type::BOOL:
        out = Value(bool(element));
        return true;
      case Type::NULL_VALUE:
        return true;
    }
    return false;
  }

 private:
  bool object(simdjson::dom::object members, int level, Value& out) {
    Value::Object built;
    built.reserve(members.size());
    for (const auto member : members) {
      auto& made = built.emplace_back(Value::Member{std::string(member.key), {}});
      if (!is_text(member.key) || !build(member.value, level, made.value)) return false;
    }
    if (has_duplicates(built)) return false;
    out = Value(std::move(built));
    return true;
  }

  bool list(simdjson::dom::array elements, int level, Value& out) {
    Value::List built;
    built.reserve(elements.size());
    for (const auto element : elements) {
      if (!build(element, level, built.emplace_back())) return false;
    }
    out = Value(std::move(built));
    return true;
  }

  static bool has_duplicates(const Value::Object& members) {
    if (members.size() <= few_members) {
      for (auto a = members.begin(); a != members.end(); ++a) {
        const auto same_name = [&](const auto& b) { return a->name == b.name; };
        if (std::any_of(std::next(a), members.end(), same_name)) return true;
      }
      return false;
    }
    std::vector<std::string_view> names;
    names.reserve(members.size());
    for (const auto& member : members) names.push_back(member.name);
    std::sort(names.begin(), names.end());
    return std::adjacent_find(names.begin(), names.end()) != names.end();
  }

  // simdjson 3.0 lets an escaped low surrogate pass: it arrives as ED A0..BF, which the text itself
  // cannot hold because it was checked to be UTF-8.
  bool is_text(std::string_view text) const {
    if (!has_unicode_escapes_) return true;
    for (auto at = text.find('\xED'); at != text.npos; at = text.find('\xED', at + 1)) {
      if (static_cast<unsigned char>(text[at + 1]) >= 0xA0) return false;
    }
    return true;
  }

  int depth_;
  bool has_unicode_escapes_;
};

bool read(simdjson::dom::parser& parser, std::string_view text, int depth, Value& out) {
  simdjson::dom::element root;
  if (parser.parse(text.data(), text.size()).get(root) != simdjson::SUCCESS) return false;
  const bool has_unicode_escapes = text.find("\\u") != text.npos;
  return Builder(depth, has_unicode_escapes).build(root, 0, out);
}

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
  if (text.size() > limits.bytes) {
    return fail(Fault::invalid,
                "the JSON text has " + std::to_string(text.size()) + " bytes; at most " +
                    std::to_string(limits.bytes) + " are accepted",
                {}, "E-JSON-SIZE");
  }
  const int depth = std::min(limits.depth, most_depth);
  Value out;
  bool accepted = false;
  if (text.size() <= kept_parser_bytes) {
    static thread_local simdjson::dom::parser parser;
    accepted = read(parser, text, depth, out);
  } else {
    simdjson::dom::parser parser;
    accepted = read(parser, text, depth, out);
  }
  if (!accepted) return fail(explain_json_refusal(text, depth));
  return out;
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
      constexpr char digits[] = "0123456789abcdef";
      out += "00";
      out += digits[byte >> 4];
      out += digits[byte & 0xF];
    }
  }
  out.append(text, written);
  out += '"';
}

}  // namespace muster
