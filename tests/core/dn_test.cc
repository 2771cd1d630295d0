// SPDX-License-Identifier: Apache-2.0
#include "core/dn.h"

#include <gtest/gtest.h>

namespace muster {
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
      {"text that looks like BER is not BER", "1.2.3=\\#04024869,o=x", "1.2.3=\\#04024869,o=x"},
      {"types by their long names", "commonName=a,organizationalUnitName=b", "cn=a,ou=b"},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(c.story);
    EXPECT_EQ(canonical_dn(c.dn), c.canonical);
  }
}

TEST(CanonicalDn, RefusesWhatIsNoDn) {
  for (const char* text :
       {"mara", "=x", "cn=a,", "cn=a,,o=x", "EXAMPLE\\svc", "svc@example.org", "cn=a\\", "cn=a\\c",
        "cn=#1", "cn=#0g", "cn=\\FF\\FE,o=x", "c n=x", "cn=a;o=x"}) {
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

TEST(DistinguishedName, HasOneKeyForEverySpelling) {
  const std::pair<const char*, const char*> pairs[] = {
      {"cn=Anna,ou=Staff,dc=acme", "CN=anna, OU=staff , DC=ACME"},
      {"2.5.4.3=Anna,dc=acme", "cn=anna,dc=acme"},
      {"OID.2.5.4.11=x,0.9.2342.19200300.100.1.25=acme", "ou=x,dc=acme"},
      {"cn=a\\,b,dc=x", "cn=a\\2Cb,dc=x"},
      {"cn=J\\C3\\BCrgen,dc=x", "cn=jürgen,dc=x"},
      {"cn=a+ou=b,dc=x", "OU=b+CN=a,dc=x"},
      {"cn=a  b,dc=x", "cn=a b,dc=x"},
      {"commonName=a,dc=x", "cn=a,dc=x"},
      {"cn=STRASSE,dc=x", "cn=straße,dc=x"},
  };
  for (const auto& [a, b] : pairs) {
    const auto first = parse_dn(a);
    const auto second = parse_dn(b);
    ASSERT_TRUE(first && second) << a;
    EXPECT_EQ(first->key, second->key) << a << " and " << b;
  }
}

TEST(DistinguishedName, HasAnotherKeyForAnotherEntry) {
  EXPECT_NE(parse_dn("cn=a,dc=x")->key, parse_dn("cn=a+dc=x")->key);
  EXPECT_NE(parse_dn("cn=a\\,dc\\=x")->key, parse_dn("cn=a,dc=x")->key);
  EXPECT_NE(parse_dn("cn=a\\00b")->key, parse_dn("cn=a,cn=b")->key);
  EXPECT_NE(parse_dn("cn=a\\01b=c")->key, parse_dn("cn=a+b=c")->key);
}

TEST(DistinguishedName, AncestryGoesByWholeRdns) {
  const auto base = parse_dn("ou=Staff,dc=acme,dc=example")->key;
  const auto under = [&](const char* dn) { return dn_under(parse_dn(dn)->key, base); };
  EXPECT_TRUE(under("ou=staff,dc=acme,dc=example"));
  EXPECT_TRUE(under("cn=a,ou=b,ou=staff,dc=acme,dc=example"));
  EXPECT_FALSE(under("ou=notstaff,dc=acme,dc=example"));
  EXPECT_FALSE(under("cn=ou\\=staff\\,dc\\=acme,dc=example"));
  EXPECT_FALSE(under("dc=acme,dc=example"));
  EXPECT_FALSE(under("ou=staff2,dc=acme,dc=example"));
  EXPECT_TRUE(dn_under(parse_dn("cn=a")->key, parse_dn("")->key));
}

TEST(DistinguishedName, KnowsItsParts) {
  const auto dn = parse_dn("cn= Meier\\, Anna\\ ,ou=x");
  ASSERT_TRUE(dn);
  EXPECT_EQ(dn->first_value, "Meier, Anna ");
  EXPECT_EQ(dn->rdns, 2);
  EXPECT_EQ(dn_text(dn->key), "cn=meier\\, anna,ou=x");
  EXPECT_EQ(parse_dn(dn_text(dn->key))->key, dn->key);
}

TEST(DistinguishedName, IsRefusedWhenItIsNone) {
  for (const char* text :
       {"cn", "=x", "cn=a,", "cn=a,,dc=x", "cn=a\\", "cn=a\\0", "cn=a;dc=x", "cn=\"a\"", "c n=a",
        "cn=\xff", "cn=a\\qb", "cn=#0", "cn=#zz", "cn=a\\ff", "9a=b"}) {
    const auto dn = parse_dn(text);
    EXPECT_EQ(dn ? "" : dn.error().code, "E-DN") << text;
  }
}

}  // namespace
}  // namespace muster
