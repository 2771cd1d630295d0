// SPDX-License-Identifier: Apache-2.0
#include "connectors/csv/columns.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "core/csv/aliases.h"

namespace muster::connectors::csv::test {
namespace {

using Names = std::vector<std::string>;

struct Case {
  const char* story;
  Names headers;
  std::string key;
  Names expected;
  Names names;  // "" = left out
};

TEST(Columns, get_the_names_that_the_mapping_uses) {
  const Names mapping = {"id", "mail", "first", "last", "company"};
  const Case cases[] = {
      {"as written", {"id", "mail", "first"}, "id", mapping, {"id", "mail", "first"}},
      {"another case, blanks and dashes",
       {"ID", "E-Mail", "F_i r.s-t"},
       "id",
       mapping,
       {"id", "mail", "first"}},
      {"an alias of an expected name", {"id", "Courriel"}, "id", mapping, {"id", "mail"}},
      {"unknown ones keep theirs",
       {"id", "Shoe size", "uid"},
       "id",
       mapping,
       {"id", "Shoe size", "uid"}},
      {"the name itself wins over an alias",
       {"id", "courriel", "mail"},
       "id",
       mapping,
       {"id", "courriel", "mail"}},
      {"the key need not be expected",
       {"Matricule", "mail"},
       "employeeNumber",
       {"mail"},
       {"employeeNumber", "mail"}},
      {"no column without a name", {"id", "", "mail"}, "id", mapping, {"id", "", "mail"}},
      {"no passwords",
       {"id", "Initial password [passwordProfile] Required", "pwd"},
       "id",
       mapping,
       {"id", "", ""}},
      {"not even expected ones", {"id", "Password"}, "id", {"id", "password"}, {"id", ""}},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(c.story);
    const auto columns = resolve_columns(c.headers, {c.key, c.expected});
    ASSERT_TRUE(columns) << describe(columns.error());
    EXPECT_EQ(columns->names, c.names);
    EXPECT_EQ(columns->names[columns->key], c.key);
  }
}

TEST(Columns, get_the_usual_names_without_a_mapping) {
  const Case cases[] = {
      {"Entra",
       {"Name [displayName] Required", "User name [userPrincipalName] Required",
        "Block sign in (Yes/No) [accountEnabled] Required", "First name [givenName]",
        "Last name [surname]"},
       "userName",
       {},
       {"Name [displayName] Required", "userName", "enabled", "firstName", "lastName"}},
      {"Google",
       {"First Name [Required]", "Last Name [Required]", "Email Address [Required]"},
       "email",
       {},
       {"firstName", "lastName", "email"}},
      {"Canvas",
       {"user_id", "login_id", "first_name", "last_name", "email", "status"},
       "employeeNumber",
       {},
       {"employeeNumber", "userName", "firstName", "lastName", "email", "enabled"}},
      {"French",
       {"Identifiant", "Prénom", "NOM", "Courriel"},
       "userName",
       {},
       {"userName", "firstName", "lastName", "email"}},
      {"German",
       {"Benutzername", "Vorname", "Nachname", "Personalnummer"},
       "userName",
       {},
       {"userName", "firstName", "lastName", "employeeNumber"}},
      {"Meeds",
       {"userName", "firstName", "lastName", "email", "enabled", "type", "groups"},
       "userName",
       {},
       {"userName", "firstName", "lastName", "email", "enabled", "type", "groups"}},
      {"a key that is an alias", {"E-Mail", "sn"}, "mail", {}, {"mail", "lastName"}},
      {"inverted flags are no 'enabled'",
       {"email", "suspended", "deleted"},
       "email",
       {},
       {"email", "suspended", "deleted"}},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(c.story);
    const auto columns = resolve_columns(c.headers, {c.key, c.expected});
    ASSERT_TRUE(columns) << describe(columns.error());
    EXPECT_EQ(columns->names, c.names);
  }
}

TEST(Columns, say_what_is_left_out) {
  const auto columns = resolve_columns(Names{"id", "", "ssha_password"}, {"id", {}});
  ASSERT_TRUE(columns);
  ASSERT_EQ(columns->problems.size(), 2u);
  EXPECT_EQ(columns->problems[0].code, "UNNAMED_COLUMN");
  EXPECT_EQ(columns->problems[0].where, "column 2");
  EXPECT_EQ(columns->problems[1].code, "SECRET_COLUMN");
  EXPECT_EQ(columns->problems[1].severity, Severity::warning);
}

TEST(Columns, refuse_what_nobody_can_decide) {
  struct Refusal {
    const char* story;
    Names headers;
    std::string code;
    std::string detail;
  };
  const Refusal cases[] = {
      {"no key",
       {"name", "town"},
       "MISSING_COLUMN",
       "there is no column 'mail'; the file has 'name', 'town'"},
      {"a slip of the pen",
       {"maik", "town"},
       "MISSING_COLUMN",
       "there is no column 'mail'; the file has 'maik', 'town'; did you mean 'maik'?"},
      {"no header",
       {"anna@acme.example", "Anna"},
       "NO_HEADER",
       "there is no column 'mail' and the first line looks like a person, not like a header; add a "
       "line with the column "
       "names on top"},
      {"the same name twice",
       {"mail", "town", "Town"},
       "DUPLICATE_COLUMN",
       "columns 2 and 3 are both 'Town'; rename or remove one"},
      {"the same in brackets",
       {"Address [mail]", "mail"},
       "DUPLICATE_COLUMN",
       "columns 1 and 2 are both 'mail'; rename or remove one"},
      {"two aliases of one name",
       {"mail", "nom", "surname"},
       "AMBIGUOUS_COLUMN",
       "'nom' and 'surname' could both be 'lastName'; call one of them that"},
  };
  for (const Refusal& c : cases) {
    SCOPED_TRACE(c.story);
    const auto columns = resolve_columns(c.headers, {"mail", {"mail", "lastName"}});
    ASSERT_FALSE(columns);
    EXPECT_EQ(columns.error().fault, Fault::invalid);
    EXPECT_EQ(columns.error().code, c.code);
    EXPECT_EQ(columns.error().detail, c.detail);
  }
}

TEST(Aliases, each_belongs_to_one_group) {
  std::vector<std::string_view> seen;
  for (const AliasGroup& group : alias_groups()) {
    EXPECT_EQ(alias_group_of(fold_header(group.name)), &group) << group.name;
    for (const std::string_view alias : group.folded) {
      EXPECT_EQ(fold_header(alias), alias);
      EXPECT_EQ(std::ranges::find(seen, alias), seen.end()) << alias;
      seen.push_back(alias);
    }
  }
}

}  // namespace
}  // namespace muster::connectors::csv::test
