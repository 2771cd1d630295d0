// SPDX-License-Identifier: Apache-2.0
#include "tests/mappings/fixtures.h"

namespace muster::mappings {
namespace {

constexpr const char* file = R"yaml(
version: mapping/v1
schema:
  profile: generic
  attributes: { unit: { type: dn, flow: none }, raw: text }
sets:
  own:     { domains: [acme.example, "bücher.example", "straße.example"], subdomains: true }
  partner: { domains: [partner.example], subdomains: false }
  staff:   { dns: ["ou=Staff,dc=acme,dc=example"] }
sources:
  hr:
    kind: csv
    records: { text: [id, mail, first, unit] }
    key: id
    map: { firstName: first, email: 'mail | email', raw: mail, unit: 'unit | dn' }
username: { patterns: ['{firstName}'] }
classify:
  rules:
    - { id: staff-unit, class: internal, when: 'under_any(unit, staff)' }
    - { id: own-domain, class: internal, when: 'domain_in(email, own)' }
    - { id: partner,    class: external, when: 'domain_in(email, partner)' }
  otherwise: { id: unknown, class: external }
validate:
  - { id: look-alike, severity: warning, check: 'not confusable(raw ?? "x.example", own)' }
)yaml";

struct Story {
  const char* story;
  const char* address;
  const char* rule;
  const char* finding;  // of the map or of the person; empty: none
};

const Story stories[] = {
    {"ours", "a@acme.example", "own-domain", ""},
    {"case means nothing", "A@ACME.Example", "own-domain", ""},
    {"a subdomain", "a@mail.acme.example", "own-domain", ""},
    {"a deep subdomain", "a@a.b.c.acme.example", "own-domain", ""},
    {"blanks around", "  a@acme.example ", "own-domain", ""},
    {"one trailing dot", "a@acme.example.", "own-domain", ""},
    {"two trailing dots", "a@acme.example..", "unknown", "W-EMAIL"},
    {"ours as the beginning of another", "a@acme.example.evil.example", "unknown", ""},
    {"ours as the end of a label", "a@notacme.example", "unknown", ""},
    {"ours with a hyphen before", "a@not-acme.example", "unknown", ""},
    {"ours with a hyphen behind", "a@acme-example", "unknown", ""},
    {"the parent of ours", "a@example", "unknown", ""},
    {"ours as a local part", "acme.example@evil.example", "unknown", ""},
    {"two at signs: the last one counts", "a@acme.example@evil.example", "unknown", "W-EMAIL"},
    {"two at signs, ours last", "a@evil.example@acme.example", "unknown", "W-EMAIL"},
    {"a quoted local part", "\\\"a@evil.example\\\"@acme.example", "unknown", "W-EMAIL"},
    {"a display name", "Ann <a@acme.example>", "unknown", "W-EMAIL"},
    {"a display name that is an address", "a@acme.example <a@evil.example>", "unknown", "W-EMAIL"},
    {"a comment", "a@acme.example(evil)", "unknown", "W-EMAIL"},
    {"a list", "a@acme.example,b@evil.example", "unknown", "W-EMAIL"},
    {"a semicolon", "a@acme.example;b@evil.example", "unknown", "W-EMAIL"},
    {"an address literal", "a@[192.0.2.1]", "unknown", "W-EMAIL"},
    {"a percent route", "a%evil.example@acme.example", "own-domain", ""},
    {"a source route", "@evil.example:a@acme.example", "unknown", "W-EMAIL"},
    {"no at sign", "acme.example", "unknown", "W-EMAIL"},
    {"nothing before the at sign", "@acme.example", "unknown", "W-EMAIL"},
    {"nothing behind it", "a@", "unknown", "W-EMAIL"},
    {"an empty label", "a@mail..acme.example", "unknown", "W-EMAIL"},
    {"a dot first", "a@.acme.example", "unknown", "W-EMAIL"},
    {"a label with a hyphen first", "a@-x.acme.example", "unknown", "W-EMAIL"},
    {"a label with a hyphen last", "a@x-.acme.example", "unknown", "W-EMAIL"},
    {"an underscore", "a@x_y.acme.example", "unknown", "W-EMAIL"},
    {"a blank inside", "a@acme .example", "unknown", "W-EMAIL"},
    {"a line break", "a@acme.example\\nb", "unknown", "W-EMAIL"},
    {"a slash", "a@acme.example/evil.example", "unknown", "W-EMAIL"},
    {"full-width letters", "a@ａｃｍｅ.example", "unknown", "W-ODD-DOMAIN"},
    {"an invisible character before the at sign", "a\u200Bnn@acme.example", "unknown", "W-EMAIL"},
    {"a change of direction before it", "\u202Eann@acme.example", "unknown", "W-EMAIL"},
    {"an ideographic full stop", "a@acme。example", "unknown", "W-ODD-DOMAIN"},
    {"a half-width ideographic full stop", "a@acme｡example", "unknown", "W-ODD-DOMAIN"},
    {"a full-width full stop", "a@acme．example", "unknown", "W-ODD-DOMAIN"},
    {"a soft hyphen", "a@ac\u00ADme.example", "unknown", "W-ODD-DOMAIN"},
    {"a zero width space", "a@ac\u200Bme.example", "unknown", "W-ODD-DOMAIN"},
    {"a word joiner", "a@ac\u2060me.example", "unknown", "W-ODD-DOMAIN"},
    {"a byte order mark", "a@acme.example\uFEFF", "unknown", "W-ODD-DOMAIN"},
    {"a variation selector", "a@acme\uFE0F.example", "unknown", "W-ODD-DOMAIN"},
    {"a mathematical letter", "a@𝐚cme.example", "unknown", "W-ODD-DOMAIN"},
    {"a circled letter", "a@ⓐcme.example", "unknown", "W-ODD-DOMAIN"},
    {"a superscript", "a@acmeª.example", "unknown", "W-ODD-DOMAIN"},
    {"a kelvin sign is a k, as in all text (NFC)", "a@\u212Aacme.example", "unknown", ""},
    {"a full-width at sign is none", "a＠acme.example", "unknown", "W-EMAIL"},
    {"Cyrillic a", "a@аcme.example", "unknown", "W-LOOK-ALIKE"},
    {"its A-label", "a@xn--cme-5cd.example", "unknown", "W-LOOK-ALIKE"},
    {"a subdomain of the look-alike", "a@mail.аcme.example", "unknown", "W-LOOK-ALIKE"},
    {"r and n for m", "a@acrne.example", "unknown", "W-LOOK-ALIKE"},
    {"a broken A-label", "a@xn--zz.example", "unknown", "W-EMAIL"},
    {"umlauts, written", "a@bücher.example", "own-domain", ""},
    {"umlauts, decomposed", "a@bu\u0308cher.example", "own-domain", ""},
    {"umlauts as A-label", "a@xn--bcher-kva.example", "own-domain", ""},
    {"umlauts, upper case", "a@BÜCHER.EXAMPLE", "own-domain", ""},
    {"a subdomain of it", "a@x.bücher.example", "own-domain", ""},
    {"ß is a letter of its own (nontransitional)", "a@straße.example", "own-domain", ""},
    {"... and not ss", "a@strasse.example", "unknown", ""},
    {"the partner", "a@partner.example", "partner", ""},
    {"below the partner is not the partner", "a@x.partner.example", "unknown", ""},
    {"a domain of 64 letters in a label",
     "a@aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.acme.example", "unknown",
     "W-EMAIL"},
};

TEST(Classify, MailDomainsLabelByLabelFailingClosed) {
  auto engine = engine_of(file);
  ASSERT_NE(engine, nullptr);
  for (const auto& c : stories) {
    SCOPED_TRACE(c.story);
    const auto record = std::string(R"({"first": "ann", "mail": ")") + c.address + "\"}";
    auto told = told_of(*engine, "hr", "1", record);
    KnownPeople held;
    auto settled = engine->settle({&told, 1}, nullptr, held, at(noon));
    ASSERT_TRUE(settled.has_value());
    const auto& person = settled->identity;
    EXPECT_EQ(person.classification_rule, c.rule);
    EXPECT_EQ(person.classification, std::string_view(c.rule) == "own-domain"
                                         ? Classification::internal
                                         : Classification::external);
    std::string codes;
    for (const auto& finding : map_of(*engine, "hr", record, "1").findings)
      codes += finding.code + " ";
    for (const auto& finding : person.findings) codes += finding.code + " ";
    if (*c.finding == '\0') {
      EXPECT_EQ(codes, "");
    } else {
      EXPECT_NE(codes.find(c.finding), std::string::npos) << codes;
    }
  }
}

TEST(Classify, ALookAlikeIsToldWithBothNames) {
  auto engine = engine_of(file);
  ASSERT_NE(engine, nullptr);
  auto told = told_of(*engine, "hr", "1", R"({"first": "ann", "mail": "a@аcme.example"})");
  KnownPeople held;
  const auto settled = engine->settle({&told, 1}, nullptr, held, at(noon));
  ASSERT_TRUE(settled.has_value());
  std::string message;
  for (const auto& finding : settled->identity.findings)
    if (finding.code == "W-LOOK-ALIKE") message = finding.message;
  EXPECT_EQ(message,
            "the mail domain аcme.example (xn--cme-5cd.example) looks like acme.example and is "
            "another one");
}

TEST(Classify, DnsByWholeRdns) {
  auto engine = engine_of(file);
  ASSERT_NE(engine, nullptr);
  const std::pair<const char*, const char*> units[] = {
      {"cn=a,ou=Staff,dc=acme,dc=example", "staff-unit"},
      {"CN=a, OU=STAFF , DC=Acme,DC=example", "staff-unit"},
      {"ou=staff,dc=acme,dc=example", "staff-unit"},
      {"cn=a,2.5.4.11=staff,dc=acme,dc=example", "staff-unit"},
      {"cn=a,ou=x,ou=staff,dc=acme,dc=example", "staff-unit"},
      {"cn=a+uid=b,ou=staff,dc=acme,dc=example", "staff-unit"},
      {"cn=a,ou=notstaff,dc=acme,dc=example", "unknown"},
      {"cn=a\\\\,ou=staff,dc=acme,dc=example", "unknown"},
      {"cn=ou\\\\=staff\\\\,dc\\\\=acme,dc=example", "unknown"},
      {"ou=staff,dc=acme,dc=example,o=evil", "unknown"},
      {"dc=acme,dc=example", "unknown"},
      {"ou=staff;dc=acme,dc=example", "unknown"},
      {"nonsense", "unknown"},
      {"", "unknown"},
  };
  for (const auto& [unit, rule] : units) {
    SCOPED_TRACE(unit);
    auto told =
        told_of(*engine, "hr", "1", std::string(R"({"first": "ann", "unit": ")") + unit + "\"}");
    KnownPeople held;
    EXPECT_EQ(
        engine->settle({&told, 1}, nullptr, held, at(noon)).value().identity.classification_rule,
        rule);
  }
}

TEST(Classify, NeedsAnOtherwise) {
  std::string without(file);
  without.erase(without.find("  otherwise:"), 46);
  auto loaded = Engine::load_text(without, "m.yaml");
  EXPECT_EQ(loaded.engine, nullptr);
  EXPECT_NE(printed(loaded.diagnostics).find("E-MISSING classify needs 'otherwise'"),
            std::string::npos)
      << printed(loaded.diagnostics);
}

}  // namespace
}  // namespace muster::mappings
