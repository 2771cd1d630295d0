// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace muster {

// RFC 7643 resource types that sources bring.
enum class ResourceType { user, group };

std::string_view name_of(ResourceType type);  // "User", "Group"

// Names one record for good: the source (its configured name) and the key that the source never
// changes (entryUUID, objectGUID, a CSV key column, the SCIM id that we minted).
struct SourceKey {
  std::string source = {};
  ResourceType type = ResourceType::user;
  std::string key = {};

  friend bool operator==(const SourceKey&, const SourceKey&) = default;
};

// A record as another record of the same source names it: its key, the stable id that its source
// knows it by, or an alias (a directory's DN in its compare form).
struct Reference {
  std::string source = {};  // name of the source; empty: a name of our own
  std::string name = {};

  friend auto operator<=>(const Reference&, const Reference&) = default;
};

// A member of a group, named as the source names it: by the member record's key, or, for a source
// that only knows other names (LDAP: the DN), by an alias that the member record carries in
// `aliases`.
struct Member {
  std::string key = {};
  ResourceType type = ResourceType::user;
  std::string display = {};

  friend bool operator==(const Member&, const Member&) = default;
};

// What a source's own dialect looks records up by, in comparison form (fold_key), and what it calls
// them. Filled by the dialect (SCIM, the LDAP connector); empty where it has no such thing.
struct SearchKeys {
  std::string user_name = {};    // unique within the source and type when not empty
  std::string external_id = {};  // exact, not folded (RFC 7643, 3.1: caseExact)
  std::string display_name = {};
  std::vector<std::string> emails = {};
  std::optional<bool> active = {};
  std::string display = {};  // groups: what people are shown, as told; empty: the key is shown
};

// What one source said about one person or group, whole, as told: the unit that travels the road.
struct SourceRecord {
  SourceKey key = {};
  // Compact JSON text of an object: the attributes, named as the source spells them. The door
  // writes it once; spool, mapping, store and answers take it as it stands. Empty: nothing was
  // told.
  std::string document = {};
  // Groups: the whole list; nullopt: nothing was said about members.
  std::optional<std::vector<Member>> members = {};
  // Other names that members may use for this record (a normalised DN).
  std::vector<std::string> aliases = {};
  SearchKeys search = {};
  std::string where = {};  // for messages: "line 12", a DN
  // hash_of() this record, kept by whoever completed it; nullopt: it is made when it is asked for.
  std::optional<std::int64_t> hash = {};
};

// What tells an unchanged record from a changed one (core/content_hash.h): over its document, its
// aliases and its members; the kept one, if there is one.
std::int64_t hash_of(const SourceRecord& record);

}  // namespace muster
