// SPDX-License-Identifier: Apache-2.0
#include "gateway/cli/map_check.h"

#include <algorithm>
#include <cstdio>

#include "gateway/cli/output.h"
#include "operations/documents/mapping.h"

namespace muster::gateway::cli {
namespace {

std::string counted(std::size_t count, const char* noun) {
  return std::to_string(count) + " " + noun + (count == 1 ? "" : "s");
}

void print_for_people(const operations::CheckedMapping& checked) {
  const auto& loaded = checked.loaded;
  const auto file = checked.file.string();
  for (const auto& one : loaded.diagnostics) std::fprintf(stderr, "%s\n", describe(one).c_str());
  const auto errors = static_cast<std::size_t>(
      std::count_if(loaded.diagnostics.begin(), loaded.diagnostics.end(),
                    [](const auto& d) { return d.severity == Severity::error; }));
  const auto warnings = loaded.diagnostics.size() - errors;
  if (loaded.tests.failed > 0)
    std::fprintf(stderr,
                 "what a record becomes, step by step: muster map eval %s --source NAME < "
                 "RECORD.json\n",
                 file.c_str());
  std::printf("%s is %s: %s, %s", file.c_str(), checked.good ? "good" : "not good",
              counted(errors, "error").c_str(), counted(warnings, "warning").c_str());
  if (loaded.tests.run > 0)
    std::printf("; %s, %zu failed; %zu of %s exercised", counted(loaded.tests.run, "test").c_str(),
                loaded.tests.failed, loaded.tests.covered, counted(loaded.rules, "rule").c_str());
  std::printf("; %s\n", counted(loaded.sources, "source").c_str());
}

}  // namespace

Result<ExitCode> check_mapping(const MapCheck& wanted) {
  const auto checked = operations::check_mapping(wanted.file, wanted.strict);
  if (wanted.json)
    print_document(as_document(checked));
  else
    print_for_people(checked);
  return checked.good ? exit_ok : exit_invalid;
}

}  // namespace muster::gateway::cli
