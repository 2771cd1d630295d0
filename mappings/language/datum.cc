// SPDX-License-Identifier: Apache-2.0
#include "mappings/language/datum.h"

#include <algorithm>
#include <charconv>
#include <cstdio>

#include "mappings/language/date.h"
#include "mappings/language/print_scalar.h"

namespace muster::mappings {
namespace {

using Tag = Datum::Tag;

std::string_view print_date(std::int64_t time, std::array<char, 64>& scratch) {
  const auto at = civil(time);
  int size =
      std::snprintf(scratch.data(), scratch.size(), "%04d-%02u-%02u", at.year, at.month, at.day);
  if (at.of_day != 0) {
    const auto put = [&](const char* format, auto... numbers) {
      size += std::snprintf(scratch.data() + size, scratch.size() - static_cast<std::size_t>(size),
                            format, numbers...);
    };
    put("T%02d:%02d:%02d", static_cast<int>(at.of_day / 3'600'000),
        static_cast<int>(at.of_day / 60'000 % 60), static_cast<int>(at.of_day / 1000 % 60));
    if (at.of_day % 1000 != 0) put(".%03d", static_cast<int>(at.of_day % 1000));
    put("Z");
  }
  return {scratch.data(), static_cast<std::size_t>(size)};
}

std::string_view print_number(std::int64_t number, std::array<char, 64>& scratch) {
  const auto end = std::to_chars(scratch.data(), scratch.data() + scratch.size(), number).ptr;
  return {scratch.data(), static_cast<std::size_t>(end - scratch.data())};
}

// ISO 8601 in seconds: PT90S.
std::string_view print_duration(std::int64_t milliseconds, std::array<char, 64>& scratch) {
  const int size = std::snprintf(scratch.data(), scratch.size(), "PT%lldS",
                                 static_cast<long long>(milliseconds / 1000));
  return {scratch.data(), static_cast<std::size_t>(size)};
}

bool holds(std::span<const Datum> items, const Datum& one) {
  return std::any_of(items.begin(), items.end(),
                     [&one](const Datum& item) { return equal(item, one); });
}

// Every element of `a` is in `b`; long lists by sorting, so that equality stays n log n.
bool covered(std::span<const Datum> a, std::span<const Datum> b) {
  constexpr std::size_t small = 32;
  const bool texts =
      std::all_of(a.begin(), a.end(), [](const Datum& d) { return d.tag == Tag::text; }) &&
      std::all_of(b.begin(), b.end(), [](const Datum& d) { return d.tag == Tag::text; });
  if (!texts || a.size() < small) {
    return std::all_of(a.begin(), a.end(), [&](const Datum& one) { return holds(b, one); });
  }
  std::vector<std::string_view> sorted;
  sorted.reserve(b.size());
  for (const auto& item : b) sorted.push_back(item.text());
  std::sort(sorted.begin(), sorted.end());
  return std::all_of(a.begin(), a.end(), [&](const Datum& one) {
    return std::binary_search(sorted.begin(), sorted.end(), one.text());
  });
}

}  // namespace

std::string_view print_scalar(const Datum& datum, std::array<char, 64>& scratch) {
  switch (datum.tag) {
    case Tag::text:
    case Tag::email:
    case Tag::domain:
    case Tag::ref:
    case Tag::dn:
      return datum.text();
    case Tag::integer:
      return print_number(datum.number, scratch);
    case Tag::boolean:
      return datum.number != 0 ? "true" : "false";
    case Tag::date:
      return print_date(datum.number, scratch);
    case Tag::duration:
      return print_duration(datum.number, scratch);
    case Tag::none:
    case Tag::list:
    case Tag::complex:
    case Tag::clear:
    case Tag::keep:
      return {};
  }
  return {};
}

Value to_value(const Datum& datum) {
  std::array<char, 64> scratch;
  switch (datum.tag) {
    case Tag::boolean:
      return Value(datum.number != 0);
    case Tag::integer:
      return Value(datum.number);
    case Tag::text:
    case Tag::email:
    case Tag::domain:
    case Tag::ref:
    case Tag::dn:
    case Tag::date:
    case Tag::duration:
      return Value(print_scalar(datum, scratch));
    case Tag::list: {
      Value::List list;
      list.reserve(datum.size);
      for (const auto& item : datum.items()) list.push_back(to_value(item));
      return Value(std::move(list));
    }
    case Tag::complex:
      return datum.in_json ? datum.node().value() : *datum.object;
    case Tag::none:
    case Tag::clear:
    case Tag::keep:
      return {};
  }
  return {};
}

bool is_value(const Datum& datum, const Value& value) {
  std::array<char, 64> scratch;
  switch (datum.tag) {
    case Tag::boolean:
      return value.is_bool() && value.as_bool() == (datum.number != 0);
    case Tag::integer:
      return value.is_int() && value.as_int() == datum.number;
    case Tag::text:
    case Tag::email:
    case Tag::domain:
    case Tag::ref:
    case Tag::dn:
    case Tag::date:
    case Tag::duration:
      return value.is_text() && value.as_text() == print_scalar(datum, scratch);
    case Tag::list: {
      if (!value.is_list()) return false;
      const auto items = datum.items();
      const auto& list = value.as_list();
      return std::equal(items.begin(), items.end(), list.begin(), list.end(), is_value);
    }
    case Tag::complex:
      return to_value(datum) == value;
    case Tag::none:
    case Tag::clear:
    case Tag::keep:
      return value.is_none();
  }
  return false;
}

bool equal(const Datum& a, const Datum& b) {
  if (a.is_none() || b.is_none()) return false;
  if (a.tag == Tag::dn && b.tag == Tag::dn) return a.dn_key() == b.dn_key();
  if (a.tag == Tag::list && b.tag == Tag::list) {
    return covered(a.items(), b.items()) && covered(b.items(), a.items());
  }
  const auto text_like = [](Tag tag) {
    return tag == Tag::text || tag == Tag::email || tag == Tag::domain || tag == Tag::ref ||
           tag == Tag::dn;
  };
  if (text_like(a.tag) && text_like(b.tag)) return a.text() == b.text();
  if (a.tag != b.tag) return false;
  if (a.tag != Tag::complex) return a.number == b.number;
  return a.in_json || b.in_json ? to_value(a) == to_value(b) : *a.object == *b.object;
}

}  // namespace muster::mappings
