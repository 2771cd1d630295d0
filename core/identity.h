// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/clock.h"
#include "core/finding.h"
#include "core/record.h"
#include "core/value.h"

namespace muster {

enum class Classification { internal, external };
// A deleted person is an id and a user name that nobody gets again.
enum class IdentityState { active, inactive, review, quarantined, deleted };

std::string_view name_of(Classification classification);
std::string_view name_of(IdentityState state);

// A value that the identity has, the data source it came from and the rule that gave it.
struct IdentityAttribute {
  std::string name = {};
  Value value = {};
  std::string source = {};  // tag; empty for generated values
  std::string rule = {};    // "sources.entra.map.email", "username.patterns[0]"
  // Of type ref: the id of the person whose user name `value` is; else empty.
  std::string refers_to = {};
  // Of somebody who left: the value is history and may be another's by now.
  bool released = false;

  friend bool operator==(const IdentityAttribute&, const IdentityAttribute&) = default;
};

// Membership of a platform group, and the rule that asks for it.
struct GroupMembership {
  std::string path = {};  // "/organization/dept-sales"
  std::string role = {};  // "member", "manager"
  std::string rule = {};
  bool create = false;  // the platform is to make the group when it is not there

  friend bool operator==(const GroupMembership&, const GroupMembership&) = default;
};

// Who a person is for the platform, and why. Settled by a mapping engine from all contributions;
// held by the store. `userName` and `email` are among the attributes and repeated here because
// everything looks people up by them; `email` is empty once the address is released.
struct Identity {
  std::string id = {};  // UUIDv7
  std::string user_name = {};
  std::string email = {};
  std::vector<IdentityAttribute> attributes = {};  // sorted by name
  Classification classification = Classification::external;
  std::string classification_rule = {};
  IdentityState state = IdentityState::active;
  std::string state_reason = {};
  std::vector<GroupMembership> groups = {};  // sorted by path, role
  // Tags with a live contribution, in merge order; the first one owns.
  std::vector<std::string> sources = {};
  std::vector<Finding> findings = {};
  // When time alone may change the person: the end of a hold, a grace or a retention period.
  std::optional<Timestamp> due = {};
  // What settling asked about other people, sorted: when an answer changes, the person is settled
  // again. Known only while a person is settled; no fact about the person.
  std::vector<Reference> references = {};
  std::int64_t version = 0;  // 0 = not stored yet
  Timestamp created = {};
  Timestamp modified = {};

  const IdentityAttribute* find(std::string_view attribute) const;
};

// True when everything that the platform or an administrator would see is equal (ids, versions and
// times aside).
bool same_person_facts(const Identity& a, const Identity& b);

}  // namespace muster
