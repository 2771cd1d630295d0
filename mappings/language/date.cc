// SPDX-License-Identifier: Apache-2.0
#include "mappings/language/date.h"

#include <unicode/timezone.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <utility>

#include "core/text.h"

namespace muster::mappings {
namespace {

constexpr std::int64_t day_length = 86'400'000;

std::int64_t floor_days(std::int64_t time) {
  return time / day_length - (time % day_length < 0 ? 1 : 0);
}

// Takes exactly `digits` digits.
bool take(std::string_view& text, int digits, std::int64_t& number) {
  if (text.size() < static_cast<std::size_t>(digits)) return false;
  number = 0;
  for (int i = 0; i < digits; ++i) {
    const char c = text[static_cast<std::size_t>(i)];
    if (c < '0' || c > '9') return false;
    number = number * 10 + (c - '0');
  }
  text.remove_prefix(static_cast<std::size_t>(digits));
  return true;
}

// "Z", "+02:00", "+0200", "+02": milliseconds east of UTC.
bool take_offset(std::string_view& text, std::int64_t& offset) {
  if (text.starts_with('Z')) {
    text.remove_prefix(1);
    offset = 0;
    return true;
  }
  if (!text.starts_with('+') && !text.starts_with('-')) return false;
  const int sign = text[0] == '-' ? -1 : 1;
  text.remove_prefix(1);
  std::int64_t hours = 0;
  std::int64_t minutes = 0;
  if (!take(text, 2, hours)) return false;
  const bool colon = text.starts_with(':');
  if (colon) text.remove_prefix(1);
  if (!take(text, 2, minutes) && colon) return false;
  if (hours > 18 || minutes > 59) return false;
  offset = sign * (hours * 60 + minutes) * 60'000;
  return true;
}

std::optional<DateFormat::Part> letters(char letter, std::size_t count) {
  using Kind = DateFormat::Part::Kind;
  if (letter == 'y' && count == 4) return DateFormat::Part{Kind::year, {}};
  if (letter == 'M' && count == 2) return DateFormat::Part{Kind::month, {}};
  if (letter == 'd' && count == 2) return DateFormat::Part{Kind::day, {}};
  if (letter == 'H' && count == 2) return DateFormat::Part{Kind::hour, {}};
  if (letter == 'm' && count == 2) return DateFormat::Part{Kind::minute, {}};
  if (letter == 's' && count == 2) return DateFormat::Part{Kind::second, {}};
  if (letter == 'S' && count == 3) return DateFormat::Part{Kind::millisecond, {}};
  if (letter == 'X' && count == 3) return DateFormat::Part{Kind::offset, {}};
  return std::nullopt;
}

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

// ".5" or ",5" of a unit of that many milliseconds; nothing at all is 0.
bool take_fraction(std::string_view& text, std::int64_t unit, std::int64_t& fraction) {
  if (!text.starts_with('.') && !text.starts_with(',')) return true;
  text.remove_prefix(1);
  std::int64_t scale = 1;
  std::size_t digits = 0;
  for (; digits < text.size() && text[digits] >= '0' && text[digits] <= '9'; ++digits) {
    if (digits >= 9) continue;  // finer than anything that is kept
    fraction = fraction * 10 + (text[digits] - '0');
    scale *= 10;
  }
  text.remove_prefix(digits);
  fraction = fraction * unit / scale;
  return digits > 0;
}

// LDAP GeneralizedTime: yyyyMMddHH[mm[ss]], a fraction of the last of them, and a mandatory zone.
std::optional<std::int64_t> read_generalized(std::string_view text) {
  std::int64_t year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0, offset = 0;
  if (!take(text, 4, year) || !take(text, 2, month) || !take(text, 2, day) ||
      !take(text, 2, hour)) {
    return std::nullopt;
  }
  std::int64_t last_unit = 3'600'000;
  if (take(text, 2, minute)) last_unit = take(text, 2, second) ? 1000 : 60'000;
  std::int64_t fraction = 0;
  if (!take_fraction(text, last_unit, fraction)) return std::nullopt;
  if (!take_offset(text, offset) || !text.empty() || hour > 23 || minute > 59 || second > 60) {
    return std::nullopt;
  }
  const auto local =
      from_civil({static_cast<int>(year), static_cast<unsigned>(month), static_cast<unsigned>(day),
                  ((hour * 60 + minute) * 60 + second) * 1000 + fraction});
  if (!local || !is_date(*local - offset)) return std::nullopt;
  return *local - offset;
}

}  // namespace

struct Zone::Rules {
  std::unique_ptr<const icu::TimeZone> zone;
};

std::optional<Zone> Zone::named(std::string_view name) {
  Zone zone;
  if (name == "UTC" || name == "Z") return zone;
  std::string id(name);
  if (name.starts_with('+') || name.starts_with('-')) {
    auto rest = name;
    std::int64_t offset = 0;
    if (!take_offset(rest, offset) || !rest.empty()) return std::nullopt;
    id = "GMT" + id;
  }
  std::unique_ptr<icu::TimeZone> found(
      icu::TimeZone::createTimeZone(icu::UnicodeString::fromUTF8(id)));
  if (found == nullptr || *found == icu::TimeZone::getUnknown()) return std::nullopt;
  zone.rules_ = std::make_shared<const Rules>(Rules{std::move(found)});
  return zone;
}

std::int64_t Zone::local_from_utc(std::int64_t utc) const {
  if (!rules_) return utc;
  UErrorCode failure = U_ZERO_ERROR;
  std::int32_t raw = 0;
  std::int32_t saving = 0;
  rules_->zone->getOffset(static_cast<UDate>(utc), false, raw, saving, failure);
  return utc + raw + saving;
}

std::int64_t Zone::utc_from_local(std::int64_t local) const {
  if (!rules_) return local;
  UErrorCode failure = U_ZERO_ERROR;
  std::int32_t raw = 0;
  std::int32_t saving = 0;
  rules_->zone->getOffset(static_cast<UDate>(local), true, raw, saving, failure);
  return local - raw - saving;
}

CivilTime civil(std::int64_t time) {
  const auto days = floor_days(time);
  const std::chrono::year_month_day date{std::chrono::sys_days{std::chrono::days{days}}};
  return {static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
          static_cast<unsigned>(date.day()), time - days * day_length};
}

std::optional<std::int64_t> from_civil(const CivilTime& time) {
  const std::chrono::year_month_day date{
      std::chrono::year{time.year}, std::chrono::month{time.month}, std::chrono::day{time.day}};
  if (time.year < 1 || time.year > 9999 || !date.ok()) return std::nullopt;
  return std::chrono::sys_days{date}.time_since_epoch().count() * day_length + time.of_day;
}

std::optional<DateFormat> parse_date_format(std::string_view pattern) {
  DateFormat format;
  std::string literal;
  const auto flush = [&] {
    if (!literal.empty()) format.parts.push_back({DateFormat::Part::Kind::literal, literal});
    literal.clear();
  };
  for (std::size_t i = 0; i < pattern.size();) {
    const char c = pattern[i];
    if (c == '\'') {
      // Two are one quote, inside quotes and outside.
      const bool alone = pattern.substr(i + 1).starts_with('\'');
      if (alone) literal += '\'';
      i += alone ? 2 : 1;
      for (bool open = !alone; open;) {
        const auto end = pattern.find('\'', i);
        if (end == std::string_view::npos) return std::nullopt;
        literal += pattern.substr(i, end - i);
        i = end + 1;
        open = pattern.substr(i).starts_with('\'');
        if (open) literal += pattern[i++];
      }
      continue;
    }
    if (!is_letter(c)) {
      literal += c;
      ++i;
      continue;
    }
    flush();
    std::size_t count = 1;
    while (i + count < pattern.size() && pattern[i + count] == c) ++count;
    auto part = letters(c, count);
    if (!part) return std::nullopt;
    format.parts.push_back(*std::move(part));
    i += count;
  }
  flush();
  if (format.parts.empty()) return std::nullopt;
  return format;
}

std::string date_pattern_problem(std::string_view pattern) {
  const auto format = parse_date_format(pattern);
  if (!format)
    return "a date pattern has the letters yyyy MM dd HH mm ss SSS XXX and other text in '...'";
  using Kind = DateFormat::Part::Kind;
  const auto has = [&](Kind kind) {
    return std::any_of(format->parts.begin(), format->parts.end(),
                       [&](const DateFormat::Part& part) { return part.kind == kind; });
  };
  constexpr std::array<std::pair<Kind, const char*>, 7> larger_first = {
      {{Kind::year, "yyyy"},
       {Kind::month, "MM"},
       {Kind::day, "dd"},
       {Kind::hour, "HH"},
       {Kind::minute, "mm"},
       {Kind::second, "ss"},
       {Kind::millisecond, "SSS"}}};
  const char* missing = nullptr;
  for (const auto& [kind, letters] : larger_first) {
    if (!has(kind)) {
      if (missing == nullptr) missing = letters;
    } else if (missing != nullptr) {
      return "a date with '" + std::string(letters) + "' needs '" + missing +
             "' too (MM is the month, mm the minute)";
    }
  }
  return has(Kind::year) ? std::string() : "a date needs a year: yyyy";
}

std::optional<std::int64_t> read_date(std::string_view text, const DateFormat& format,
                                      const Zone& zone) {
  using Kind = DateFormat::Part::Kind;
  std::int64_t year = 1970, month = 1, day = 1, hour = 0, minute = 0, second = 0, milli = 0,
               offset = 0;
  bool has_offset = false;
  bool good = true;
  for (const auto& part : format.parts) {
    switch (part.kind) {
      case Kind::literal:
        good = text.starts_with(part.text);
        if (good) text.remove_prefix(part.text.size());
        break;
      case Kind::year:
        good = take(text, 4, year);
        break;
      case Kind::month:
        good = take(text, 2, month);
        break;
      case Kind::day:
        good = take(text, 2, day);
        break;
      case Kind::hour:
        good = take(text, 2, hour) && hour < 24;
        break;
      case Kind::minute:
        good = take(text, 2, minute) && minute < 60;
        break;
      case Kind::second:
        good = take(text, 2, second) && second <= 60;
        break;
      case Kind::millisecond:
        good = take(text, 3, milli);
        break;
      case Kind::offset:
        good = has_offset = take_offset(text, offset);
        break;
    }
    if (!good) return std::nullopt;
  }
  const auto local =
      from_civil({static_cast<int>(year), static_cast<unsigned>(month), static_cast<unsigned>(day),
                  ((hour * 60 + minute) * 60 + second) * 1000 + milli});
  if (!text.empty() || !local) return std::nullopt;
  const auto time = has_offset ? *local - offset : zone.utc_from_local(*local);
  return is_date(time) ? std::optional(time) : std::nullopt;
}

std::optional<std::int64_t> read_date(std::string_view text) {
  text = trim_blanks(text);
  if (text.size() == 10 && text[4] == '-' && text[7] == '-') {
    std::int64_t year = 0, month = 0, day = 0;
    auto rest = text;
    if (!take(rest, 4, year)) return std::nullopt;
    rest.remove_prefix(1);
    if (!take(rest, 2, month)) return std::nullopt;
    rest.remove_prefix(1);
    if (!take(rest, 2, day)) return std::nullopt;
    return from_civil(
        {static_cast<int>(year), static_cast<unsigned>(month), static_cast<unsigned>(day), 0});
  }
  if (text.size() > 10 && text[4] == '-') {
    const auto time = parse_timestamp(text);
    if (!time || !is_date(time->time_since_epoch().count())) return std::nullopt;
    return time->time_since_epoch().count();
  }
  return read_generalized(text);
}

std::string write_date(std::int64_t time, const DateFormat& format, const Zone& zone) {
  using Kind = DateFormat::Part::Kind;
  const auto local = zone.local_from_utc(time);
  const auto now = civil(local);
  std::string out;
  const auto number = [&out](std::int64_t value, int width) {
    char buffer[24];
    const int size =
        std::snprintf(buffer, sizeof buffer, "%0*lld", width, static_cast<long long>(value));
    out.append(buffer, static_cast<std::size_t>(size));
  };
  for (const auto& part : format.parts) {
    switch (part.kind) {
      case Kind::literal:
        out += part.text;
        break;
      case Kind::year:
        number(now.year, 4);
        break;
      case Kind::month:
        number(now.month, 2);
        break;
      case Kind::day:
        number(now.day, 2);
        break;
      case Kind::hour:
        number(now.of_day / 3'600'000, 2);
        break;
      case Kind::minute:
        number(now.of_day / 60'000 % 60, 2);
        break;
      case Kind::second:
        number(now.of_day / 1000 % 60, 2);
        break;
      case Kind::millisecond:
        number(now.of_day % 1000, 3);
        break;
      case Kind::offset: {
        const auto minutes = (local - time) / 60'000;
        if (minutes == 0) {
          out += 'Z';
          break;
        }
        out += minutes < 0 ? '-' : '+';
        number((minutes < 0 ? -minutes : minutes) / 60, 2);
        out += ':';
        number((minutes < 0 ? -minutes : minutes) % 60, 2);
        break;
      }
    }
  }
  return out;
}

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
