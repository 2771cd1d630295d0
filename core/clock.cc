// SPDX-License-Identifier: Apache-2.0
#include "core/clock.h"

#include <cstdio>
#include <optional>

namespace muster {
namespace {

class SystemClock : public Clock {
 public:
  Timestamp now() const override {
    return std::chrono::time_point_cast<std::chrono::milliseconds>(
        std::chrono::system_clock::now());
  }
};

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// Reads a timestamp from left to right; every step is false when the text does not go on as it
// must.
class Reader {
 public:
  explicit Reader(std::string_view text) : rest_(text) {}

  bool done() const { return rest_.empty(); }

  bool one_of(std::string_view accepted) {
    if (rest_.empty() || accepted.find(rest_.front()) == accepted.npos) return false;
    rest_.remove_prefix(1);
    return true;
  }

  bool number(std::size_t digits, int least, int most, int& out) {
    if (rest_.size() < digits) return false;
    out = 0;
    for (char c : rest_.substr(0, digits)) {
      if (!is_digit(c)) return false;
      out = out * 10 + (c - '0');
    }
    rest_.remove_prefix(digits);
    return out >= least && out <= most;
  }

  // Digits after the point; what is finer than a millisecond is cut off.
  bool fraction(int& milliseconds) {
    int weight = 100;
    std::size_t digits = 0;
    for (; digits < rest_.size() && is_digit(rest_[digits]); ++digits) {
      milliseconds += (rest_[digits] - '0') * weight;
      weight /= 10;
    }
    rest_.remove_prefix(digits);
    return digits > 0;
  }

  // "Z", "+02:00"; nothing is UTC too, because xsd:dateTime may leave it out.
  bool offset(int& minutes) {
    if (done() || one_of("Zz")) return true;
    const bool west = rest_.front() == '-';
    int hours = 0;
    if (!one_of("+-") || !number(2, 0, 23, hours) || !one_of(":") || !number(2, 0, 59, minutes)) {
      return false;
    }
    minutes += hours * 60;
    if (west) minutes = -minutes;
    return true;
  }

 private:
  std::string_view rest_;
};

std::optional<Timestamp> read_timestamp(std::string_view text) {
  Reader in(text);
  int year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0, milliseconds = 0, offset = 0;
  if (!in.number(4, 1, 9999, year) || !in.one_of("-") || !in.number(2, 1, 12, month) ||
      !in.one_of("-") || !in.number(2, 1, 31, day) || !in.one_of("Tt") ||
      !in.number(2, 0, 24, hour) || !in.one_of(":") || !in.number(2, 0, 59, minute) ||
      !in.one_of(":") || !in.number(2, 0, 60, second)) {
    return std::nullopt;
  }
  if (in.one_of(".") && !in.fraction(milliseconds)) return std::nullopt;
  if (!in.offset(offset) || !in.done()) return std::nullopt;
  // XML Schema knows 24:00:00 as the end of the day, RFC 3339 knows :60 as a leap second.
  if (hour == 24 && (minute != 0 || second != 0 || milliseconds != 0)) return std::nullopt;

  const std::chrono::year_month_day date{std::chrono::year(year),
                                         std::chrono::month(static_cast<unsigned>(month)),
                                         std::chrono::day(static_cast<unsigned>(day))};
  if (!date.ok()) return std::nullopt;
  return Timestamp(std::chrono::sys_days(date)) + std::chrono::hours(hour) +
         std::chrono::minutes(minute - offset) + std::chrono::seconds(second) +
         std::chrono::milliseconds(milliseconds);
}

}  // namespace

const Clock& system_clock() {
  static const SystemClock clock;
  return clock;
}

std::string format_timestamp(Timestamp time) {
  const auto days = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date(days);
  const std::chrono::hh_mm_ss clock(time - days);
  const auto milliseconds = static_cast<int>(clock.subseconds().count());
  char out[64];
  const int length = std::snprintf(
      out, sizeof out, "%04d-%02u-%02uT%02d:%02d:%02d", static_cast<int>(date.year()),
      static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
      static_cast<int>(clock.hours().count()), static_cast<int>(clock.minutes().count()),
      static_cast<int>(clock.seconds().count()));
  std::string text(out, static_cast<std::size_t>(length));
  if (milliseconds != 0) {
    const int digits = std::snprintf(out, sizeof out, ".%03d", milliseconds);
    text.append(out, static_cast<std::size_t>(digits));
  }
  return text += 'Z';
}

Result<Timestamp> parse_timestamp(std::string_view text) {
  if (auto time = read_timestamp(text)) return *time;
  return fail(Fault::invalid, "not a date and time such as 2026-11-22T08:00:00Z");
}

}  // namespace muster
