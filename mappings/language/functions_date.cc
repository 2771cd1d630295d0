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
constexpr std::int64_t latest = 253'402'300'799'999;  // end of the year 9999

Datum date_datum(Context& context, std::int64_t time) {
  if (time < -62'135'596'800'000 || time > latest) {
    return context.fail("W-DATE", "a date is outside the years 1 to 9999");
  }
  return number_datum(time, Datum::Tag::date);
}

Datum date(Context& context, Arguments a) {
  const auto time = read_date(a[0].text(), context.site().format, context.site().zone);
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

Datum to_filetime(Context&, Arguments a) {
  return number_datum((a[0].number + filetime_epoch) * filetime_per_millisecond);
}

Datum unix(Context& context, Arguments a) {
  const auto value = a[0].tag == Datum::Tag::text ? to_integer(context, a[0].text()) : a[0];
  if (value.is_none()) return {};
  if (value.number > latest / 1000 || value.number < -latest / 1000) {
    return context.fail("W-DATE", "a date is outside the years 1 to 9999");
  }
  return date_datum(context, value.number * 1000);
}

std::int64_t seconds_of(std::int64_t time) { return time / 1000 - (time % 1000 < 0 ? 1 : 0); }

Datum to_unix(Context&, Arguments a) { return number_datum(seconds_of(a[0].number)); }

constexpr Function functions[] = {
    {"date(x: text, pattern: FORMAT, zone: ZONE = 'UTC') -> date", date},
    {"format_date(x: date, pattern: FORMAT, zone: ZONE = 'UTC') -> text", format_date},
    {"filetime(x: int|text) -> date?", filetime},
    {"to_filetime(x: date) -> int", to_filetime},
    {"unix(x: int|text) -> date", unix},
    {"to_unix(x: date) -> int", to_unix},
};

}  // namespace

std::span<const Function> date_functions() { return functions; }

}  // namespace muster::mappings
