// SPDX-License-Identifier: Apache-2.0
#include "mappings/language/reader.h"

#include <unicode/bytestream.h>
#include <unicode/normalizer2.h>

#include <charconv>
#include <optional>

#include "core/text.h"
#include "mappings/language/unicode.h"
#include "mappings/language/value_node.h"

namespace muster::mappings {
namespace {

using Kind = Type::Kind;

Datum nothing(Remark& remark, std::string_view code, std::string_view message,
              std::string_view told = {}) {
  if (remark.code.empty()) remark = {code, message, told, true};
  return {};
}

// NFC (UAX 15); a view of the same text where it already is.
std::string_view composed(Context& context, std::string_view text) {
  if (surely_composed(text)) return text;
  UErrorCode failure = U_ZERO_ERROR;
  const auto* normalizer = icu::Normalizer2::getNFCInstance(failure);
  const icu::StringPiece piece(text.data(), static_cast<std::int32_t>(text.size()));
  if (U_FAILURE(failure) || normalizer->isNormalizedUTF8(piece, failure) != 0) return text;
  // NFC grows UTF-8 to at most three times its length (UAX 15, 12.1).
  const std::size_t most = text.size() * 3;
  char* memory = context.room(std::min(most, longest_text));
  if (memory == nullptr) return {};
  icu::CheckedArrayByteSink sink(memory, static_cast<std::int32_t>(std::min(most, longest_text)));
  normalizer->normalizeUTF8(0, piece, sink, nullptr, failure);
  if (U_FAILURE(failure) || sink.Overflowed() != 0) {
    context.fail("W-LIMIT", "a text is longer than 64 KiB");
    return {};
  }
  const auto used = static_cast<std::size_t>(sink.NumberOfBytesWritten());
  context.shrink(std::min(most, longest_text), used);
  return {memory, used};
}

// The written form of a scalar; for numbers and booleans made in the arena.
template <class Node>
std::string_view scalar_text(Context& context, const Node& value, bool& scalar) {
  scalar = true;
  if (value.is_text()) return value.as_text();
  if (value.is_bool()) return value.as_bool() ? "true" : "false";
  if (value.is_int() || value.is_double()) {
    constexpr std::size_t width = 32;
    char* memory = context.room(width);
    if (memory == nullptr) return {};
    const auto end = value.is_int() ? std::to_chars(memory, memory + width, value.as_int()).ptr
                                    : std::to_chars(memory, memory + width, value.as_double()).ptr;
    return {memory, static_cast<std::size_t>(end - memory)};
  }
  scalar = false;
  return {};
}

// How databases write that there is no date.
bool is_zero_date(std::string_view text) {
  return text.starts_with("0000-00-00") &&
         text.find_first_not_of("0-:. TZ") == std::string_view::npos;
}

Datum read_date_value(Context& context, std::string_view text, const Field& field, Remark& remark) {
  const auto& pattern = field.date_pattern;
  const auto format = pattern.empty() ? std::nullopt : parse_date_format(pattern);
  const auto time = format ? read_date(trim_blanks(text), *format, Zone()) : read_date(text);
  if (time) return number_datum(*time, Datum::Tag::date);
  if (is_zero_date(trim_blanks(text))) {
    if (remark.code.empty()) remark = {"W-DATE", "this counts as no date at all", text};
    return {};
  }
  if (pattern.empty())
    return context.fail("W-DATE", "this is no date (2026-11-22, RFC 3339 or LDAP GeneralizedTime)");
  return context.fail_with("W-DATE", "this is no date of the declared form " + pattern);
}

Datum typed_text(Context& context, std::string_view text, const Field& field, Kind kind,
                 Remark& remark) {
  if (text.size() > longest_text) return nothing(remark, "W-LIMIT", "a text is longer than 64 KiB");
  if (text.empty() || (!field.keep_empty && !solid_ends(text) && is_blank(text))) return {};
  context.restart();
  Datum datum;
  switch (kind) {
    case Kind::text:
      datum = text_datum(composed(context, text));
      break;
    case Kind::ref:
      datum = text_datum(composed(context, text), Datum::Tag::ref);
      break;
    case Kind::email:
      datum = to_email(context, text);
      break;
    case Kind::domain:
      datum = to_domain(context, text);
      break;
    case Kind::dn:
      datum = to_dn(context, text);
      break;
    case Kind::integer:
      datum = to_integer(context, text);
      break;
    case Kind::boolean:
      datum = to_boolean(context, text);
      break;
    case Kind::date:
      datum = read_date_value(context, text, field, remark);
      break;
    case Kind::duration:
    case Kind::nothing:
    case Kind::list:
    case Kind::complex:
      return nothing(remark, "W-TYPE", "a value is not of the declared type", text);
  }
  if (context.failed()) {
    nothing(remark, context.code(), context.message(), text);
    context.restart();
    return {};
  }
  return datum;
}

Datum complex_datum(const ValueNode& node) {
  Datum datum;
  datum.object = &node.value();
  datum.tag = Datum::Tag::complex;
  return datum;
}

Datum complex_datum(const JsonNode& node) {
  Datum datum;
  datum.tape_ = node.tape();
  datum.size = node.position();
  datum.in_json = true;
  datum.tag = Datum::Tag::complex;
  return datum;
}

template <class Node>
Datum read_single(Context& context, const Node& value, const Type& type, const Field& field,
                  Remark& remark) {
  if (type.kind == Kind::complex) {
    if (!value.is_object())
      return nothing(remark, "W-TYPE", "an object is declared, the source gave a single value");
    return value.absent() ? Datum() : complex_datum(value);
  }
  if (value.is_text()) {
    const std::string_view text = value.as_text();
    if (type.kind == Kind::text && is_plain_text(text)) return text_datum(text);
    return typed_text(context, text, field, type.kind, remark);
  }
  if (value.is_bool() && type.kind == Kind::boolean) return truth_datum(value.as_bool());
  if (value.is_int() && type.kind == Kind::integer) return number_datum(value.as_int());
  bool scalar = false;
  const auto text = scalar_text(context, value, scalar);
  if (!scalar)
    return nothing(remark, "W-TYPE", "a single value is declared, the source gave an object");
  return typed_text(context, text, field, type.kind, remark);
}

// Directories have no order: whoever wrote the record has put the value in front that speaks, the
// one that stood before while it is there.
template <class Node>
Datum read_first(Context& context, const Node& list, const Field& field, Remark& remark) {
  std::optional<Node> best;
  std::size_t present = 0;
  list.each_item([&](const Node& item) {
    if (item.absent()) return true;
    ++present;
    if (!best) best = item;
    return present < 2;
  });
  if (!best) return {};
  const auto datum = read_single(context, *best, field.type, field, remark);
  if (present > 1 && !remark.lost) {
    remark = {"W-MULTI",
              "several values where one is read; the one that stood before is kept while it is "
              "there, else that of the entry's name, else the first",
              datum.tag == Datum::Tag::text ? datum.text() : std::string_view(), false};
  }
  return datum;
}

template <class Node>
Datum read_list(Context& context, const Node& value, const Field& field, Remark& remark) {
  const auto& element = *field.type.element;
  const bool many = value.is_list();
  const std::size_t size = many ? value.size() : 1;
  if (size > longest_list)
    return nothing(remark, "W-LIMIT", "a list has more than 100,000 elements");
  context.restart();
  Datum* items = context.list_room(size);
  if (items == nullptr) {
    context.restart();
    return nothing(remark, "W-LIMIT", "this record needs more than 1 MiB of working memory");
  }
  std::size_t used = 0;
  const auto take = [&](const Node& item) {
    if (item.absent()) return true;
    if (element.kind == Kind::complex && item.is_object()) {
      items[used++] = complex_datum(item);
      return true;
    }
    const auto datum = read_single(context, item, element, field, remark);
    if (!datum.is_none()) items[used++] = datum;
    return true;
  };
  if (many)
    value.each_item(take);
  else
    take(value);
  // What is left of the list counts.
  remark.lost = false;
  return list_datum(items, used);
}

template <class Node>
Datum read_node(Context& context, const Node& value, const Field& field, Remark& remark) {
  if (value.is_none()) return {};
  if (field.type.kind == Kind::list) return read_list(context, value, field, remark);
  if (value.is_list()) return read_first(context, value, field, remark);
  return read_single(context, value, field.type, field, remark);
}

}  // namespace

Datum read_value(Context& context, const Value* value, const Field& field, Remark& remark) {
  return value == nullptr ? Datum() : read_node(context, ValueNode(*value), field, remark);
}

Datum read_value(Context& context, JsonNode value, const Field& field, Remark& remark) {
  return read_node(context, value, field, remark);
}

const Value* member_of(const Value& object, const Field& field, bool fold) {
  const auto& name = spelled(field);
  if (const auto* found = object.find(name)) return found;
  return fold ? object.find_fold(name) : nullptr;
}

}  // namespace muster::mappings
