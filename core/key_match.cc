// SPDX-License-Identifier: Apache-2.0
#include "core/key_match.h"

#include <algorithm>
#include <array>

#include "core/csv/aliases.h"
#include "core/text.h"

namespace muster {

std::string_view name_of(KeyMatch match) { return match == KeyMatch::fold ? "fold" : "exact"; }

KeyMatch usual_key_match(std::string_view kind, std::string_view attribute) {
  static constexpr std::array<std::string_view, 4> made_by_servers = {"entryUUID", "objectGUID",
                                                                      "nsUniqueId", "ipaUniqueID"};
  const bool directory = kind == "ldap";
  if (directory) {
    const bool made = std::ranges::any_of(
        made_by_servers, [&](std::string_view name) { return ascii_equal_fold(name, attribute); });
    return made ? KeyMatch::exact : KeyMatch::fold;
  }
  for (const auto& name : folded_names(attribute)) {
    const AliasGroup* group = alias_group_of(name);
    if (group != nullptr && (group->name == "userName" || group->name == "email"))
      return KeyMatch::fold;
  }
  return KeyMatch::exact;
}

std::string comparable_key(std::string_view key, KeyMatch match) {
  key = trim_invisible(key);
  return match == KeyMatch::fold ? fold_key(key) : nfc(key);
}

}  // namespace muster
