// SPDX-License-Identifier: Apache-2.0
#include "mappings/csv_table.h"

#include <algorithm>
#include <utility>

#include "core/csv/reader.h"
#include "core/text.h"

namespace muster::mappings {
namespace {

constexpr std::size_t most_problems = 100;  // nobody reads on behind so many

// Takes the rows, and says in the table file's report what is wrong with them.
class Collector final : public CsvEvents {
 public:
  Collector(Report& file, CsvTable& table) : file_(file), table_(table) {}

  bool good() const { return good_; }

  bool record(const CsvRecord& record) override {
    const auto& cells = record.fields;
    if (cells.size() == 1 && cells[0].empty()) return true;
    const auto line = static_cast<int>(record.line);
    if (table_.header.empty() && good_) {
      table_.header.assign(cells.begin(), cells.end());
    } else if (cells.size() == table_.header.size()) {
      table_.rows.emplace_back(cells.begin(), cells.end());
      table_.lines.push_back(line);
    } else if (!table_.header.empty()) {
      refuse(line, "this row has " + std::to_string(cells.size()) + " columns, the header has " +
                       std::to_string(table_.header.size()));
    }
    return file_.diagnostics().size() < most_problems;
  }

  void problem(const CsvProblem& problem) override {
    if (severity_of(problem.code) != Severity::error) return;
    if (file_.diagnostics().size() >= most_problems) return;
    refuse(static_cast<int>(problem.line), problem.code == CsvProblemCode::unclosed_quote
                                               ? "the quote that opens here is never closed"
                                               : message_of(problem));
  }

 private:
  void refuse(int line, std::string message) {
    file_.error(line, 0, "E-TABLE", std::move(message));
    good_ = false;
  }

  Report& file_;
  CsvTable& table_;
  bool good_ = true;
};

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
  Collector collector(file, table);
  CsvReader reader({.equal_counts = false}, collector);
  if (reader.feed(text)) reader.finish();
  bool good = collector.good();
  if (file.diagnostics().size() >= most_problems) return std::nullopt;
  if (table.header.empty() && !good) return std::nullopt;
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
