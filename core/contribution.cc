// SPDX-License-Identifier: Apache-2.0
#include "core/contribution.h"

#include <algorithm>

namespace muster {

const Offer* Contribution::find(std::string_view attribute) const {
  auto offer = std::lower_bound(
      offers.begin(), offers.end(), attribute,
      [](const Offer& candidate, std::string_view name) { return candidate.attribute < name; });
  return offer != offers.end() && offer->attribute == attribute ? &*offer : nullptr;
}

const Lapsed* Contribution::find_lapsed(std::string_view attribute) const {
  auto found = std::find_if(lapsed.begin(), lapsed.end(),
                            [&](const Lapsed& one) { return one.attribute == attribute; });
  return found != lapsed.end() ? &*found : nullptr;
}

}  // namespace muster
