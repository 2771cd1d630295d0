// SPDX-License-Identifier: Apache-2.0
#include <CLI/CLI.hpp>
#include <cstdio>
#include <iostream>
#include <iterator>
#include <memory>

#include "core/json.h"
#include "gateway/cli/explain_text.h"
#include "gateway/cli/map.h"
#include "gateway/veil.h"
#include "mappings/explain.h"
#include "provision/explain/explain.h"

namespace muster::gateway::cli {
namespace {

struct Flags {
  std::string file = {};
  std::string source = {};
  std::string at = {};
  bool explain = false;
};

// The record comes as JSON on standard input, as the source would tell it: a SCIM resource, or
// attribute -> value(s).
Result<SourceRecord> read_record(const mappings::SourceInfo& info) {
  const std::string text(std::istreambuf_iterator<char>(std::cin), {});
  SourceRecord record;
  record.key.source = info.name;
  MUSTER_TRY(const auto attributes, parse_json(text));
  if (!attributes.is_object()) {
    return fail(Fault::invalid, "the record must be a JSON object: attribute names and values",
                "standard input");
  }
  if (const auto* key = attributes.find_fold(info.key); key != nullptr && key->is_text())
    record.key.key = key->as_text();
  record.document = write_json(attributes);
  return record;
}

Value result_of(const mappings::Mapped& mapped, const mappings::Engine& engine, const Veil& veil) {
  Value document;
  document.set("inScope", mapped.in_scope);
  if (!mapped.in_scope) document.set("skippedBy", mapped.scope_rule);
  document.set("quarantined", mapped.quarantined);
  document.set("linkKey", mapped.link_key);
  document.set("enabled", mapped.enabled);
  Value attributes{Value::Object{}}, flows{Value::Object{}};
  for (const auto& offer : mapped.contribution.offers) {
    const bool hidden = engine.sensitive(offer.attribute);
    if (offer.flow == Flow::value)
      attributes.set(offer.attribute, hidden ? veil(offer.value) : offer.value);
    else
      flows.set(offer.attribute, offer.flow == Flow::clear ? "clear" : "keep");
  }
  document.set("attributes", std::move(attributes));
  document.set("flows", std::move(flows));
  Value::List findings;
  for (const auto& finding : mapped.findings) {
    Value one;
    one.set("code", finding.code);
    one.set("attribute", finding.attribute);
    one.set("message",
            engine.sensitive(finding.attribute) ? "its value is sensitive" : finding.message);
    findings.push_back(std::move(one));
  }
  document.set("findings", std::move(findings));
  return document;
}

void print_result(const Value& document) {
  RowWriter rows(Format::table, {{"attribute", "ATTRIBUTE"}, {"value", "VALUE"}});
  if (const auto* rule = document.find("skippedBy"))
    std::printf("out of scope by rule %s\n", rule->as_text().c_str());
  for (const auto* part : {"attributes", "flows"}) {
    for (const auto& one : document.find(part)->as_object())
      rows.add({one.name, one.value.is_text() ? one.value.as_text() : write_json(one.value)});
  }
  rows.finish();
  for (const auto& one : document.find("findings")->as_list())
    std::printf("finding %s %s\n", one.find("code")->as_text().c_str(),
                printable(one.find("message")->as_text()).c_str());
  if (document.find("quarantined")->as_bool()) std::printf("the record would be quarantined\n");
}

Result<ExitCode> eval(const Globals& globals, const Flags& flags) {
  auto loaded = mappings::Engine::load_file(flags.file);
  for (const auto& one : loaded.diagnostics)
    if (one.severity == Severity::error) std::fprintf(stderr, "%s\n", describe(one).c_str());
  if (!loaded.engine) return exit_invalid;
  const auto* info = loaded.engine->source(flags.source);
  if (info == nullptr) {
    return fail(Fault::not_found, "the mapping file has no source '" + flags.source + "'",
                flags.file);
  }
  MUSTER_TRY(const auto run_time, time_of(flags.at));
  MUSTER_TRY(const auto record, read_record(*info));
  // Nothing of an installation is read here, so the key ends with the process.
  MUSTER_TRY(const auto veil, Veil::make());
  if (!flags.explain) {
    const auto document = result_of(loaded.engine->map(record, run_time), *loaded.engine, veil);
    globals.format == Format::table ? print_result(document) : print_document(document);
    return exit_ok;
  }
  MUSTER_TRY(auto document, mappings::explain_alone(*loaded.engine, record, run_time, veil));
  provision::shorten(document, explanation_size);
  globals.format == Format::table ? print_explanation(document) : print_document(document);
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
