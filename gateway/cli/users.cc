// SPDX-License-Identifier: Apache-2.0
#include <CLI/CLI.hpp>
#include <cstdio>
#include <memory>

#include "core/json.h"
#include "gateway/cli/command.h"
#include "gateway/cli/explain_text.h"
#include "gateway/cli/finding_text.h"
#include "gateway/cli/map.h"
#include "operations/documents/person.h"
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

// A page of people; what is wrong with the names of a filter is told of the flag.
Result<store::Page<Identity>> page_of(Runtime& runtime, const Query& query) {
  auto page = operations::list_people(runtime.installation(), query);
  if (!page && page.error().code == "invalidFilter") page.error().where = "--filter";
  return page;
}

Result<ExitCode> list(const Globals& globals, const std::string& filter) {
  MUSTER_TRY(auto runtime, open_runtime(globals));
  Query query;
  query.count = page_size;
  query.want_total = false;
  if (!filter.empty()) {
    MUSTER_TRY(query.filter, scim::parse_people_filter(filter));
  }
  RowWriter rows(globals.format, {{"userName", "USER NAME"},
                                  {"email", "EMAIL"},
                                  {"class", "CLASS"},
                                  {"rule", "RULE"},
                                  {"sources", "SOURCES"},
                                  {"state", "STATE"}});
  for (;;) {
    MUSTER_TRY(auto page, page_of(*runtime, query));
    for (const auto& person : page.rows) {
      rows.add({person.user_name, operations::mail_of(person),
                std::string(name_of(person.classification)), person.classification_rule,
                joined(person.sources), std::string(name_of(person.state))},
               operations::as_document(person));
    }
    if (page.rows.size() < static_cast<std::size_t>(page_size)) break;
    query.after = page.rows.back().id;
  }
  rows.finish();
  return exit_ok;
}

void print_person(const Identity& person, const std::vector<store::RecordRow>& records) {
  std::printf("%s  %s  %s (rule %s)  %s%s\n  id %s, created %s, modified %s\n",
              printable(person.user_name).c_str(), printable(operations::mail_of(person)).c_str(),
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
  for (const auto& finding : person.findings) print_finding(document_of(finding), 0);
  for (const auto& record : records) {
    if (record.findings.empty()) continue;
    std::printf("record %s/%s\n", record.head.key.source.c_str(),
                printable(record.head.key.key).c_str());
    for (const auto& finding : record.findings) print_finding(document_of(finding), 2);
  }
}

Result<ExitCode> show(const Globals& globals, const std::string& id) {
  MUSTER_TRY(auto runtime, open_runtime(globals));
  MUSTER_TRY(const auto details, with_hint(operations::show_person(runtime->installation(), id),
                                           Fault::not_found, person_hint));
  if (globals.format != Format::table) {
    print_document(as_document(details));
    return exit_ok;
  }
  print_person(details.person, details.records);
  for (const auto& name : details.generated) std::printf("%s: generated, not kept\n", name.c_str());
  return exit_ok;
}

Result<ExitCode> explain(const Globals& globals, const std::string& id) {
  MUSTER_TRY(auto runtime, open_runtime(globals));
  const auto& here = runtime->installation();
  MUSTER_TRY(const auto veil, auth::Veil::open(here.state_directory));
  MUSTER_TRY(const auto document, operations::explain_person(here, id, veil));
  globals.format == Format::table ? print_explanation(document) : print_document(document);
  return exit_ok;
}

Result<ExitCode> rename(const Globals& globals, const std::string& id, const std::string& name,
                        const std::string& by) {
  MUSTER_TRY(auto runtime, open_runtime(globals));
  MUSTER_TRY(const auto renamed,
             with_hint(operations::rename_person(runtime->installation(), id, name, by),
                       Fault::not_found, person_hint));
  if (globals.json_errors()) {
    print_document(operations::as_document(renamed.person));
  } else if (!globals.quiet) {
    std::fprintf(stderr, "%s is %s now; the old name stays taken\n", renamed.before.c_str(),
                 renamed.person.user_name.c_str());
  }
  return exit_ok;
}

}  // namespace

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
