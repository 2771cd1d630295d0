// SPDX-License-Identifier: Apache-2.0
#include "mappings/language/preference.h"

#include <algorithm>

#include "core/text.h"

namespace muster::mappings {
namespace {

// Of a complex value, an element of a SCIM list, its `value` (RFC 7643, 2.4).
std::string compare_form(const Datum& datum) {
  if (datum.tag != Datum::Tag::complex) return fold_key(trim_invisible(datum.text()));
  if (datum.in_json) {
    const auto value = datum.node().find("value");
    return value.is_text() ? fold_key(trim_invisible(value.as_text())) : std::string();
  }
  const Value* value = datum.object->find("value");
  return value != nullptr && value->is_text() ? fold_key(trim_invisible(value->as_text()))
                                              : std::string();
}

}  // namespace

// A rule of the scope has no offer of its own: what any line gave stood.
bool Preference::contributed(std::string_view line, const std::string& value) const {
  return std::ranges::any_of(before_.offers, [&](const Offer& offer) {
    return (line.empty() || offer.attribute == line) && offer.flow == Flow::value &&
           offer.value.is_text() && fold_key(offer.value.as_text()) == value;
  });
}

bool Preference::stood(std::string_view line, const std::string& value) const {
  if (value.empty()) return false;
  const bool known = std::ranges::any_of(
      stood_, [&](const auto& one) { return one.first == line && one.second == value; });
  return known || contributed(line, value);
}

std::size_t Preference::find(std::string_view line, std::span<const Datum> values) {
  most_ = std::max(most_, values.size());
  for (std::size_t i = 0; i < values.size(); ++i)
    if (stood(line, compare_form(values[i]))) return i;
  return attempt_ == 0 ? npos : std::min(attempt_, values.size() - 1);
}

void Preference::note(std::string_view line, const Datum& value) {
  noted_.emplace_back(line, compare_form(value));
}

void Preference::recall_from(const std::function<void()>& map,
                             const std::function<bool(std::string_view line)>& same) {
  constexpr std::size_t most_attempts = 16;
  Noted first;
  bool open = true;
  for (attempt_ = 0; open && attempt_ < most_attempts && attempt_ <= most_; ++attempt_) {
    noted_.clear();
    map();
    open = false;
    if (attempt_ == 0) first = noted_;
    for (auto& one : noted_) {
      if (same(one.first))
        stood_.push_back(std::move(one));
      else
        open = true;
    }
  }
  attempt_ = 0;
  noted_.clear();
  // By other rules: then it was the first.
  for (auto& one : first) {
    const bool known =
        std::ranges::any_of(stood_, [&](const auto& other) { return other.first == one.first; });
    if (!known) stood_.push_back(std::move(one));
  }
}

}  // namespace muster::mappings
