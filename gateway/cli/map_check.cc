// SPDX-License-Identifier: Apache-2.0
#include "gateway/cli/map_check.h"

#include <algorithm>
#include <cstdio>

#include "core/diagnostic.h"
#include "gateway/cli/output.h"
#include "mappings/engine.h"

namespace muster::gateway::cli {
namespace {

using mappings::Loaded;

Value number(std::size_t count) { return Value(static_cast<std::int64_t>(count)); }

Value document_of(const Diagnostic& diagnostic) {
  Value out{Value::Object{}};
  out.set("severity", name_of(diagnostic.severity));
  out.set("file", diagnostic.file);
  out.set("line", diagnostic.line);
  out.set("column", diagnostic.column);
  out.set("code", diagnostic.code);
  out.set("message", diagnostic.message);
  if (auto suggestion = suggestion_of(diagnostic); !suggestion.empty())
    out.set("suggestion", std::move(suggestion));
  return out;
}

Value summary_of(const MapCheck& wanted, const Loaded& loaded, bool good) {
  Value tests{Value::Object{}};
  tests.set("run", number(loaded.tests.run));
  tests.set("failed", number(loaded.tests.failed));
  Value coverage{Value::Object{}};
  coverage.set("rules", number(loaded.rules));
  coverage.set("covered", number(loaded.tests.covered));
  Value out{Value::Object{}};
  out.set("file", wanted.file);
  out.set("good", good);
  out.set("sha256", loaded.sha256);
  out.set("sources", number(loaded.sources));
  out.set("rules", number(loaded.rules));
  out.set("tests", std::move(tests));
  out.set("coverage", std::move(coverage));
  return out;
}

void print_for_programs(const MapCheck& wanted, const Loaded& loaded, bool good) {
  Value::List diagnostics;
  for (const auto& diagnostic : loaded.diagnostics) diagnostics.push_back(document_of(diagnostic));
  Value out{Value::Object{}};
  out.set("diagnostics", std::move(diagnostics));
  out.set("summary", summary_of(wanted, loaded, good));
  print_document(out);
}

std::string counted(std::size_t count, const char* noun) {
  return std::to_string(count) + " " + noun + (count == 1 ? "" : "s");
}

void print_for_people(const MapCheck& wanted, const Loaded& loaded, bool good) {
  for (const auto& one : loaded.diagnostics) std::fprintf(stderr, "%s\n", describe(one).c_str());
  const auto errors = static_cast<std::size_t>(
      std::count_if(loaded.diagnostics.begin(), loaded.diagnostics.end(),
                    [](const auto& d) { return d.severity == Severity::error; }));
  const auto warnings = loaded.diagnostics.size() - errors;
  if (loaded.tests.failed > 0)
    std::fprintf(stderr,
                 "what a record becomes, step by step: muster map eval %s --source NAME < "
                 "RECORD.json\n",
                 wanted.file.c_str());
  std::printf("%s is %s: %s, %s", wanted.file.c_str(), good ? "good" : "not good",
              counted(errors, "error").c_str(), counted(warnings, "warning").c_str());
  if (loaded.tests.run > 0)
    std::printf("; %s, %zu failed; %zu of %s exercised", counted(loaded.tests.run, "test").c_str(),
                loaded.tests.failed, loaded.tests.covered, counted(loaded.rules, "rule").c_str());
  std::printf("; %s\n", counted(loaded.sources, "source").c_str());
}

}  // namespace

Result<ExitCode> check_mapping(const MapCheck& wanted) {
  const auto loaded = mappings::Engine::load_file(wanted.file);
  const bool has_warnings =
      std::any_of(loaded.diagnostics.begin(), loaded.diagnostics.end(),
                  [](const auto& d) { return d.severity == Severity::warning; });
  const bool good = loaded.engine && !(wanted.strict && has_warnings);
  if (wanted.json)
    print_for_programs(wanted, loaded, good);
  else
    print_for_people(wanted, loaded, good);
  return good ? exit_ok : exit_invalid;
}

}  // namespace muster::gateway::cli
