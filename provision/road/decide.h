// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "core/identity.h"
#include "provision/decision.h"

namespace muster::provision {

// How the record that is decided about stands to the person.
enum class Bond {
  held,     // it contributed already
  fresh,    // its first word about this person
  leaving,  // its word ends
};

// What follows for a person, before -> after. `before` is null for somebody new. Pure.
struct Effect {
  Verb verb = Verb::unchanged;
  std::string reason = {};
  std::vector<std::string> changed =
      {};  // identity attributes, and "state", "classification", "groups"
};

Effect decide(const Identity* before, const Identity& after, Bond bond);

// The names of what differs between two states of a person.
std::vector<std::string> differences(const Identity& before, const Identity& after);

}  // namespace muster::provision
