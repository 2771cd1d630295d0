// SPDX-License-Identifier: Apache-2.0
#include <CLI/CLI.hpp>
#include <cstdio>
#include <iostream>
#include <iterator>
#include <memory>

#include "core/json.h"
#include "gateway/cli/explain_text.h"
#include "gateway/cli/finding_text.h"
#include "gateway/cli/map.h"
#include "operations/mapping/evaluate.h"

namespace muster::gateway::cli {
namespace {

struct Flags {
  std::string file = {};
  std::string source = {};
  std::string at = {};
  bool explain = false;
};

void print_result(const Value& document) {
  RowWriter rows(Format::table, {{"attribute", "ATTRIBUTE"}, {"value", "VALUE"}});
  if (const auto* rule = document.find("skippedBy"))
    std::printf("out of scope by rule %s\n", rule->as_text().c_str());
  for (const auto* part : {"attributes", "flows"}) {
    for (const auto& one : document.find(part)->as_object())
      rows.add({one.name, one.value.is_text() ? one.value.as_text() : write_json(one.value)});
  }
  rows.finish();
  for (const auto& one : document.find("findings")->as_list()) print_finding(one, 0);
  if (document.find("quarantined")->as_bool()) std::printf("the record would be quarantined\n");
}

Result<ExitCode> eval(const Globals& globals, const Flags& flags) {
  auto loaded = mappings::Engine::load_file(flags.file);
  for (const auto& one : loaded.diagnostics)
    if (one.severity == Severity::error) std::fprintf(stderr, "%s\n", describe(one).c_str());
  if (!loaded.engine) return exit_invalid;
  operations::EvaluationRequest request{
      .source = flags.source, .mapping_name = flags.file, .record_name = "standard input"};
  MUSTER_CHECK(operations::check_source(*loaded.engine, request));
  MUSTER_TRY(request.at, time_of(flags.at));
  request.record.assign(std::istreambuf_iterator<char>(std::cin), {});
  // Nothing of an installation is read here, so the key ends with the process.
  MUSTER_TRY(const auto veil, auth::Veil::make());
  const auto evaluated = flags.explain ? operations::explain_evaluation : operations::evaluate;
  MUSTER_TRY(const auto document, evaluated(*loaded.engine, request, veil));
  if (globals.format != Format::table)
    print_document(document);
  else
    flags.explain ? print_explanation(document) : print_result(document);
  return exit_ok;
}

}  // namespace

void add_map_eval(CLI::App& group, const Globals& globals, const Register& when) {
  auto flags = std::make_shared<Flags>();
  auto* verb = group.add_subcommand("eval", "What one record (JSON on standard input) becomes");
  verb->add_option("FILE", flags->file, "Mapping file")->required();
  verb->add_option("--source", flags->source, "The source that tells the record")->required();
  verb->add_option("--at", flags->at, "Run time, e.g. 2026-11-22T08:00:00Z (default: now)");
  verb->add_flag("--explain", flags->explain, "Step by step, with the rules and their places");
  when(verb, [&globals, flags] { return eval(globals, *flags); });
}

}  // namespace muster::gateway::cli
