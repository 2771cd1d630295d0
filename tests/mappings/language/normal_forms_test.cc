// SPDX-License-Identifier: Apache-2.0
// What fuzzing found: a normal form is that of itself.
#include <gtest/gtest.h>

#include "core/dn.h"
#include "mappings/language/email.h"

namespace muster::mappings {
namespace {

TEST(NormalForms, OfADistinguishedNameStayWhatTheyAre) {
  for (const char* text : {"oid.oid.id.c=x", "oid.2.5.4.3=x", "oid.cn=x"}) {
    const auto dn = parse_dn(text);
    if (!dn) continue;  // refused: nothing to keep
    const auto again = parse_dn(dn_text(dn->key));
    ASSERT_TRUE(again) << text;
    EXPECT_EQ(again->key, dn->key) << text;
  }
  EXPECT_EQ(parse_dn("oid.2.5.4.3=x").value().key, parse_dn("cn=x").value().key);
}

TEST(NormalForms, OfADomainEndWithoutADot) {
  EXPECT_EQ(domain_to_ascii("bb.\xC3\xBC.").value(), domain_to_ascii("bb.\xC3\xBC").value());
  EXPECT_FALSE(domain_to_ascii("bb.\xC3\xBC.."));
  EXPECT_FALSE(domain_to_ascii("bb.example.."));
  EXPECT_FALSE(parse_email("ah@\xC3\xBCl.."));
}

}  // namespace
}  // namespace muster::mappings
