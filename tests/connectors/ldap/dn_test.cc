// SPDX-License-Identifier: Apache-2.0
#include "connectors/ldap/dn.h"

#include <gtest/gtest.h>

namespace muster::connectors::ldap {
namespace {

TEST(CanonicalDn, OneFormForEverySpelling) {
  struct Case {
    const char* story;
    const char* dn;
    const char* canonical;
  };
  const Case cases[] = {
      {"nothing", "", ""},
      {"types and ASCII values lose their case", "UID=Mara,OU=People,DC=Example",
       "uid=mara,ou=people,dc=example"},
      {"blanks around separators go", " uid = mara , ou=people", "uid=mara,ou=people"},
      {"blanks inside are squeezed", "cn=Mara   van  Dyk ,o=x", "cn=mara van dyk,o=x"},
      {"comma escaped as AD does", "cn=Huber\\, Eva,o=x", "cn=huber\\, eva,o=x"},
      {"comma escaped as slapd does", "cn=Huber\\2C Eva,o=x", "cn=huber\\, eva,o=x"},
      {"plus and equals inside a value", "cn=a\\+b\\=c,o=x", "cn=a\\+b\\=c,o=x"},
      {"an unescaped equals in a value", "cn=a=c,o=x", "cn=a\\=c,o=x"},
      {"a leading hash that is text", "cn=\\#1,o=x", "cn=\\#1,o=x"},
      {"UTF-8 in hexadecimal", "cn=Lu\\C4\\8Di\\C4\\87,o=x", "cn=lučić,o=x"},
      {"case folding beyond ASCII", "cn=LUČIĆ,o=STRASSE", "cn=lučić,o=strasse"},
      {"composed and decomposed are one", "cn=Zoe\xCC\x88,o=x", "cn=zoë,o=x"},
      {"parts of an RDN are sorted", "uid=mara+cn=Mara,o=x", "cn=mara+uid=mara,o=x"},
      {"... whatever their order", "cn=Mara + uid=mara,o=x", "cn=mara+uid=mara,o=x"},
      {"OIDs of common types", "2.5.4.3=Mara,OID.0.9.2342.19200300.100.1.25=x", "cn=mara,dc=x"},
      {"BER in hexadecimal stays", "1.2.3=#04024869,o=x", "1.2.3=#04024869,o=x"},
      {"a trailing escaped blank means nothing", "cn=mara\\ ,o=x", "cn=mara,o=x"},
      {"a semicolon separates (RFC 2253)", "cn=a;o=x", "cn=a,o=x"},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(c.story);
    EXPECT_EQ(canonical_dn(c.dn), c.canonical);
  }
}

TEST(CanonicalDn, RefusesWhatIsNoDn) {
  for (const char* text : {"mara", "=x", "cn=a,", "cn=a,,o=x", "EXAMPLE\\svc", "svc@example.org",
                           "cn=a\\", "cn=a\\c", "cn=#1", "cn=#0g", "cn=\\FF\\FE,o=x", "c n=x"}) {
    EXPECT_EQ(canonical_dn(text), std::nullopt) << text;
  }
}

TEST(IsUnder, ComparesWholeRdns) {
  EXPECT_TRUE(is_under("ou=people,o=x", "ou=people,o=x"));
  EXPECT_TRUE(is_under("uid=m,ou=people,o=x", "ou=people,o=x"));
  EXPECT_TRUE(is_under("uid=m,o=x", ""));
  EXPECT_TRUE(is_under("cn=a\\\\,o=x", "o=x"));  // the backslash is the value's last character
  EXPECT_FALSE(is_under("ou=sales-people,o=x", "people,o=x"));
  EXPECT_FALSE(is_under("ou=xpeople,o=x", "ou=people,o=x"));
  EXPECT_FALSE(is_under("o=x", "ou=people,o=x"));
  EXPECT_FALSE(is_under(*canonical_dn("cn=evil\\,o\\=x"), "o=x"));
}

}  // namespace
}  // namespace muster::connectors::ldap
