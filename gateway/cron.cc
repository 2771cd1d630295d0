// SPDX-License-Identifier: Apache-2.0
#include "gateway/cron.h"

#include <array>
#include <charconv>
#include <string>
#include <vector>

#include "core/text.h"

namespace muster::gateway {
namespace {

struct Field {
  std::string_view name;
  int low;
  int high;
  std::vector<std::string_view> words;  // of low, low + 1...
};

const std::array<Field, 5>& fields() {
  static const std::array<Field, 5> all = {{
      {"minute", 0, 59, {}},
      {"hour", 0, 23, {}},
      {"day of month", 1, 31, {}},
      {"month",
       1,
       12,
       {"jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"}},
      {"day of week", 0, 7, {"sun", "mon", "tue", "wed", "thu", "fri", "sat"}},
  }};
  return all;
}

std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  std::size_t from = 0;
  for (;;) {
    const auto to = text.find(separator, from);
    parts.push_back(text.substr(from, to == text.npos ? text.npos : to - from));
    if (to == text.npos) return parts;
    from = to + 1;
  }
}

tl::unexpected<Error> refuse(const Field& field, std::string_view text) {
  return fail(Fault::invalid, "'" + std::string(text) + "' is no " + std::string(field.name) +
                                  " of a cron expression: numbers " + std::to_string(field.low) +
                                  "-" + std::to_string(field.high) +
                                  ", ranges a-b, lists a,b and steps */n are");
}

Result<int> number(const Field& field, std::string_view text) {
  const auto word = ascii_lower(text);
  for (std::size_t i = 0; i < field.words.size(); ++i) {
    if (word == field.words[i]) return field.low + static_cast<int>(i);
  }
  int value = -1;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size() || value < field.low ||
      value > field.high) {
    return refuse(field, text);
  }
  return value;
}

// One element of a list: *, a, a-b, each with an optional /step.
template <std::size_t N>
Status set_range(const Field& field, std::string_view item, std::bitset<N>& bits) {
  auto range = item;
  int step = 1;
  if (const auto slash = item.find('/'); slash != item.npos) {
    const auto text = item.substr(slash + 1);
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), step);
    if (error != std::errc{} || end != text.data() + text.size() || step < 1)
      return refuse(field, item);
    range = item.substr(0, slash);
  }
  int from = field.low, to = field.high;
  if (range != "*") {
    const auto dash = range.find('-');
    MUSTER_TRY(from, number(field, range.substr(0, dash)));
    to = from;
    if (dash != range.npos) {
      MUSTER_TRY(to, number(field, range.substr(dash + 1)));
    } else if (step > 1) {
      to = field.high;
    }
    if (to < from) return refuse(field, item);
  }
  for (int value = from; value <= to; value += step) bits.set(static_cast<std::size_t>(value) % N);
  return {};
}

template <std::size_t N>
Status set_field(std::size_t index, std::string_view text, std::bitset<N>& bits) {
  for (const auto item : split(text, ',')) MUSTER_CHECK(set_range(fields()[index], item, bits));
  return {};
}

}  // namespace

Result<Cron> Cron::parse(std::string_view text) {
  std::vector<std::string_view> words;
  for (const auto word : split(text, ' ')) {
    if (!word.empty()) words.push_back(word);
  }
  if (words.size() != 5) {
    return fail(
        Fault::invalid,
        "a cron expression has five fields (minute hour day-of-month month day-of-week), '" +
            std::string(text) + "' has " + std::to_string(words.size()));
  }
  Cron cron;
  MUSTER_CHECK(set_field(0, words[0], cron.minutes_));
  MUSTER_CHECK(set_field(1, words[1], cron.hours_));
  MUSTER_CHECK(set_field(2, words[2], cron.days_));
  MUSTER_CHECK(set_field(3, words[3], cron.months_));
  MUSTER_CHECK(set_field(4, words[4], cron.weekdays_));  // 7 falls on 0: Sunday
  cron.any_day_ = words[2].front() == '*';
  cron.any_weekday_ = words[4].front() == '*';
  return cron;
}

bool Cron::matches_day(std::chrono::sys_days day) const {
  const std::chrono::year_month_day date(day);
  if (!months_[static_cast<unsigned>(date.month())]) return false;
  const bool by_date = days_[static_cast<unsigned>(date.day())];
  const bool by_weekday = weekdays_[std::chrono::weekday(day).c_encoding()];
  if (any_day_ || any_weekday_) return by_date && by_weekday;
  return by_date || by_weekday;
}

Result<Timestamp> Cron::next(Timestamp time) const {
  using namespace std::chrono;
  const auto first = floor<minutes>(time) + minutes(1);
  const auto first_day = floor<days>(first);
  // Every combination of day and weekday comes round within 28 years plus the gap of a century
  // year.
  for (auto day = first_day; day <= first_day + years(8) + days(28 * 366); day += days(1)) {
    if (!matches_day(day)) continue;
    for (std::size_t hour = 0; hour < 24; ++hour) {
      if (!hours_[hour]) continue;
      for (std::size_t minute = 0; minute < 60; ++minute) {
        const auto candidate = day + hours(hour) + minutes(minute);
        if (minutes_[minute] && candidate >= first) return Timestamp(candidate);
      }
    }
  }
  return fail(Fault::not_found, "the cron expression matches no date");
}

}  // namespace muster::gateway
