// SPDX-License-Identifier: Apache-2.0
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

Datum bit(Context&, Arguments a) { return truth_datum((a[0].number & a[1].number) != 0); }
Datum bits_and(Context&, Arguments a) { return number_datum(a[0].number & a[1].number); }

constexpr Function functions[] = {
    {"int(x: text|int|bool) -> int", integer},
    {"text(x: text|int|bool|date|duration|dn) -> text", text},
    {"bit(x: int, mask: int) -> bool", bit},
    {"bits_and(x: int, mask: int) -> int", bits_and},
};

}  // namespace

std::span<const Function> number_functions() { return functions; }

}  // namespace muster::mappings
