// SPDX-License-Identifier: Apache-2.0
#include "mappings/language/operators.h"

#include <algorithm>
#include <array>

#include "mappings/language/date.h"
#include "mappings/language/print_scalar.h"

namespace muster::mappings {
namespace {

using Tag = Datum::Tag;

}  // namespace

Datum arithmetic(Context& context, const Datum& a, const Datum& b, bool minus) {
  if (a.is_none() || b.is_none()) return {};
  std::int64_t number = 0;
  const bool overflow = minus ? __builtin_sub_overflow(a.number, b.number, &number)
                              : __builtin_add_overflow(a.number, b.number, &number);
  if (overflow) return context.fail("W-LIMIT", "a number is too large");
  const bool date = a.tag == Tag::date || b.tag == Tag::date;
  if (a.tag != b.tag && date && !is_date(number))
    return context.fail("W-LIMIT", "a date is outside the years 1 to 9999");
  const auto tag = a.tag == Tag::date && b.tag == Tag::date ? Tag::duration
                   : date                                   ? Tag::date
                                                            : a.tag;
  return number_datum(number, tag);
}

Datum append(Context& context, const Datum& a, const Datum& b) {
  if (a.is_none()) return b;
  if (b.is_none()) return a;
  Datum* items = context.list_room(std::size_t{a.size} + b.size);
  if (items == nullptr) return {};
  std::copy_n(a.items_, a.size, items);
  std::copy_n(b.items_, b.size, items + a.size);
  return list_datum(items, std::size_t{a.size} + b.size);
}

Datum make_list(Context& context, const Datum* first, std::size_t count) {
  if (count == 0) return {};
  Datum* items = context.list_room(count);
  if (items == nullptr) return {};
  std::size_t used = 0;
  for (std::size_t i = 0; i < count; ++i) {
    if (!first[i].is_none()) items[used++] = first[i];
  }
  return list_datum(items, used);
}

Datum concat(Context& context, const Datum* parts, std::size_t count, std::uint64_t strict) {
  std::array<char, 64> scratch;
  std::size_t most = 0;
  for (std::size_t i = 0; i < count; ++i) {
    if (parts[i].is_none() && (strict >> i & 1) != 0) return {};
    most += std::max(parts[i].text().size(), parts[i].is_none() ? 0 : std::size_t{32});
  }
  char* memory = context.room(most);
  if (memory == nullptr) return {};
  std::size_t used = 0;
  for (std::size_t i = 0; i < count; ++i) {
    const auto text = print_scalar(parts[i], scratch);
    std::copy(text.begin(), text.end(), memory + used);
    used += text.size();
  }
  context.shrink(most, used);
  return text_datum({memory, used});
}

bool before(const Datum& a, const Datum& b, bool or_equal) {
  if (a.is_none() || b.is_none()) return false;
  if (a.tag == Tag::integer || a.tag == Tag::date || a.tag == Tag::duration) {
    return or_equal ? a.number <= b.number : a.number < b.number;
  }
  const int order = a.text().compare(b.text());
  return or_equal ? order <= 0 : order < 0;
}

bool has(const Datum& list, const Datum& item) {
  if (item.is_none()) return false;
  const auto items = list.items();
  return std::any_of(items.begin(), items.end(),
                     [&item](const Datum& one) { return equal(one, item); });
}

}  // namespace muster::mappings
