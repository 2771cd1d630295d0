// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "mappings/language/email.h"
#include "mappings/language/sets.h"
#include "mappings/language/type.h"

namespace muster::mappings {
namespace {

TEST(MailAddress, stories) {
  const std::pair<const char*, const char*> stories[] = {
      {"JG@ACME.example", "jg@acme.example"},
      {" anna@acme.example. ", "anna@acme.example"},
      {"a@b@c.example", "W-EMAIL"},
      {"Anna <a@b.example>", "W-EMAIL"},
      {"\"a b\"@c.example", "W-EMAIL"},
      {"a@", "W-EMAIL"},
      {"@b.example", "W-EMAIL"},
      {"anna", "W-EMAIL"},
      {"a..b@c.example", "W-EMAIL"},
      {".a@c.example", "W-EMAIL"},
      {"a@c..example", "W-EMAIL"},
      {"a@-c.example", "W-EMAIL"},
      {"a@c_d.example", "W-EMAIL"},
      {"a@[10.0.0.1]", "W-EMAIL"},
      {"a+tag@c.example", "a+tag@c.example"},
      {"o'neil@c.example", "o'neil@c.example"},
      {"Jürgen@BÜCHER.example", "jürgen@xn--bcher-kva.example"},
      {"a@ａｃｍｅ.com", "W-ODD-DOMAIN"},
      {"a@acme。com", "W-ODD-DOMAIN"},
      {"a@ac\u200bme.com", "W-ODD-DOMAIN"},
      {"a@ac\u00adme.com", "W-ODD-DOMAIN"},
      {"a@\u212amart.com", "W-ODD-DOMAIN"},
      {"a@faß.example", "a@xn--fa-hia.example"},
      {"a@xn--bcher-kva.example", "a@xn--bcher-kva.example"},
      {"a@xn--a.example", "W-EMAIL"},
  };
  for (const auto& [text, expected] : stories) {
    const auto email = parse_email(text);
    EXPECT_EQ(email ? email->text() : email.error().code, expected) << text;
  }
}

TEST(MailDomains, label_by_label) {
  EXPECT_TRUE(domain_matches("acme.example", "acme.example", false));
  EXPECT_FALSE(domain_matches("hr.acme.example", "acme.example", false));
  EXPECT_TRUE(domain_matches("hr.acme.example", "acme.example", true));
  EXPECT_FALSE(domain_matches("notacme.example", "acme.example", true));
  EXPECT_FALSE(domain_matches("example", "acme.example", true));
  DomainSet set(true);
  EXPECT_TRUE(set.add("ACME.example."));
  EXPECT_FALSE(set.add("acme example"));
  EXPECT_TRUE(set.contains("a.b.acme.example"));
  EXPECT_FALSE(set.contains("notacme.example"));
}

TEST(Types, names_read_back) {
  for (const char* name : {"text", "int?", "list<dn>", "list<text>?", "bool", "date", "email",
                           "domain", "ref", "duration"}) {
    const auto type = parse_type(name);
    ASSERT_TRUE(type) << name;
    EXPECT_EQ(name_of(*type), name);
  }
  for (const char* name : {"", "string", "text??", "list<list<text>>", "list<text", "Text"})
    EXPECT_FALSE(parse_type(name)) << name;
}

TEST(Tables, keys_fold_where_asked) {
  Table table({"value"}, Table::Match::fold);
  EXPECT_TRUE(table.add("DEU", {"DE"}));
  EXPECT_FALSE(table.add("deu", {"XX"}));
  ASSERT_NE(table.find_folded("deu", 0), nullptr);
  EXPECT_EQ(*table.find_folded("deu", 0), "DE");
  EXPECT_EQ(table.find_folded("fra", 0), nullptr);
  EXPECT_EQ(table.column("value"), 0U);
  EXPECT_FALSE(table.column("other"));
}

}  // namespace
}  // namespace muster::mappings
