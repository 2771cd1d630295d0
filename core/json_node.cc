// SPDX-License-Identifier: Apache-2.0
#include "core/json_node.h"

#include <simdjson.h>

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/json_refusal.h"
#include "core/text.h"

namespace muster {
namespace {

constexpr int most_depth = 1000;  // simdjson itself descends 1024 levels
constexpr std::size_t few_members = 64;

// What simdjson lets pass and we refuse: depth, the same name twice, integers beyond 64 bits with
// sign, halves of surrogate pairs.
class Inspection {
 public:
  Inspection(const JsonTape& tape, int depth, bool has_unicode_escapes)
      : tape_(tape), depth_(depth), has_unicode_escapes_(has_unicode_escapes) {}

  bool passes(std::uint32_t at) const { return behind(at, 0) != 0; }

 private:
  // The position of what follows the value at `at`; 0: it is refused.
  std::uint32_t behind(std::uint32_t at, int level) const {
    switch (static_cast<char>(tape_.words[at] >> 56)) {
      case '"':
        return has_unicode_escapes_ && !is_text(text_at(at)) ? 0 : at + 1;
      case 't':
      case 'f':
      case 'n':
        return at + 1;
      case 'l':
      case 'd':
        return at + 2;
      case '{':
        return level < depth_ ? behind_members(at, level + 1) : 0;
      case '[':
        return level < depth_ ? behind_items(at, level + 1) : 0;
      default:
        return 0;
    }
  }

  std::uint32_t behind_items(std::uint32_t list, int level) const {
    const auto end = static_cast<std::uint32_t>(tape_.words[list]);
    for (std::uint32_t at = list + 1; at + 1 < end;) {
      at = behind(at, level);
      if (at == 0) return 0;
    }
    return end;
  }

  std::uint32_t behind_members(std::uint32_t object, int level) const {
    const JsonNode node(&tape_, object);
    const bool few = node.size() <= few_members;
    if (!few && has_duplicates(node)) return 0;
    const auto end = static_cast<std::uint32_t>(tape_.words[object]);
    std::array<std::uint64_t, 4> seen{};  // a bit for each name so far
    for (std::uint32_t at = object + 1; at + 1 < end;) {
      const auto name = text_at(at);
      if (few) {
        const auto bit = mark(name);
        auto& word = seen.data()[bit / 64];
        const auto mask = std::uint64_t{1} << bit % 64;
        if ((word & mask) != 0 && stands_before(node, name)) return 0;
        word |= mask;
      }
      if (has_unicode_escapes_ && !is_text(name)) return 0;
      const bool plain_text = tape_.words[at + 1] >> 56 == '"' && !has_unicode_escapes_;
      at = plain_text ? at + 2 : behind(at + 1, level);
      if (at == 0) return 0;
    }
    return end;
  }

  std::string_view text_at(std::uint32_t at) const { return JsonNode(&tape_, at).as_text(); }

  // Whether a member in front of the one that `name` belongs to has the same name.
  static bool stands_before(JsonNode object, std::string_view name) {
    bool known = false;
    object.each_member([&](std::string_view earlier, JsonNode) {
      if (earlier.data() == name.data()) return false;
      known = known || earlier == name;
      return !known;
    });
    return known;
  }

  // Less than 256. The buffer of the texts goes on behind the last one (SIMDJSON_PADDING).
  static unsigned mark(std::string_view name) {
    constexpr std::uint64_t scatter = 0x9E3779B97F4A7C15ULL;
    std::uint64_t head = 0;
    std::memcpy(&head, name.data(), sizeof head);
    if (name.size() < sizeof head) head &= (std::uint64_t{1} << 8 * name.size()) - 1;
    return static_cast<unsigned>((head + name.size()) * scatter >> 56);
  }

  static bool has_duplicates(JsonNode object) {
    std::vector<std::string_view> names;
    names.reserve(object.size());
    object.each_member([&](std::string_view name, JsonNode) {
      names.push_back(name);
      return true;
    });
    std::sort(names.begin(), names.end());
    return std::adjacent_find(names.begin(), names.end()) != names.end();
  }

  // simdjson 3.0 lets an escaped low surrogate pass: it arrives as ED A0..BF, which the text itself
  // cannot hold because it was checked to be UTF-8.
  static bool is_text(std::string_view text) {
    for (auto at = text.find('\xED'); at != text.npos; at = text.find('\xED', at + 1)) {
      if (static_cast<unsigned char>(text[at + 1]) >= 0xA0) return false;
    }
    return true;
  }

