// SPDX-License-Identifier: Apache-2.0
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "core/yaml.h"
#include "mappings/csv_table.h"

// The input is a table file. It is refused with lines, or every row can be looked up.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace muster;
  using namespace muster::mappings;
  static const YamlFile written = read_yaml("{ file: t.csv, key: a }", "m.yaml");
  std::vector<Diagnostic> diagnostics;
  Report report(diagnostics, "m.yaml");
  Report file(diagnostics, "t.csv");
  const auto rows = read_csv_table(file, {reinterpret_cast<const char*>(data), size});
  if (!rows) {
    if (!has_errors(diagnostics)) std::abort();
    return 0;
  }
  if (rows->rows.size() != rows->lines.size()) std::abort();
  const auto table = table_of(report, file, written.root, "tables.t", *rows, "a",
                              Table::Match::exact, Table::Missing::absent);
  if (!table && !has_errors(diagnostics)) std::abort();
  if (table && diagnostics.empty() && table->size() != rows->rows.size()) std::abort();
  return 0;
}
