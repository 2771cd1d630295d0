// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <chrono>
#include <utility>

#include "mappings/language/date.h"
#include "mappings/language/date_digits.h"

namespace muster::mappings {
namespace {

std::int64_t length_of(DateUnit unit) {
  switch (unit) {
    case DateUnit::week:
      return 7 * day_length;
    case DateUnit::day:
      return day_length;
    case DateUnit::hour:
      return 3'600'000;
    case DateUnit::minute:
      return 60'000;
    case DateUnit::second:
      return 1000;
    case DateUnit::year:
    case DateUnit::month:
      break;
  }
  return 0;
}

// Whole months from the earlier to the later.
std::int64_t months_between(std::int64_t earlier, std::int64_t later) {
  const auto a = civil(earlier);
  const auto b = civil(later);
  const auto months = (static_cast<std::int64_t>(b.year) - a.year) * 12 +
                      static_cast<std::int64_t>(b.month) - static_cast<std::int64_t>(a.month);
  return std::pair(b.day, b.of_day) < std::pair(a.day, a.of_day) ? months - 1 : months;
}

}  // namespace

std::optional<Period> parse_period(std::string_view text) {
  if (!text.starts_with('P') || text.size() < 3) return std::nullopt;
  text.remove_prefix(1);
  Period period;
  bool time = false;
  while (!text.empty()) {
    if (text[0] == 'T' && !time) {
      time = true;
      text.remove_prefix(1);
      if (text.empty()) return std::nullopt;
      continue;
    }
    std::int64_t number = 0;
    std::size_t digits = 0;
    while (digits < text.size() && text[digits] >= '0' && text[digits] <= '9') {
      number = number * 10 + (text[digits++] - '0');
    }
    if (digits == 0 || digits > 6 || digits == text.size()) return std::nullopt;
    const char unit = text[digits];
    text.remove_prefix(digits + 1);
    if (!time && unit == 'Y') {
      period.months += number * 12;
    } else if (!time && unit == 'M') {
      period.months += number;
    } else if (!time && unit == 'W') {
      period.milliseconds += number * 7 * day_length;
    } else if (!time && unit == 'D') {
      period.milliseconds += number * day_length;
    } else if (time && unit == 'H') {
      period.milliseconds += number * 3'600'000;
    } else if (time && unit == 'M') {
      period.milliseconds += number * 60'000;
    } else if (time && unit == 'S') {
      period.milliseconds += number * 1000;
    } else {
      return std::nullopt;
    }
  }
  return period;
}

std::optional<std::int64_t> add_period(std::int64_t time, const Period& period, int sign) {
  auto at = civil(time);
  if (period.months != 0) {
    const auto months =
        static_cast<std::int64_t>(at.year) * 12 + at.month - 1 + sign * period.months;
    if (months < 12 || months >= 120'000) return std::nullopt;
    at.year = static_cast<int>(months / 12);
    at.month = static_cast<unsigned>(months % 12) + 1;
    const std::chrono::year_month_day_last last{
        std::chrono::year{at.year}, std::chrono::month_day_last{std::chrono::month{at.month}}};
    if (at.day > static_cast<unsigned>(last.day())) at.day = static_cast<unsigned>(last.day());
  }
  const auto base = from_civil(at);
  if (!base) return std::nullopt;
  const auto moved = *base + sign * period.milliseconds;
  return is_date(moved) ? std::optional(moved) : std::nullopt;
}

std::optional<DateUnit> parse_date_unit(std::string_view text) {
  using Unit = DateUnit;
  constexpr std::array<std::pair<std::string_view, Unit>, 7> units = {{{"year", Unit::year},
                                                                       {"month", Unit::month},
                                                                       {"week", Unit::week},
                                                                       {"day", Unit::day},
                                                                       {"hour", Unit::hour},
                                                                       {"minute", Unit::minute},
                                                                       {"second", Unit::second}}};
  const bool month = text == "M";
  for (const auto& [name, unit] : units) {
    const bool letter = text.size() == 1 &&
                        (month ? unit == Unit::month : unit != Unit::month && text[0] == name[0]);
    const bool word =
        text == name || (text.ends_with('s') && text.substr(0, text.size() - 1) == name);
    if (letter || word) return unit;
  }
  return std::nullopt;
}

std::int64_t between(std::int64_t from, std::int64_t to, DateUnit unit, const Zone& zone) {
  if (unit == DateUnit::hour || unit == DateUnit::minute || unit == DateUnit::second)
    return (to - from) / length_of(unit);
  from = zone.local_from_utc(from);
  to = zone.local_from_utc(to);
  if (length_of(unit) != 0) return (to - from) / length_of(unit);
  const auto months = to < from ? -months_between(to, from) : months_between(from, to);
  return unit == DateUnit::month ? months : months / 12;
}

std::int64_t start_of(std::int64_t time, DateUnit unit, const Zone& zone) {
  const auto local = zone.local_from_utc(time);
  auto at = civil(local);
  if (unit == DateUnit::hour || unit == DateUnit::minute || unit == DateUnit::second)
    return zone.utc_from_local(local - at.of_day % length_of(unit));
  auto begin = local - at.of_day;
  if (unit == DateUnit::month || unit == DateUnit::year) {
    begin -= (static_cast<std::int64_t>(at.day) - 1) * day_length;
    while (unit == DateUnit::year && civil(begin).month != 1) {
      at = civil(begin - day_length);
      begin -= static_cast<std::int64_t>(at.day) * day_length;
    }
  } else if (unit == DateUnit::week) {
    constexpr std::int64_t thursday = 3;  // 1970-01-01, counted from Monday
    const auto day = floor_days(begin) + thursday;
    begin -= ((day % 7 + 7) % 7) * day_length;
  }
  return zone.utc_from_local(begin);
}

}  // namespace muster::mappings
