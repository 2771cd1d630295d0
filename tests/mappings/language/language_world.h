// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/json.h"
#include "core/value.h"
#include "mappings/language/machine.h"
#include "mappings/language/program.h"

namespace muster::mappings {

// A small SCIM-shaped source with tables, sets and fragments, and a machine to evaluate lines on
// JSON records.
struct World {
  World() {
    auto library = std::make_shared<Library>();
    Table departments({"label", "cost"}, Table::Match::fold);
    departments.add("S1", {"Sales", "4711"});
    departments.add("Größe", {"Sizes", ""});
    library->tables.emplace("departments", std::move(departments));
    Table strict({"value"}, Table::Match::exact, Table::Missing::error);
    strict.add("DEU", {"DE"});
    library->tables.emplace("strict_iso", std::move(strict));
    DomainSet own(true);
    static_cast<void>(own.add("acme.example"));
    static_cast<void>(own.add("bücher.example"));
    library->sets.emplace("own_domains", std::move(own));
    DomainSet partners(false);
    static_cast<void>(partners.add("partner.example"));
    library->sets.emplace("partner_domains", std::move(partners));
    DnSet staff;
    static_cast<void>(staff.add("ou=Staff,dc=acme,dc=example"));
    library->sets.emplace("staff_ous", std::move(staff));
    TextSet robots(Table::Match::fold);
    robots.add("Robot");
    library->sets.emplace("robots", std::move(robots));
    fragment(*library, "clean", {{"x", text_type()}}, "x | trim | collapse");
    fragment(*library, "mailbox", {{"a", text_type()}, {"b", text_type()}},
             "(a ?? b) | trim | email");
    environment.library = library;
    environment.title = "source entra";
    environment.record = source_fields();
    auto out = std::make_shared<Fields>();
    out->fields = {{.name = "firstName", .type = text_type(true)},
                   {.name = "lastName", .type = text_type(true)},
                   {.name = "country", .type = text_type(true)}};
    environment.out = out;
    auto ldap = std::make_shared<Fields>();
    ldap->fold_names = true;
    ldap->fields = {{.name = "memberOf", .type = list_of(make_type(Type::Kind::dn), true)},
                    {.name = "mail", .type = text_type(true)},
                    {.name = "uac", .type = make_type(Type::Kind::integer, true)}};
    environment.from = {{"ldap", ldap}};
    environment.sources = true;
  }

  static void fragment(Library& library, std::string name, std::vector<Parameter> parameters,
                       std::string text) {
    auto key = name;
    library.fragments.emplace(
        std::move(key),
        Fragment{std::move(name), std::move(parameters), std::move(text), {"acme.yaml", 7, 20}});
  }

  static std::shared_ptr<const Fields> source_fields() {
    const auto text = text_type(true);
    auto name = std::make_shared<Fields>();
    name->fold_names = true;
    name->fields = {{.name = "givenName", .type = text}, {.name = "familyName", .type = text}};
    auto email = std::make_shared<Fields>();
    email->fold_names = true;
    email->fields = {{.name = "value", .type = text},
                     {.name = "type", .type = text},
                     {.name = "primary", .type = make_type(Type::Kind::boolean, true)}};
    auto enterprise = std::make_shared<Fields>();
    enterprise->fold_names = true;
    enterprise->fields = {{.name = "department", .type = text},
                          {.name = "employeeNumber", .type = text}};
    auto fields = std::make_shared<Fields>();
    fields->fold_names = true;
    fields->fields = {
        {.name = "userName", .type = text},
        {.name = "displayName", .type = text},
        {.name = "name", .type = complex_of(name, true)},
        {.name = "emails", .type = list_of(complex_of(email), true)},
        {.name = "enterprise",
         .type = complex_of(enterprise, true),
         .key = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"},
        {.name = "active", .type = make_type(Type::Kind::boolean, true)},
        {.name = "uac", .type = make_type(Type::Kind::integer, true)},
        {.name = "start", .type = make_type(Type::Kind::date, true), .date_pattern = "dd.MM.yyyy"},
        {.name = "end", .type = make_type(Type::Kind::date, true)},
        {.name = "entry", .type = make_type(Type::Kind::dn, true)},
        {.name = "groups", .type = list_of(make_type(Type::Kind::dn), true)},
        {.name = "phones", .type = list_of(text_type(), true)},
        {.name = "mobile", .type = list_of(text_type(), true)},
        {.name = "mail", .type = make_type(Type::Kind::email, true)},
        {.name = "note", .type = text, .keep_empty = true},
        {.name = "postalCode;lang-de", .type = text},
        {.name = "a", .type = text},
        {.name = "b", .type = text},
        {.name = "must", .type = text_type(false)},
    };
    return fields;
  }

  std::optional<Program> compiled(std::string_view text, Expected expected = {}) {
    diagnostics.clear();
    return compile(text, {"acme.yaml", 51, 10}, environment, expected, layout, diagnostics);
  }

  // "value", JSON of it, "none", "clear", "keep" or "W-CODE".
  static std::string shown(const Outcome& outcome) {
    switch (outcome.kind) {
      case Outcome::Kind::none:
        return "none";
      case Outcome::Kind::clear:
        return "clear";
      case Outcome::Kind::keep:
        return "keep";
      case Outcome::Kind::error:
        return std::string(outcome.code);
      case Outcome::Kind::value:
        break;
    }
    const auto value = to_value(outcome.value);
    return value.is_text() ? value.as_text() : write_json(value);
  }

  // The outcome of a line on a record, or the first diagnostic.
  std::string evaluate(std::string_view text, std::string_view json = "{}",
                       Expected expected = {.flow = true}) {
    const auto program = compiled(text, expected);
    if (!program) return describe(diagnostics.at(0));
    auto parsed = parse_json(json);
    if (!parsed) return "bad JSON in the test: " + parsed.error().detail;
    record = *std::move(parsed);
    machine.start(layout, {.record = &record,
                           .from = from,
                           .sources = sources,
                           .run_time = *parse_timestamp("2026-11-22T08:30:00Z")});
    return shown(machine.run(*program));
  }

  Environment environment;
  Layout layout;
  Machine machine;
  std::vector<Diagnostic> diagnostics;
  Value record;
  std::vector<const Value*> from = {nullptr};
  std::vector<std::string> sources = {"entra", "ldap"};
};

struct Story {
  const char* line;
  const char* record;
  const char* result;
};

}  // namespace muster::mappings
