// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <cstdio>
#include <utility>

#include "mappings/language/date.h"
#include "mappings/language/date_digits.h"

namespace muster::mappings {
namespace {

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

}  // namespace

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

}  // namespace muster::mappings
