// SPDX-License-Identifier: Apache-2.0
// What fuzzing found: a normal form is that of itself.
#include <gtest/gtest.h>

#include "core/dn.h"
#include "mappings/language/email.h"

namespace muster::mappings {
namespace {

TEST(NormalForms, OfADistinguishedNameStayWhatTheyAre) {
  for (const char* text :
       {"oid.oid.id.c=x", "oid.2.5.4.3=x", "oid.cn=x", "oid.04ff=x", "OID.1.2-a=x"}) {
    const auto dn = parse_dn(text);
    ASSERT_TRUE(dn) << text;
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

TEST(NormalForms, OfAnAddressKeepTheRulesOfAddresses) {
  const std::string sixty(60, '9');
  EXPECT_EQ(parse_email("\xC3\x9C" + sixty + "@x.example").value().local, "\xC3\xBC" + sixty);
  for (const auto& local : {
           sixty + "\xC2\xBC",             // one quarter, three bytes longer when folded
           std::string("a\xE2\x80\xA5z"),  // two dot leader
           std::string("a\xEF\xBC\xA0z"),  // full-width @
           std::string("a\xC2\xA0z"),      // no-break space
       }) {
    const auto email = parse_email(local + "@x.example");
    ASSERT_FALSE(email) << local;
    EXPECT_EQ(email.error().code, "W-EMAIL") << local;
  }
}

}  // namespace
}  // namespace muster::mappings
