// SPDX-License-Identifier: Apache-2.0
#include "mappings/language/date.h"

#include <unicode/timezone.h>

#include <chrono>
#include <utility>

#include "core/text.h"
#include "mappings/language/date_digits.h"

namespace muster::mappings {
namespace {

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

}  // namespace muster::mappings
