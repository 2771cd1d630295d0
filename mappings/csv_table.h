// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "mappings/language/sets.h"
#include "mappings/report.h"

namespace muster::mappings {

// A small CSV text (RFC 4180, comma) in memory. `problem` is a sentence with the line, or empty.
struct CsvTable {
  std::vector<std::string> header = {};
  std::vector<std::vector<std::string>> rows = {};
  std::string problem = {};
};

CsvTable read_csv_table(std::string_view text);

// The rows as a table of the file: `key` names the key column, `value` in `node` the one value
// column (all others when it is not there). nullopt after a diagnostic.
std::optional<Table> table_of(Report& report, const YamlNode& node, const std::string& what,
                              const CsvTable& rows, const std::string& key, Table::Match match,
                              Table::Missing missing);

}  // namespace muster::mappings
