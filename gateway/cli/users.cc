// SPDX-License-Identifier: Apache-2.0
#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <memory>

#include "core/json.h"
#include "core/text.h"
#include "gateway/cli/command.h"
#include "gateway/cli/explain_text.h"
#include "gateway/cli/map.h"
#include "gateway/veil.h"
#include "provision/explain/explain.h"
#include "provision/people/rename.h"
#include "scim/filter_parser.h"

namespace muster::gateway::cli {
namespace {

constexpr int page_size = 500;

std::string joined(const std::vector<std::string>& words) {
  std::string text;
  for (const auto& word : words) text += (text.empty() ? "" : ", ") + word;
  return text;
}

std::string text_of(const Value& value) {
  return value.is_text() ? value.as_text() : write_json(value);
}

Value as_document(const Identity& identity) {
  Value document;
  document.set("id", identity.id);
  document.set("userName", identity.user_name);
  document.set("email", identity.email);
  document.set("class", name_of(identity.classification));
  document.set("rule", identity.classification_rule);
  document.set("sources", Value::List(identity.sources.begin(), identity.sources.end()));
  document.set("state", name_of(identity.state));
  if (!identity.state_reason.empty()) document.set("stateReason", identity.state_reason);
  Value::List attributes;
  for (const auto& attribute : identity.attributes) {
    Value one;
    one.set("name", attribute.name);
    one.set("value", attribute.value);
    one.set("source", attribute.source);
    one.set("rule", attribute.rule);
    attributes.push_back(std::move(one));
  }
  document.set("attributes", std::move(attributes));
  Value::List groups;
  for (const auto& group : identity.groups) {
    Value one;
    one.set("path", group.path);
    one.set("role", group.role);
    one.set("rule", group.rule);
    if (group.create) one.set("create", true);
    groups.push_back(std::move(one));
  }
  document.set("groups", std::move(groups));
  Value::List findings;
  for (const auto& finding : identity.findings) {
    Value one;
    one.set("code", finding.code);
    one.set("attribute", finding.attribute);
    one.set("message", finding.message);
    findings.push_back(std::move(one));
  }
  document.set("findings", std::move(findings));
  document.set("created", format_timestamp(identity.created));
  document.set("modified", format_timestamp(identity.modified));
  return document;
}

Value as_document(const store::RecordRow& record) {
  Value document;
  document.set("id", record.head.id);
  document.set("source", record.head.key.source);
  document.set("key", record.head.key.key);
  document.set("state", store::name_of(record.head.state));
  document.set("linkedBy", record.correlated_by);
  document.set("modified", format_timestamp(record.head.modified));
  return document;
}

// What people may be searched by, besides the attributes of the mapping file's schema.
const std::vector<std::string> searchable = {"id",     "userName", "email", "emails",
                                             "active", "external", "class", "classification",
                                             "state",  "sources",  "meta"};

// A misspelt attribute would quietly match nobody: it is refused. `class` is what lists call the
// classification.
Status resolve_names(Filter& filter, const std::vector<std::string>& known) {
  for (auto& operand : filter.of) {
    if (filter.op != Filter::Op::element) MUSTER_CHECK(resolve_names(operand, known));
  }
  auto& name = filter.path.attribute;
  if (name.empty()) return {};
  const auto same = [&name](const std::string& one) { return ascii_equal_fold(one, name); };
  if (std::none_of(known.begin(), known.end(), same)) {
    return fail(Fault::invalid,
                "people have no attribute '" + name + "'" + did_you_mean(name, known), "--filter",
                "invalidFilter");
  }
  if (ascii_equal_fold(name, "class")) name = "classification";
  return {};
}

Result<std::optional<Filter>> read_filter(const std::string& text, const mappings::Engine& engine) {
  if (text.empty()) return std::optional<Filter>{};
  MUSTER_TRY(auto filter, scim::parse_people_filter(text));
  auto known = engine.attribute_names();
  known.insert(known.end(), searchable.begin(), searchable.end());
  MUSTER_CHECK(resolve_names(filter, known));
  return std::optional(std::move(filter));
}

Result<ExitCode> list(const Globals& globals, const std::string& filter) {
  MUSTER_TRY(auto runtime, open_runtime(globals));
  Query query;
  query.count = page_size;
  query.want_total = false;
  MUSTER_TRY(query.filter, read_filter(filter, *runtime->provisioner().engine()));
  MUSTER_TRY(auto reader, runtime->store().reader());
  RowWriter rows(globals.format, {{"userName", "USER NAME"},
                                  {"email", "EMAIL"},
                                  {"class", "CLASS"},
                                  {"rule", "RULE"},
                                  {"sources", "SOURCES"},
                                  {"state", "STATE"}});
  for (;;) {
    MUSTER_TRY(auto page, reader->people().list(query));
    for (const auto& person : page.rows) {
      rows.add(
          {person.user_name, person.email, std::string(name_of(person.classification)),
           person.classification_rule, joined(person.sources), std::string(name_of(person.state))},
          as_document(person));
    }
    if (page.rows.size() < static_cast<std::size_t>(page_size)) break;
    query.after = page.rows.back().id;
  }
  rows.finish();
  return exit_ok;
}

void print_person(const Identity& person, const std::vector<store::RecordRow>& records) {
  std::printf("%s  %s  %s (rule %s)  %s%s\n  id %s, created %s, modified %s\n",
              printable(person.user_name).c_str(), printable(person.email).c_str(),
              std::string(name_of(person.classification)).c_str(),
              person.classification_rule.c_str(), std::string(name_of(person.state)).c_str(),
              person.state_reason.empty() ? "" : (": " + printable(person.state_reason)).c_str(),
              person.id.c_str(), format_timestamp(person.created).c_str(),
              format_timestamp(person.modified).c_str());
  std::printf("\n");
  RowWriter attributes(
      Format::table,
      {{"name", "ATTRIBUTE"}, {"value", "VALUE"}, {"source", "SOURCE"}, {"rule", "RULE"}});
  for (const auto& attribute : person.attributes) {
    attributes.add({attribute.name, text_of(attribute.value), attribute.source, attribute.rule});
  }
  attributes.finish();
  std::printf("\n");
  RowWriter told(Format::table, {{"source", "SOURCE"},
                                 {"key", "RECORD"},
                                 {"state", "STATE"},
                                 {"linkedBy", "LINKED BY"},
                                 {"modified", "MODIFIED"}});
  for (const auto& record : records) {
    told.add({record.head.key.source, record.head.key.key,
              std::string(store::name_of(record.head.state)), record.correlated_by,
              format_timestamp(record.head.modified)});
  }
  told.finish();
  for (const auto& group : person.groups)
    std::printf("group %s as %s (rule %s)\n", printable(group.path).c_str(), group.role.c_str(),
                group.rule.c_str());
  for (const auto& finding : person.findings)
    std::printf("finding %s %s\n", finding.code.c_str(), printable(finding.message).c_str());
}

Result<ExitCode> show(const Globals& globals, const std::string& id) {
  MUSTER_TRY(auto runtime, open_runtime(globals));
  MUSTER_TRY(auto reader, runtime->store().reader());
  MUSTER_TRY(auto person, find_person(*reader, id));
  MUSTER_TRY(auto records, reader->people().records(person.id));
  const auto engine = runtime->provisioner().engine();
  if (globals.format == Format::table) {
    print_person(person, records);
    for (const auto& generated : engine->generated())
      std::printf("%s: generated, not kept\n", generated.name.c_str());
    return exit_ok;
  }
  auto document = as_document(person);
  Value::List names;
  for (const auto& generated : engine->generated()) names.emplace_back(generated.name);
  if (!names.empty()) document.set("generatedNotKept", std::move(names));
  Value::List list;
  for (const auto& record : records) list.push_back(as_document(record));
  document.set("records", std::move(list));
  print_document(document);
  return exit_ok;
}

// By user name, or by what provision::explain() takes.
Result<ExitCode> explain(const Globals& globals, const std::string& id) {
  MUSTER_TRY(auto runtime, open_runtime(globals));
  MUSTER_TRY(const auto veil, Veil::open(runtime->config().state_directory));
  auto wanted = id;
  {
    MUSTER_TRY(auto reader, runtime->store().reader());
    MUSTER_TRY(const auto by_name, reader->people().by_user_name(id));
    if (by_name) wanted = by_name->id;
  }
  MUSTER_TRY(auto document,
             provision::explain(runtime->provisioner(), wanted, system_clock().now(), veil));
  provision::shorten(document, explanation_size);
  globals.format == Format::table ? print_explanation(document) : print_document(document);
  return exit_ok;
}

Result<ExitCode> rename(const Globals& globals, const std::string& id, const std::string& name,
                        const std::string& by) {
  MUSTER_TRY(auto runtime, open_runtime(globals));
  MUSTER_TRY(auto reader, runtime->store().reader());
  MUSTER_TRY(auto person, find_person(*reader, id));
  reader.reset();
  MUSTER_TRY(auto renamed,
             provision::rename(runtime->provisioner(), person.id, name, by, system_clock().now()));
  if (globals.json_errors()) {
    print_document(as_document(renamed));
  } else if (!globals.quiet) {
    std::fprintf(stderr, "%s is %s now; the old name stays taken\n", person.user_name.c_str(),
                 renamed.user_name.c_str());
  }
  return exit_ok;
}

}  // namespace

Result<Identity> find_person(store::Reader& reader, const std::string& id) {
  MUSTER_TRY(auto by_id, reader.people().get(id));
  if (by_id) return std::move(*by_id);
  MUSTER_TRY(auto by_name, reader.people().by_user_name(id));
  if (by_name) return std::move(*by_name);
  return fail(Fault::not_found, "there is no person with id or user name '" + id +
                                    "'; `muster users list` shows all");
}

void add_users(CLI::App& app, const Globals& globals, const Register& when) {
  auto* group = app.add_subcommand("users", "The people");
  group->require_subcommand(1);

  auto* lister = group->add_subcommand("list", "Everybody, or those that a filter names");
  auto filter = std::make_shared<std::string>();
  lister->add_option("--filter", *filter,
                     R"(SCIM filter, e.g. 'state eq "inactive" and class eq "external"')");
  when(lister, [&globals, filter] { return list(globals, *filter); });

  auto id = std::make_shared<std::string>();
  auto* shower = group->add_subcommand("show", "One person: values, sources, groups, findings");
  shower->add_option("ID", *id, "Id or user name")->required();
  when(shower, [&globals, id] { return show(globals, *id); });

  auto* explainer =
      group->add_subcommand("explain", "Why one person is as it is: every value, rule and loser");
  explainer->add_option("ID", *id, "Id or user name, or a record: its id or SOURCE/KEY")
      ->required();
  when(explainer, [&globals, id] { return explain(globals, *id); });

  auto name = std::make_shared<std::string>();
  auto by = std::make_shared<std::string>();
  auto* renamer = group->add_subcommand(
      "rename", "Another user name; the old one is never given to anybody else");
  renamer->add_option("ID", *id, "Id or user name")->required();
  renamer->add_option("NAME", *name, "The new user name")->required();
  renamer->add_option("--by", *by, "Who decided, for the audit")->required();
  when(renamer, [&globals, id, name, by] { return rename(globals, *id, *name, *by); });
}

}  // namespace muster::gateway::cli
