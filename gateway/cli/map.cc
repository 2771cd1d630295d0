// SPDX-License-Identifier: Apache-2.0
#include <CLI/CLI.hpp>
#include <cstdio>
#include <iostream>
#include <iterator>
#include <memory>

#include "core/json.h"
#include "gateway/cli/command.h"
#include "gateway/cli/map_check.h"
#include "mappings/explain.h"

namespace muster::gateway::cli {
namespace {

mappings::Loaded load(const std::string& file) {
  auto loaded = mappings::Engine::load_file(file);
  for (const auto& one : loaded.diagnostics) std::fprintf(stderr, "%s\n", describe(one).c_str());
  return loaded;
}

// The record comes as JSON on standard input, as the source would tell it: a SCIM resource, or
// attribute -> value(s).
Result<ExitCode> eval(const std::string& file, const std::string& source) {
  const auto loaded = load(file);
  if (!loaded.engine) return exit_invalid;
  const auto* info = loaded.engine->source(source);
  if (info == nullptr)
    return fail(Fault::not_found, "the mapping file has no source '" + source + "'", file);
  const std::string text(std::istreambuf_iterator<char>(std::cin), {});
  SourceRecord record;
  record.key.source = source;
  MUSTER_TRY(record.attributes, parse_json(text));
  if (!record.attributes.is_object()) {
    return fail(Fault::invalid, "the record must be a JSON object: attribute names and values",
                "standard input");
  }
  if (const auto* key = record.attributes.find_fold(info->key); key != nullptr && key->is_text())
    record.key.key = key->as_text();
  print_document(mappings::explain_record(*loaded.engine, record, system_clock().now()));
  return exit_ok;
}

}  // namespace

void add_map(CLI::App& app, const Globals& globals, const Register& when) {
  auto* group = app.add_subcommand("map", "Mapping files");
  group->require_subcommand(1);
  add_presets(*group, globals, when);
  auto file = std::make_shared<std::string>();
  auto source = std::make_shared<std::string>();

  auto checked = std::make_shared<MapCheck>();
  auto* checker =
      group->add_subcommand("check", "Load a mapping file, run its tests, tell every problem");
  checker->add_option("FILE", checked->file, "Mapping file")->required();
  checker->add_flag("--json", checked->json, "Findings and summary as one JSON document");
  checker->add_flag("--strict", checked->strict, "Warnings fail too");
  when(checker, [checked, &globals] {
    checked->json = checked->json || globals.json_errors();
    return check_mapping(*checked);
  });

  auto* evaluator = group->add_subcommand(
      "eval", "What one record (JSON on standard input) becomes, step by step");
  evaluator->add_option("FILE", *file, "Mapping file")->required();
  evaluator->add_option("--source", *source, "The source that tells the record")->required();
  when(evaluator, [file, source] { return eval(*file, *source); });
}

}  // namespace muster::gateway::cli
