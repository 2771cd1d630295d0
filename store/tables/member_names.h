// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/record.h"
#include "core/result.h"
#include "store/tables/write_scope.h"

namespace muster::store {

// Whom a name stands for where groups tell their members by it.
struct Named {
  ResourceType type = ResourceType::user;
  std::int64_t row = 0;   // 0: nobody who has arrived
  bool doubtful = false;  // two have the name alike, so it is nobody's
};

// The records of one source that have a name. Whom it stands for follows from what they are, never
// from the order in which they came: the live record with that key, else the live one with that
// alias, of the type that was told before the other; where two are alike, nobody. While nobody with
// the name lives, it stays with the tombstone, which counts as no member.
class NameHolders {
 public:
  void add(std::int64_t row, ResourceType type, bool by_key, bool live);
  Named pick(ResourceType told) const;
  std::vector<std::int64_t> rows() const;  // of all of them, live or not

 private:
  struct Holder {
    std::int64_t row = 0;
    ResourceType type = ResourceType::user;
    bool by_key = false;
    bool live = false;
  };
  std::vector<Holder> holders_ = {};
};

struct SourceName {
  std::int64_t source = 0;
  std::string_view name = {};
};

Result<std::vector<NameHolders>> holders_of(Session& session, std::span<const SourceName> names);

// Keeps in WriteScope::membership_news() that a name is nobody's.
Status note_doubt(WriteScope& scope, std::string_view name, const NameHolders& holders);

// The told type is stored where it is not that of the member.
void bind_told_type(Binder& binder, ResourceType told, ResourceType type);

// A record got or lost a name, or came or went with it.
struct MovedName {
  SourceName name = {};
  std::int64_t row = 0;
};

// Resolves the memberships that were told by these names anew. The records that come into groups or
// leave them by that are kept in WriteScope::membership_news(). Asks by name and by who had it, so
// that it costs what changed, whatever the groups' sizes.
Status resolve_members(WriteScope& scope, std::span<const MovedName> moved);

}  // namespace muster::store
