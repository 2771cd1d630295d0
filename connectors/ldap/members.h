// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/record.h"

namespace muster::connectors::ldap {

// The attributes that name members, in the order in which they are asked for.
const std::vector<std::string>& member_attributes();

bool is_member_attribute(std::string_view type);

// The alias that a user record carries for memberUid.
std::string uid_alias(std::string_view uid);

// How a member is named by a value of `type` (one of member_attributes()): its canonical DN, or its
// uid alias. Empty: the value names nobody.
std::string member_key(std::string_view type, std::string_view value);

// Sorted by key, each once: two attributes may name the same person.
void tidy(std::vector<Member>& members);

}  // namespace muster::connectors::ldap
