// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <string_view>
#include <unordered_set>

#include "mappings/language/code.h"
#include "mappings/language/function.h"
#include "mappings/language/natives.h"
#include "mappings/language/preference.h"

namespace muster::mappings {
namespace {

constexpr std::string_view kept_one =
    "several values where one is read; the one that stood before was kept";
constexpr std::string_view first_one =
    "several values where one is read; none of them stood before, so the first was taken";

// One of several values of an attribute: see Preference. Told, because adding a value to the
// attribute may change what is read.
Datum one_of(Context& context, std::span<const Datum> items) {
  Preference* preference = context.preference();
  std::size_t at = 0;
  if (items.size() > 1) {
    const auto stood =
        preference == nullptr ? Preference::npos : preference->find(context.line(), items);
    const bool kept = stood != Preference::npos;
    if (kept) at = stood;
    context.fail("W-MULTI", kept ? kept_one : first_one);
    context.note();
  }
  if (preference != nullptr) preference->note(context.line(), items[at]);
  return items[at];
}

}  // namespace

namespace natives {

Datum primary(Context& context, std::span<const Datum> a) {
  if (a[1].size > 1) {
    context.fail("W-PRIMARY", "several elements are marked as primary; the first one counts");
    context.note();
  }
  if (!a[1].is_none()) return a[1].items().front();
  return one_of(context, (!a[2].is_none() ? a[2] : a[0]).items());
}

}  // namespace natives
namespace {

using Arguments = std::span<const Datum>;

Datum present(Context&, Arguments a) { return truth_datum(!a[0].is_none()); }
Datum absent(Context&, Arguments a) { return truth_datum(a[0].is_none()); }

Datum required(Context& context, Arguments a) {
  if (!a[0].is_none()) return a[0];
  return context.fail_with("W-REQUIRED", context.site().text);
}

Datum first(Context& context, Arguments a) {
  const auto items = a[0].items();
  return context.site().one_of_several ? one_of(context, items) : items.front();
}
Datum last(Context&, Arguments a) { return a[0].items().back(); }

// A negative position counts from the end.
Datum at(Context&, Arguments a) {
  const auto items = a[0].items();
  const auto size = static_cast<std::int64_t>(items.size());
  const auto n = a[1].number < 0 ? size + a[1].number : a[1].number;
  return n < 0 || n >= size ? Datum() : items[static_cast<std::size_t>(n)];
}

Datum count(Context&, Arguments a) {
  return number_datum(static_cast<std::int64_t>(a[0].items().size()));
}

std::string_view key_of(const Datum& item) {
  return item.tag == Datum::Tag::dn ? item.dn_key() : item.text();
}

// Keeps the first of equal elements.
Datum unique(Context& context, Arguments a) {
  constexpr std::size_t small = 32;
  const auto items = a[0].items();
  Datum* kept = context.list_room(items.size());
  if (kept == nullptr) return {};
  std::size_t used = 0;
  const bool texts =
      std::all_of(items.begin(), items.end(), [](const Datum& d) { return !key_of(d).empty(); });
  if (texts && items.size() > small) {
    std::unordered_set<std::string_view> seen;
    for (const auto& item : items) {
      if (seen.insert(key_of(item)).second) kept[used++] = item;
    }
    return list_datum(kept, used);
  }
  for (const auto& item : items) {
    const bool known =
        std::any_of(kept, kept + used, [&item](const Datum& one) { return equal(one, item); });
    if (!known) kept[used++] = item;
  }
  return list_datum(kept, used);
}

bool counted(const Datum& item) {
  return item.tag != Datum::Tag::complex && item.tag != Datum::Tag::list;
}

// Lists and complex values have no order: they stay as they come.
Datum sort(Context& context, Arguments a) {
  const auto items = a[0].items();
  Datum* sorted = context.list_room(items.size());
  if (sorted == nullptr) return {};
  std::copy(items.begin(), items.end(), sorted);
  std::stable_sort(sorted, sorted + items.size(), [](const Datum& x, const Datum& y) {
    if (x.text().empty() && y.text().empty()) return counted(x) && x.number < y.number;
    return x.text() < y.text();
  });
  return list_datum(sorted, items.size());
}

// The elements of a list of lists; single elements stay where they are.
Datum flatten(Context& context, Arguments a) {
  std::size_t size = 0;
  for (const auto& item : a[0].items()) size += item.tag == Datum::Tag::list ? item.size : 1;
  Datum* flat = context.list_room(size);
  if (flat == nullptr) return {};
  std::size_t used = 0;
  for (const auto& item : a[0].items()) {
    if (item.tag != Datum::Tag::list) flat[used++] = item;
    for (const auto& inner : item.items()) flat[used++] = inner;
  }
  return list_datum(flat, used);
}

Datum without(Context& context, Arguments a) {
  const auto items = a[0].items();
  Datum* kept = context.list_room(items.size());
  if (kept == nullptr) return {};
  std::size_t used = 0;
  for (const auto& item : items) {
    const auto rest = a.subspan(1);
    if (std::none_of(rest.begin(), rest.end(),
                     [&item](const Datum& one) { return equal(one, item); }))
      kept[used++] = item;
  }
  return list_datum(kept, used);
}

constexpr Function functions[] = {
    {"present(x: any?) -> bool", present},
    {"absent(x: any?) -> bool", absent},
    {"required(x: T?, message: LITERAL) -> T", required},
    {"first(list: list<T>) -> T", first},
    {"last(list: list<T>) -> T", last},
    {"at(list: list<T>, n: int) -> T?", at},
    {"count(list: list<T>?) -> int", count},
    {"unique(list: list<T>) -> list<T>", unique},
    {"sort(list: list<T>) -> list<T>", sort},
    {"flatten(list: list<list<T>>) -> list<T>", flatten},
    {"without(list: list<T>, ...items: T?) -> list<T>?", without},
};

}  // namespace

std::span<const Function> list_functions() { return functions; }

}  // namespace muster::mappings
