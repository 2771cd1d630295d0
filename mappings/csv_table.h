// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "mappings/language/sets.h"
#include "mappings/report.h"

namespace muster::mappings {

// A small CSV text in memory, read like every CSV file (core/csv/reader.h) with a comma between
// cells; `lines`: where each row begins.
struct CsvTable {
  std::vector<std::string> header = {};
  std::vector<std::vector<std::string>> rows = {};
  std::vector<int> lines = {};
};

// `file` takes what is wrong, with the lines of the table file: E-TABLE, E-UTF8.
std::optional<CsvTable> read_csv_table(Report& file, std::string_view text);

// The rows as a table of the mapping file: `key` names the key column, `value` in `node` the one
// value column (all others when it is not there). nullopt after a diagnostic of `report`; a key
// that is there twice is E-DUP in `file`.
std::optional<Table> table_of(Report& report, Report& file, const YamlNode& node,
                              const std::string& what, const CsvTable& rows, const std::string& key,
                              Table::Match match, Table::Missing missing);

}  // namespace muster::mappings
