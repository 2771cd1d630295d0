// SPDX-License-Identifier: Apache-2.0
#include "connectors/ldap/members.h"

#include <gtest/gtest.h>

namespace muster::connectors::ldap {
namespace {

TEST(MemberKey, NamesTheAliasOfTheMember) {
  struct Case {
    const char* type;
    const char* value;
    const char* key;
  };
  const Case cases[] = {
      {"member", "UID=Mara,O=x", "uid=mara,o=x"},
      {"uniqueMember", "uid=mara,o=x#'0101'B", "uid=mara,o=x"},
      {"UNIQUEMEMBER", "cn=a#1,o=x", "cn=a#1,o=x"},
      {"member", "cn=odd#'01'B,o=x", "cn=odd#'01'b,o=x"},
      {"memberUid", " Mara ", "uid:mara"},
      {"memberUid", "ŁUKASZ", "uid:łukasz"},
      {"memberUid", " ", ""},
      {"member", "mara", ""},
  };
  for (const Case& c : cases)
    EXPECT_EQ(member_key(c.type, c.value), c.key) << c.type << ' ' << c.value;
}

TEST(Tidy, SortsAndKeepsEachOnce) {
  std::vector<Member> members = {{.key = "b"}, {.key = "a"}, {.key = "b"}};
  tidy(members);
  EXPECT_EQ(members, (std::vector<Member>{{.key = "a"}, {.key = "b"}}));
}

}  // namespace
}  // namespace muster::connectors::ldap
