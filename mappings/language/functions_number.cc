// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "core/text.h"
#include "mappings/language/function.h"
#include "mappings/language/print_scalar.h"

namespace muster::mappings {
namespace {

using Arguments = std::span<const Datum>;

Datum integer(Context& context, Arguments a) {
  if (a[0].tag == Datum::Tag::boolean || a[0].tag == Datum::Tag::integer)
    return number_datum(a[0].number);
  return to_integer(context, a[0].text());
}

Datum text(Context& context, Arguments a) {
  if (a[0].tag == Datum::Tag::text) return a[0];
  std::array<char, 64> scratch;
  return context.copy(print_scalar(a[0], scratch));
}

// The nearest whole number of a decimal text ("2.5", "-0.4"); halves go away from zero.
Datum round(Context& context, Arguments a) {
  if (a[0].tag == Datum::Tag::integer) return a[0];
  const auto text = trim_blanks(a[0].text());
  const auto point = std::min(text.find('.'), text.size());
  const auto fraction = text.substr(std::min(point + 1, text.size()));
  const auto digit = [](char c) { return c >= '0' && c <= '9'; };
  const bool good = point > 0 && digit(text[point - 1]) &&
                    std::all_of(fraction.begin(), fraction.end(), digit) &&
                    (point == text.size() || !fraction.empty());
  const auto whole = good ? to_integer(context, text.substr(0, point)) : Datum();
  if (!good || whole.is_none()) return context.fail("W-INT", "the text is no number");
  const bool up = !fraction.empty() && fraction[0] >= '5';
  std::int64_t number = whole.number;
  if (up && __builtin_add_overflow(number, text.starts_with('-') ? -1 : 1, &number))
    return context.fail("W-INT", "the number does not fit 64 bits");
  return number_datum(number);
}

Datum bit(Context&, Arguments a) { return truth_datum((a[0].number & a[1].number) != 0); }
Datum bits_and(Context&, Arguments a) { return number_datum(a[0].number & a[1].number); }

constexpr Function functions[] = {
    {"int(x: text|int|bool) -> int", integer},
    {"text(x: text|int|bool|date|duration|dn) -> text", text},
    {"round(x: text|int) -> int", round},
    {"bit(x: int, mask: int) -> bool", bit},
    {"bits_and(x: int, mask: int) -> int", bits_and},
};

}  // namespace

std::span<const Function> number_functions() { return functions; }

}  // namespace muster::mappings
