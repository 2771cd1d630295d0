// SPDX-License-Identifier: Apache-2.0
#include "connectors/ldap/attribute_description.h"

#include <gtest/gtest.h>

namespace muster::connectors::ldap {
namespace {

TEST(AttributeDescription, OptionsAreToldApart) {
  struct Case {
    const char* text;
    const char* type;
    bool binary;
    bool tagged;
  };
  for (const Case& c : {Case{"mail", "mail", false, false},
                        Case{"userCertificate;binary", "userCertificate", true, false},
                        Case{"description;lang-fr", "description", false, true},
                        Case{"a;BINARY;x-some", "a", true, true}}) {
    SCOPED_TRACE(c.text);
    const auto parsed = parse_attribute_description(c.text);
    EXPECT_EQ(parsed.type, c.type);
    EXPECT_EQ(parsed.binary, c.binary);
    EXPECT_EQ(parsed.tagged, c.tagged);
    EXPECT_FALSE(parsed.range);
  }
}

TEST(AttributeDescription, Ranges) {
  const auto first = parse_attribute_description("member;range=0-1499");
  EXPECT_EQ(first.type, "member");
  ASSERT_TRUE(first.range);
  EXPECT_EQ(first.range->first, 0U);
  EXPECT_EQ(first.range->last, 1499U);

  const auto final_part = parse_attribute_description("member;Range=1500-*");
  ASSERT_TRUE(final_part.range);
  EXPECT_EQ(final_part.range->first, 1500U);
  EXPECT_EQ(final_part.range->last, std::nullopt);

  for (const char* text : {"member;range=", "member;range=5", "member;range=9-3",
                           "member;range=a-b", "member;range=0--1", "member;range=0-99999999999"}) {
    const auto broken = parse_attribute_description(text);
    EXPECT_FALSE(broken.range) << text;
    EXPECT_TRUE(broken.tagged) << text;
  }
}

}  // namespace
}  // namespace muster::connectors::ldap
