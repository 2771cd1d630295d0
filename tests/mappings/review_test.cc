// SPDX-License-Identifier: Apache-2.0
// Warnings: rules that others leave nothing to, and what is told of a file beside its errors.
#include <gtest/gtest.h>

#include <string>

#include "core/diagnostic.h"
#include "mappings/engine.h"

namespace muster::mappings {
namespace {

// A file whose parts a story replaces.
struct File {
  std::string sets =
      "  own: { domains: [acme.example], subdomains: true }\n"
      "  lab: { domains: [lab.example] }\n"
      "  all: { domains: [de.acme.example, lab.example] }\n"
      "  staff: { dns: ['ou=Staff,dc=x', 'ou=Board,dc=x'] }\n";
  std::string map = "      email: 'mail | email'\n      kind: 'type'\n      unit: 'dn'\n";
  std::string rules = "";
  std::string rest = "";

  Loaded load() const {
    return Engine::load_text(
        "version: mapping/v1\nschema:\n  profile: generic\n  attributes: { kind: text, unit: dn }\n"
        "sets:\n" +
            sets +
            "sources:\n  dir:\n    kind: ldap\n    records: { text: [mail, type] }\n"
            "    key: uid\n    map:\n" +
            map + "username: { patterns: ['{email}'] }\nclassify:\n  rules:\n" + rules +
            "  otherwise: { id: rest, class: external }\n" + rest,
        "m.yaml");
  }
};

std::string rule(const std::string& id, const std::string& when) {
  return "    - { id: " + id + ", class: internal, when: '" + when + "' }\n";
}

// The ids of the rules that are W-UNREACH, by their messages.
std::string unreachable(const std::vector<std::string>& conditions) {
  File file;
  for (std::size_t i = 0; i < conditions.size(); ++i)
    file.rules += rule("r" + std::to_string(i), conditions[i]);
  std::string ids;
  for (const auto& found : file.load().diagnostics) {
    EXPECT_EQ(found.severity, Severity::warning) << describe(found);
    if (found.code == "W-UNREACH") ids += found.message.substr(1, 2) + " ";
  }
  return ids;
}

TEST(Review, RulesThatSeveralEarlierOnesLeaveNothingTo) {
  struct Story {
    std::vector<std::string> conditions;
    const char* unreachable;
  };
  const Story stories[] = {
      {{"domain_in(email, own)", "domain_in(email, lab)", "domain_in(email, all)"}, "r2 "},
      {{"domain_in(email, own) or domain_in(email, lab)", "domain_in(email, all)"}, "r1 "},
      {{"domain_in(email, lab)", "domain_in(email, all)"}, ""},
      {{"domain_in(email, own) and kind == \"a\"", "domain_in(email, lab)",
        "domain_in(email, all)"},
       ""},
      {{"kind == \"a\"", "kind == \"b\"", "kind in [\"a\", \"b\"]"}, "r2 "},
      {{"kind == \"a\"", "kind == \"b\"", "kind in [\"a\", \"b\", \"c\"]"}, ""},
      {{"kind == \"a\"", "kind == \"b\"", "(kind == \"b\" or kind == \"a\") and present(email)"},
       "r2 "},
      {{"under_any(unit, staff)", "under(unit, \"ou=Lab,OU=staff,dc=x\")"}, "r1 "},
      {{"under(unit, \"ou=Staff,dc=x\")", "under(unit, \"ou=Board,dc=x\")",
        "under_any(unit, staff)"},
       "r2 "},
      {{"under(unit, \"ou=Staff,dc=x\")", "under_any(unit, staff)"}, ""},
      {{"present(kind)", "absent(kind)", "domain_in(email, own)"}, "r2 "},
      {{"kind == \"a\"", "not (kind == \"a\")", "domain_in(email, own)"}, "r2 "},
      {{"kind == \"a\"", "kind != \"b\"", "domain_in(email, own)"}, ""},
      {{"1 == 1", "kind == \"a\""}, "r1 "},
      {{"\"a\" == \"b\""}, "r0 "},
      {{"2 < 1 or \"a\" != \"a\"", "kind == \"a\""}, "r0 "},
      {{"kind == \"a\"", "kind == \"A\""}, ""},
  };
  for (const auto& story : stories)
    EXPECT_EQ(unreachable(story.conditions), story.unreachable) << story.conditions.back();
}

// "6:3 W-UNUSED; 21:5 E-NAME", sorted by place; W-COVER aside.
std::string told(const File& file) {
  std::string out;
  for (const auto& d : file.load().diagnostics)
    out += (out.empty() ? "" : "; ") + std::to_string(d.line) + " " + d.code;
  return out;
}

TEST(Review, WarningsAreToldBesideErrors) {
  const auto ours = rule("ours", "domain_in(email, own)");
  File unused;
  unused.rules = ours;
  unused.rest = "validate: [{ id: v, check: 'present(mial)' }]\n";
  EXPECT_EQ(told(unused), "7 W-UNUSED; 8 W-UNUSED; 9 W-UNUSED; 24 E-NAME");

  File again;
  again.rules = ours + ours + rule("bad", "knd == \"a\"") + rule("worse", "knd == \"a\"");
  EXPECT_EQ(told(again),
            "7 W-UNUSED; 8 W-UNUSED; 9 W-UNUSED; 23 W-UNREACH; 23 E-DUP; 24 E-NAME; 25 E-NAME")
      << "what is wrong itself is compared with nothing";

  File mute;
  mute.rules = ours;
  mute.rest =
      "merge: { attributes: { kind: { authority: [] }, unit: { authority: [dri] } } }\n"
      "validate: [{ id: v, check: 'domain_in(email, lab) or domain_in(email, all)' }]\n";
  EXPECT_EQ(told(mute), "9 W-UNUSED; 17 W-MUTE; 24 E-NAME")
      << "unit: the tag that was not understood may be this source's";

  File uncovered;
  uncovered.rules = ours;
  uncovered.rest =
      "sources2: {}\ntests: [{ given: { dir: { uid: '1' } }, expect: { state: active } }]\n";
  EXPECT_EQ(told(uncovered), "7 W-UNUSED; 8 W-UNUSED; 9 W-UNUSED; 24 E-KEY");
  uncovered.rest = "sources2: {}\ntests: [{ given: {}, expect: { state: active } }]\n";
  EXPECT_EQ(told(uncovered),
            "7 W-UNUSED; 8 W-UNUSED; 9 W-UNUSED; 16 W-COVER; 17 W-COVER; 18 W-COVER; 24 E-KEY")
      << "no test has a record of the source";
}

TEST(Review, NothingIsConcludedFromWhatWasNotUnderstood) {
  File syntax;  // the set is meant, though the rule cannot be read
  syntax.rules = rule("ours", "domain_in(email, own") + rule("lab", "domain_in(email, lab)");
  syntax.rest = "validate: [{ id: v, check: 'domain_in(email, all) or under_any(unit, staff)' }]\n";
  EXPECT_EQ(told(syntax), "22 E-SYNTAX");

  File misspelt;  // the set that is offered is the one that is meant
  misspelt.rules = rule("ours", "domain_in(email, owwn)") + rule("lab", "domain_in(email, lab)") +
                   rule("all", "domain_in(email, all) or under_any(unit, staff)");
  EXPECT_EQ(told(misspelt), "22 E-NAME");

  File half;  // `all` has more domains than could be read
  half.sets =
      "  own: { domains: [acme.example] }\n  lab: { domains: [lab.example] }\n"
      "  all: { domains: [acme.example, 'lab..example'] }\n  staff: { dns: ['ou=x'] }\n";
  half.rules = rule("ours", "domain_in(email, own)") + rule("lab", "domain_in(email, lab)") +
               rule("all", "domain_in(email, all)") + rule("units", "under_any(unit, staff)");
  EXPECT_EQ(told(half), "8 E-DOMAIN");

  File needed;  // the line is there; that it is wrong does not make the attribute missing
  needed.map = "      email: 'mail | email'\n      firstName: 'frist'\n      lastNam: 'type'\n";
  needed.rules = rule("o", "domain_in(email, own) or domain_in(email, lab)") +
                 rule("a", "domain_in(email, all) or under_any(unit, staff)");
  needed.rest = "";
  EXPECT_EQ(told(needed).find("W-REQ"), std::string::npos) << told(needed);
}

TEST(Review, PatternsInForeignFunctionsAndBracesAreExplained) {
  struct Story {
    const char* expression;
    const char* code;
    const char* says;
  };
  const Story stories[] = {
      {"replace_regex(mail, \"x{2,3}\", \"\")", "E-NAME", "replace_re"},
      {"mail | regex_replace(\"^[a-z]{2,}\\\\d\", \"\")", "E-NAME", "replace_re"},
      {"replce_re(mail, \"x{2,}\", \"\")", "E-NAME", "replace_re"},
      {"replace(mail, \"x{2,3}\", \"\")", "E-SYNTAX", "\\{"},
      {"\"{0} {1}\"", "E-SYNTAX", "\\{"},
      {"\"\\{0\\}\"", "", ""},
      {"replace_re(mail, \"x{2,3}\", \"\")", "", ""},
  };
  for (const auto& story : stories) {
    File file;
    file.map = std::string("      email: 'mail | email'\n      kind: '") + story.expression +
               "'\n      unit: 'dn'\n";
    file.rules = rule("o", "domain_in(email, own) or domain_in(email, lab)") +
                 rule("a", "domain_in(email, all) or under_any(unit, staff)");
    const auto loaded = file.load();
    if (*story.code == '\0') {
      EXPECT_FALSE(has_errors(loaded.diagnostics)) << story.expression;
      continue;
    }
    ASSERT_FALSE(loaded.diagnostics.empty()) << story.expression;
    const auto& found = loaded.diagnostics.front();
    EXPECT_EQ(found.code, story.code) << story.expression << " " << describe(found);
    EXPECT_NE(found.message.find(story.says), std::string::npos) << describe(found);
  }
}

}  // namespace
}  // namespace muster::mappings