  const JsonTape& tape_;
  int depth_;
  bool has_unicode_escapes_;
};

// simdjson looks at a few bytes behind a text, whatever they are, and copies it when it must not.
// What lies on the same page as the end of the text can be read.
bool can_be_read_beyond(std::string_view text) {
  constexpr std::uintptr_t page = 4096;  // no machine has smaller ones
  const auto end = reinterpret_cast<std::uintptr_t>(text.data()) + text.size();
  return text.size() > 0 && (end - 1) / page == (end - 1 + simdjson::SIMDJSON_PADDING) / page;
}

}  // namespace

std::size_t JsonNode::size() const {
  const auto counted = static_cast<std::size_t>(tape_->words[at_] >> 32 & 0xFFFFFF);
  if (counted < 0xFFFFFF) return counted;
  std::size_t count = 0;  // the tape counts no further
  const auto one_more = [&count] { return ++count != 0; };
  if (is_list())
    each_item([&](JsonNode) { return one_more(); });
  else
    each_member([&](std::string_view, JsonNode) { return one_more(); });
  return count;
}

JsonNode JsonNode::find_fold(std::string_view name) const {
  auto found = find(name);
  if (found.tape_ != nullptr) return found;
  each_member([&](std::string_view written, JsonNode value) {
    if (!ascii_equal_fold(written, name)) return true;
    found = value;
    return false;
  });
  return found;
}

bool JsonNode::absent() const {
  if (is_none()) return true;
  if (is_text()) return as_text().empty();
  if (is_list()) return size() == 0;
  if (!is_object()) return false;
  bool empty = true;
  each_member([&](std::string_view, JsonNode value) { return empty = value.absent(); });
  return empty;
}

Value JsonNode::value() const {
  if (is_text()) return Value(as_text());
  if (is_int()) return Value(as_int());
  if (is_double()) return Value(as_double());
  if (is_bool()) return Value(as_bool());
  if (is_object()) {
    Value::Object members;
    members.reserve(size());
    each_member([&](std::string_view name, JsonNode value) {
      members.push_back({std::string(name), value.value()});
      return true;
    });
    return Value(std::move(members));
  }
  if (is_list()) {
    Value::List items;
    items.reserve(size());
    each_item([&](JsonNode item) {
      items.push_back(item.value());
      return true;
    });
    return Value(std::move(items));
  }
  return {};
}

struct JsonReader::State {
  simdjson::dom::parser usual{};
  std::optional<simdjson::dom::parser> large = {};
  JsonTape tape = {};

  simdjson::dom::parser& parser_for(std::size_t bytes) {
    large.reset();
    return bytes <= JsonReader::usual_bytes ? usual : large.emplace();
  }
};

JsonReader::JsonReader() = default;
JsonReader::~JsonReader() = default;
JsonReader::JsonReader(JsonReader&&) noexcept = default;
JsonReader& JsonReader::operator=(JsonReader&&) noexcept = default;

Result<JsonNode> JsonReader::read(std::string_view text, const JsonLimits& limits) {
  if (text.size() > limits.bytes) {
    return fail(Fault::invalid,
                "the JSON text has " + std::to_string(text.size()) + " bytes; at most " +
                    std::to_string(limits.bytes) + " are accepted",
                {}, "E-JSON-SIZE");
  }
  if (text.data() == nullptr) text = "";  // simdjson copies from it, however little
  const int depth = std::min(limits.depth, most_depth);
  if (!state_) state_ = std::make_unique<State>();
  auto& parser = state_->parser_for(text.size());
  const bool copies = !can_be_read_beyond(text);
  if (parser.parse(text.data(), text.size(), copies).error() == simdjson::SUCCESS) {
    state_->tape = {parser.doc.tape.get(),
                    reinterpret_cast<const char*>(parser.doc.string_buf.get())};
    const JsonNode root(&state_->tape, 1);
    const bool has_unicode_escapes = text.find("\\u") != text.npos;
    if (Inspection(state_->tape, depth, has_unicode_escapes).passes(root.position())) return root;
  }
  return fail(explain_json_refusal(text, depth));
}

}  // namespace muster
