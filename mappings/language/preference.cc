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

std::size_t Preference::find(std::string_view line, std::span<const Datum> values) const {
  const Offer* said = before_.find(line);
  const std::string own = said != nullptr && said->flow == Flow::value && said->value.is_text()
                              ? fold_key(said->value.as_text())
                              : std::string();
  const auto stood = [&](const std::string& value) {
    if (value.empty()) return false;
    return value == own || std::ranges::any_of(stood_, [&](const auto& one) {
             return one.first == line && one.second == value;
           });
  };
  for (std::size_t i = 0; i < values.size(); ++i)
    if (stood(compare_form(values[i]))) return i;
  return npos;
}

void Preference::note(std::string_view line, const Datum& value) {
  noted_.emplace_back(line, compare_form(value));
}

}  // namespace muster::mappings
