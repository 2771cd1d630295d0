// SPDX-License-Identifier: Apache-2.0
#include "mappings/language/code.h"
#include "mappings/language/function.h"
#include "mappings/language/natives.h"

namespace muster::mappings {
namespace natives {

Datum move_date(Context& context, std::span<const Datum> a) {
  const auto moved = add_period(a[0].number, {a[1].number, a[2].number}, 1);
  if (!moved) return context.fail("W-LIMIT", "a date is outside the years 1 to 9999");
  return number_datum(*moved, Datum::Tag::date);
}

}  // namespace natives
namespace {

using Arguments = std::span<const Datum>;

constexpr std::int64_t filetime_epoch = 11'644'473'600'000;  // 1601 to 1970 in milliseconds
constexpr std::int64_t filetime_per_millisecond = 10'000;

Datum date_datum(Context& context, std::int64_t time) {
  if (!is_date(time)) return context.fail("W-DATE", "a date is outside the years 1 to 9999");
  return number_datum(time, Datum::Tag::date);
}

Datum date(Context& context, Arguments a) {
  const auto& site = context.site();
  const auto time = site.format.parts.empty() ? read_date(a[0].text())
                                              : read_date(a[0].text(), site.format, site.zone);
  if (!time) return context.fail("W-DATE", "the text does not follow the date pattern");
  return number_datum(*time, Datum::Tag::date);
}

Datum format_date(Context& context, Arguments a) {
  return context.copy(write_date(a[0].number, context.site().format, context.site().zone));
}

// 100 nanoseconds since 1601. 0 and the largest number mean "never" in Active Directory.
Datum filetime(Context& context, Arguments a) {
  const auto value = a[0].tag == Datum::Tag::text ? to_integer(context, a[0].text()) : a[0];
  if (value.is_none() || value.number <= 0 || value.number == INT64_MAX) return {};
  return date_datum(context, value.number / filetime_per_millisecond - filetime_epoch);
}

Datum to_filetime(Context& context, Arguments a) {
  if (a[0].number < -filetime_epoch)
    return context.fail("W-DATE", "a date before 1601 has no file time");
  return number_datum((a[0].number + filetime_epoch) * filetime_per_millisecond);
}

Datum unix(Context& context, Arguments a) {
  const auto value = a[0].tag == Datum::Tag::text ? to_integer(context, a[0].text()) : a[0];
  if (value.is_none()) return {};
  if (value.number > latest_date / 1000 || value.number < earliest_date / 1000) {
    return context.fail("W-DATE", "a date is outside the years 1 to 9999");
  }
  return date_datum(context, value.number * 1000);
}

Datum diff(Context& context, Arguments a) {
  const auto& site = context.site();
  return number_datum(between(a[0].number, a[1].number, site.unit, site.zone));
}

Datum start(Context& context, Arguments a) {
  const auto& site = context.site();
  return date_datum(context, start_of(a[0].number, site.unit, site.zone));
}

Datum duration(Context& context, Arguments a) {
  std::int64_t sum = 0;
  for (const auto& part : a) {
    if (__builtin_add_overflow(sum, part.number, &sum))
      return context.fail("W-LIMIT", "a number is too large");
  }
  return number_datum(sum, Datum::Tag::duration);
}

std::int64_t seconds_of(std::int64_t time) { return time / 1000 - (time % 1000 < 0 ? 1 : 0); }

Datum to_unix(Context&, Arguments a) { return number_datum(seconds_of(a[0].number)); }

constexpr Function functions[] = {
    {"date(x: text, pattern: DATE_FORMAT = '', zone: ZONE = 'UTC') -> date", date},
    {"format_date(x: date, pattern: FORMAT, zone: ZONE = 'UTC') -> text", format_date},
    {"diff(from: date, to: date, unit: UNIT, zone: ZONE = 'UTC') -> int", diff},
    {"start_of(x: date, unit: UNIT, zone: ZONE = 'UTC') -> date", start},
    {"duration(...parts: duration) -> duration", duration},
    {"filetime(x: int|text) -> date?", filetime},
    {"to_filetime(x: date) -> int", to_filetime},
    {"unix(x: int|text) -> date", unix},
    {"to_unix(x: date) -> int", to_unix},
};

}  // namespace

std::span<const Function> date_functions() { return functions; }

}  // namespace muster::mappings
