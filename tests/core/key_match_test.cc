// SPDX-License-Identifier: Apache-2.0
#include "core/key_match.h"

#include <gtest/gtest.h>

#include "core/text.h"

namespace muster {
namespace {

TEST(KeyMatch, KeysCompareAsTheirAttributeCompares) {
  const std::pair<const char*, const char*> same[] = {{"Mara@X.example", "mara@x.example"},
                                                      {" mara ", "mara"},
                                                      {"\u200Bmara\uFEFF", "mara"},
                                                      {"\u00A0mara\u2060", "mara"},
                                                      {"re\u0301mi", "r\u00e9mi"},
                                                      {"STRASSE", "stra\u00dfe"},
                                                      {"\x1Amara\t", "mara"},
                                                      {"\u202Amara\u202C", "mara"}};
  for (const auto& [told, other] : same) {
    EXPECT_EQ(comparable_key(told, KeyMatch::fold), comparable_key(other, KeyMatch::fold)) << other;
  }
  EXPECT_EQ(comparable_key(" re\u0301mi\u200B", KeyMatch::exact), "r\u00e9mi");
  EXPECT_NE(comparable_key("Mara", KeyMatch::exact), comparable_key("mara", KeyMatch::exact));
  EXPECT_NE(comparable_key("ma ra", KeyMatch::fold), comparable_key("mara", KeyMatch::fold));
  for (const auto* nothing : {"", " ", "\u200B\uFEFF", "\u00A0\t"})
    EXPECT_EQ(comparable_key(nothing, KeyMatch::fold), "");
}

TEST(KeyMatch, UserNamesAndMailAddressesAreWithoutCase) {
  for (const auto* name : {"mail", "E-Mail", "userName", "User name [userPrincipalName] Required",
                           "login", "UID", "Benutzername", "courriel"})
    EXPECT_EQ(usual_key_match("csv", name), KeyMatch::fold) << name;
  for (const auto* name : {"id", "employeeNumber", "Personalnummer", "nr"})
    EXPECT_EQ(usual_key_match("csv", name), KeyMatch::exact) << name;
  EXPECT_EQ(usual_key_match("ldap", "employeeNumber"), KeyMatch::fold);
  EXPECT_EQ(usual_key_match("ldap", "ENTRYUUID"), KeyMatch::exact);
  EXPECT_EQ(usual_key_match("scim", "externalId"), KeyMatch::exact);  // RFC 7643, 3.1
  EXPECT_EQ(usual_key_match("scim", "userName"), KeyMatch::fold);
}

TEST(TrimInvisible, TakesOnlyWhatNobodySeesAndOnlyFromTheEnds) {
  EXPECT_EQ(trim_invisible("\u200B a\u200Bb \u00AD"), "a\u200Bb");
  EXPECT_EQ(trim_invisible("\u0D28\u0D4D\u200D"), "\u0D28\u0D4D\u200D") << "Malayalam chillu";
  EXPECT_EQ(trim_invisible("a\u200D"), "a");
  EXPECT_EQ(trim_invisible("\u2764\uFE0F"), "\u2764\uFE0F");
  EXPECT_EQ(trim_invisible("\xE2\x80"), "\xE2\x80") << "malformed";
  EXPECT_EQ(trim_invisible("\xF0\x9F\x87\xA9"), "\xF0\x9F\x87\xA9");
}

}  // namespace
}  // namespace muster
