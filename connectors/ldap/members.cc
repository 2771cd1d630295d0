// SPDX-License-Identifier: Apache-2.0
#include "connectors/ldap/members.h"

#include <algorithm>

#include "core/dn.h"
#include "core/text.h"

namespace muster::connectors::ldap {
namespace {

// "cn=x,dc=y#'0101'B": the optional identifier says nothing that we use (RFC 4517, 3.3.21).
std::string_view without_uid_suffix(std::string_view value) {
  const std::size_t hash = value.rfind('#');
  if (hash == std::string_view::npos) return value;
  const std::string_view suffix = value.substr(hash + 1);
  const bool bits =
      suffix.size() >= 3 && suffix.starts_with('\'') && suffix.ends_with("'B") &&
      suffix.substr(1, suffix.size() - 3).find_first_not_of("01") == std::string_view::npos;
  return bits ? value.substr(0, hash) : value;
}

}  // namespace

const std::vector<std::string>& member_attributes() {
  static const std::vector<std::string> names = {"member", "uniqueMember", "memberUid"};
  return names;
}

bool is_member_attribute(std::string_view type) {
  return std::ranges::any_of(member_attributes(),
                             [&](const std::string& name) { return ascii_equal_fold(name, type); });
}

std::string uid_alias(std::string_view uid) { return "uid:" + fold_key(trim_invisible(uid)); }

std::string member_key(std::string_view type, std::string_view value) {
  if (ascii_equal_fold(type, "memberUid"))
    return trim_invisible(value).empty() ? std::string() : uid_alias(value);
  if (ascii_equal_fold(type, "uniqueMember")) value = without_uid_suffix(value);
  return canonical_dn(value).value_or("");
}

void tidy(std::vector<Member>& members) {
  std::ranges::sort(members, {}, &Member::key);
  const auto same_key = [](const Member& a, const Member& b) { return a.key == b.key; };
  members.erase(std::unique(members.begin(), members.end(), same_key), members.end());
}

}  // namespace muster::connectors::ldap
