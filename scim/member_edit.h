// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/record.h"
#include "core/result.h"
#include "core/value.h"
#include "provision/provisioner.h"
#include "scim/client_quirks.h"
#include "scim/patch.h"
#include "store/rows.h"

namespace muster::scim {

// The members of a group as a client tells them, each key once. Ids that nobody has (yet) are kept:
// groups may arrive before people.
Result<std::vector<Member>> read_members(const Value& told, const ClientQuirks& quirks);

// Collects what the operations of one PATCH do to a group's members, as changes: a group of 50,000
// is never read to add one. `stored` is only asked for filters that are not about ids.
class MemberEdit {
 public:
  using Stored = std::function<Result<std::vector<store::MemberRow>>()>;

  MemberEdit(const ClientQuirks& quirks, Stored stored)
      : quirks_(quirks), stored_(std::move(stored)) {}

  static bool concerns(const PatchOperation& operation);

  Status apply(const PatchOperation& operation);

  bool empty() const { return !whole_ && pending_.empty(); }
  // The whole list, when an operation replaced or cleared it; the changes otherwise.
  std::optional<std::vector<Member>> whole() const;
  provision::MemberChange change() const;

 private:
  Status add(const Value& told);
  Status remove(const PatchOperation& operation);
  Result<std::vector<std::string>> keys_matching(const Filter& filter) const;

  const ClientQuirks& quirks_;
  Stored stored_;
  bool whole_ = false;
  std::map<std::string, std::optional<Member>> pending_;  // nullopt: goes
};

}  // namespace muster::scim
