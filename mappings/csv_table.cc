// SPDX-License-Identifier: Apache-2.0
#include "mappings/csv_table.h"

#include <algorithm>

#include "core/text.h"

namespace muster::mappings {
namespace {

constexpr std::size_t most_problems = 100;  // nobody reads on behind so many

// Reads one row from the front of `rest`; false when a quote is never closed.
bool take_row(std::string_view& rest, std::vector<std::string>& row, int& line) {
  row.assign(1, {});
  bool in_quotes = false;
  while (!rest.empty()) {
    char c = rest.front();
    rest.remove_prefix(1);
    if (c == '\n') ++line;
    if (in_quotes) {
      if (c != '"') {
        row.back() += c;
      } else if (rest.starts_with('"')) {
        row.back() += '"';
        rest.remove_prefix(1);
      } else {
        in_quotes = false;
      }
    } else if (c == '"' && row.back().empty()) {
      in_quotes = true;
    } else if (c == ',') {
      row.emplace_back();
    } else if (c == '\n') {
      return true;
    } else if (c != '\r') {
      row.back() += c;
    }
  }
  return !in_quotes;
}

std::optional<std::size_t> column_of(Report& report, const YamlNode& at, const CsvTable& rows,
                                     const std::string& name) {
  auto found = std::find(rows.header.begin(), rows.header.end(), name);
  if (found != rows.header.end()) return static_cast<std::size_t>(found - rows.header.begin());
  std::string all;
  for (const auto& column : rows.header) all += (all.empty() ? "" : ", ") + column;
  const auto near = did_you_mean(name, rows.header);
  report.error(at, "E-TABLE",
               "the table file has no column '" + name + "'" +
                   (!near.empty() ? near
                    : rows.header.size() == 1
                        ? ": its only one is '" + all + "'; columns are separated by commas"
                        : "; it has " + all));
  return std::nullopt;
}

}  // namespace

std::optional<CsvTable> read_csv_table(Report& file, std::string_view text) {
  CsvTable table;
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  if (const auto bad = first_invalid_utf8(text)) {
    const auto before = text.substr(0, *bad);
    file.error(static_cast<int>(std::count(before.begin(), before.end(), '\n')) + 1, 0, "E-UTF8",
               "the file is not UTF-8 from here on; save it with that encoding");
    return std::nullopt;
  }
  int line = 1;
  bool good = true;
  std::vector<std::string> row;
  while (!text.empty()) {
    const int begin = line;
    if (!take_row(text, row, line)) {
      file.error(begin, 0, "E-TABLE", "the quote that opens here is never closed");
      return std::nullopt;
    }
    if (row.size() == 1 && row[0].empty()) continue;
    if (table.header.empty()) {
      table.header = row;
    } else if (row.size() == table.header.size()) {
      table.rows.push_back(row);
      table.lines.push_back(begin);
    } else {
      file.error(begin, 0, "E-TABLE",
                 "this row has " + std::to_string(row.size()) + " columns, the header has " +
                     std::to_string(table.header.size()));
      good = false;
    }
    if (file.diagnostics().size() >= most_problems) return std::nullopt;
  }
  if (table.header.empty()) file.error(1, 0, "E-TABLE", "there is no header line");
  for (std::size_t i = 0; i < table.header.size(); ++i)
    if (std::find(table.header.begin() + static_cast<std::ptrdiff_t>(i) + 1, table.header.end(),
                  table.header[i]) != table.header.end()) {
      file.error(1, 0, "E-TABLE", "the column '" + table.header[i] + "' is there twice");
      good = false;
    }
  return good && !table.header.empty() ? std::optional(std::move(table)) : std::nullopt;
}

std::optional<Table> table_of(Report& report, Report& file, const YamlNode& node,
                              const std::string& what, const CsvTable& rows, const std::string& key,
                              Table::Match match, Table::Missing missing) {
  auto key_column = column_of(report, *node.find("key"), rows, key);
  if (!key_column) return std::nullopt;
  std::vector<std::size_t> columns;
  if (auto value = report.text(node, "value", what)) {
    auto column = column_of(report, *node.find("value"), rows, *value);
    if (!column) return std::nullopt;
    columns.push_back(*column);
  } else {
    for (std::size_t i = 0; i < rows.header.size(); ++i)
      if (i != *key_column) columns.push_back(i);
  }
  std::vector<std::string> names;
  for (auto column : columns) names.push_back(rows.header[column]);
  Table table(names, match, missing);
  for (std::size_t i = 0; i < rows.rows.size(); ++i) {
    const auto& row = rows.rows[i];
    std::vector<std::string> values;
    for (auto column : columns) values.push_back(row[column]);
    if (!table.add(row[*key_column], std::move(values)))
      file.error(
          rows.lines[i], 0, "E-DUP",
          "the key '" + row[*key_column] + "' is there before, and " + what + " can hold it once");
    if (file.diagnostics().size() >= most_problems) break;
  }
  return table;
}

}  // namespace muster::mappings
