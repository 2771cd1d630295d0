// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"
#include "core/value.h"

namespace muster::gateway::cli {

enum class Format { table, json, jsonl, csv };

// Rows on standard output: a table for people, or JSON, JSON lines or CSV with stable field names
// for programs. Rows are written as they come, except by `table`, which keeps as many as it needs
// to find widths.
class RowWriter {
 public:
  struct Column {
    std::string field = {};  // JSON and CSV name
    std::string title = {};  // table
  };

  RowWriter(Format format, std::vector<Column> columns);
  void add(std::vector<std::string> cells);
  // For JSON: the row as a document, when it holds more than the cells.
  void add(std::vector<std::string> cells, Value document);
  // A document whose members are these columns, all of them text.
  void add_document(const Value& document);
  void finish();

 private:
  void print_table();

  Format format_;
  std::vector<Column> columns_;
  std::vector<std::vector<std::string>> rows_ = {};
  bool first_ = true;
};

// Indented JSON and a line end on standard output.
void print_document(const Value& document);

// The error on standard error, and with JSON output its envelope on standard output.
void print_error(Format format, const Error& error);

// How many columns of a terminal the text takes (East Asian wide characters take two, marks none).
std::size_t display_width(std::string_view text);

// A cell for CSV: quoted when needed; a text that a spreadsheet would take for a formula gets a
// leading apostrophe.
std::string csv_cell(std::string_view text);

// Control characters made visible, so that foreign data cannot steer a terminal.
std::string printable(std::string_view text);

}  // namespace muster::gateway::cli
