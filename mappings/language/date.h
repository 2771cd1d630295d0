// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/clock.h"

namespace muster::mappings {

// A date pattern: the letters yyyy MM dd HH mm ss SSS XXX of CLDR, other letters only in '...'.
struct DateFormat {
  struct Part {
    enum class Kind { literal, year, month, day, hour, minute, second, millisecond, offset };
    Kind kind = Kind::literal;
    std::string text = {};
  };
  std::vector<Part> parts = {};
};

// nullopt: a letter or a length that is not known.
std::optional<DateFormat> parse_date_format(std::string_view pattern);

// What is wrong with a pattern that dates are read by; empty: nothing. Each of its parts needs the
// larger one: "yyyy-mm-dd" has minutes and no month.
std::string date_pattern_problem(std::string_view pattern);

// A time zone: an IANA name or an offset ("Europe/Berlin", "+02:00"). The default is UTC. Shared
// between threads.
class Zone {
 public:
  static std::optional<Zone> named(std::string_view name);

  std::int64_t local_from_utc(std::int64_t utc) const;
  std::int64_t utc_from_local(std::int64_t local) const;

 private:
  struct Rules;
  std::shared_ptr<const Rules> rules_;
};

// Milliseconds since 1970. nullopt: the text does not follow the format or there is no such day.
std::optional<std::int64_t> read_date(std::string_view text, const DateFormat& format,
                                      const Zone& zone);

// As records hold dates: "2026-11-22", RFC 3339, LDAP GeneralizedTime "20261122080000Z" (RFC
// 4517, 3.3.13).
std::optional<std::int64_t> read_date(std::string_view text);

// At most 64 bytes per part. Gives the end.
std::string write_date(std::int64_t time, const DateFormat& format, const Zone& zone);

// The instants of the years 1 to 9999: every date lies between them.
constexpr std::int64_t earliest_date = -62'135'596'800'000;
constexpr std::int64_t latest_date = 253'402'300'799'999;
constexpr bool is_date(std::int64_t time) { return time >= earliest_date && time <= latest_date; }

struct CivilTime {
  int year = 0;
  unsigned month = 1;
  unsigned day = 1;
  std::int64_t of_day = 0;  // milliseconds
};
CivilTime civil(std::int64_t time);
std::optional<std::int64_t> from_civil(const CivilTime& time);

// An ISO 8601 period: "P10M", "P1Y6M", "P7D", "PT12H".
struct Period {
  std::int64_t months = 0;
  std::int64_t milliseconds = 0;
};
std::optional<Period> parse_period(std::string_view text);

enum class DateUnit { year, month, week, day, hour, minute, second };

// "y" "M" "w" "d" "h" "m" "s" or the words, one or many ("month", "days").
std::optional<DateUnit> parse_date_unit(std::string_view text);

// The whole units from `from` to `to`, negative when `to` is earlier. Years to days are counted on
// the calendar of the zone, the others on the clock.
std::int64_t between(std::int64_t from, std::int64_t to, DateUnit unit, const Zone& zone);

// The beginning of the unit that `time` lies in, in the zone; weeks begin on Monday.
std::int64_t start_of(std::int64_t time, DateUnit unit, const Zone& zone);

// The last day of the month where the day does not exist. nullopt: outside the years 1 to 9999.
std::optional<std::int64_t> add_period(std::int64_t time, const Period& period, int sign);

}  // namespace muster::mappings
