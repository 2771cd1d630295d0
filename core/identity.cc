// SPDX-License-Identifier: Apache-2.0
#include "core/identity.h"

#include <algorithm>
#include <tuple>

namespace muster {

std::string_view name_of(Classification classification) {
  switch (classification) {
    case Classification::internal:
      return "internal";
    case Classification::external:
      return "external";
  }
  return "external";
}

std::string_view name_of(IdentityState state) {
  switch (state) {
    case IdentityState::active:
      return "active";
    case IdentityState::inactive:
      return "inactive";
    case IdentityState::review:
      return "review";
    case IdentityState::quarantined:
      return "quarantined";
    case IdentityState::deleted:
      return "deleted";
  }
  return "quarantined";
}

const IdentityAttribute* Identity::find(std::string_view attribute) const {
  auto found = std::lower_bound(attributes.begin(), attributes.end(), attribute,
                                [](const IdentityAttribute& candidate, std::string_view name) {
                                  return candidate.name < name;
                                });
  return found != attributes.end() && found->name == attribute ? &*found : nullptr;
}

bool same_person_facts(const Identity& a, const Identity& b) {
  auto facts = [](const Identity& person) {
    return std::tie(person.state, person.classification, person.user_name, person.email,
                    person.state_reason, person.classification_rule, person.sources, person.groups,
                    person.attributes);
  };
  return facts(a) == facts(b) && std::equal(a.findings.begin(), a.findings.end(),
                                            b.findings.begin(), b.findings.end(), same_facts);
}

}  // namespace muster
