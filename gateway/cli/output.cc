// SPDX-License-Identifier: Apache-2.0
#include "gateway/cli/output.h"

#include <unicode/uchar.h>
#include <unicode/utf8.h>

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <nlohmann/json.hpp>

#include "core/json.h"
#include "gateway/cli/exit_code.h"

namespace muster::gateway::cli {
namespace {

void put(std::string_view text) { std::fwrite(text.data(), 1, text.size(), stdout); }

std::size_t width_of(UChar32 c) {
  const auto category = u_charType(c);
  if (category == U_NON_SPACING_MARK || category == U_ENCLOSING_MARK || category == U_FORMAT_CHAR)
    return 0;
  const auto width = u_getIntPropertyValue(c, UCHAR_EAST_ASIAN_WIDTH);
  return width == U_EA_WIDE || width == U_EA_FULLWIDTH ? 2 : 1;
}

template <class Visit>
void each_code_point(std::string_view text, Visit visit) {
  const auto* bytes = reinterpret_cast<const std::uint8_t*>(text.data());
  const auto length = static_cast<std::int32_t>(text.size());
  for (std::int32_t i = 0; i < length;) {
    const auto from = i;
    UChar32 c = 0;
    U8_NEXT(bytes, i, length, c);
    visit(c, text.substr(static_cast<std::size_t>(from), static_cast<std::size_t>(i - from)));
  }
}

void put_csv(const std::vector<std::string>& cells) {
  std::string line;
  for (std::size_t i = 0; i < cells.size(); ++i) line += (i == 0 ? "" : ",") + csv_cell(cells[i]);
  put(line + "\r\n");
}

std::vector<std::string> titles(const std::vector<RowWriter::Column>& columns) {
  std::vector<std::string> all;
  for (const auto& column : columns) all.push_back(column.title);
  return all;
}

}  // namespace

ExitCode exit_code_of(Fault fault) {
  switch (fault) {
    case Fault::invalid:
      return exit_invalid;
    case Fault::not_found:
      return exit_not_found;
    case Fault::conflict:
      return exit_failed;
    case Fault::denied:
      return exit_denied;
    case Fault::unavailable:
      return exit_unavailable;
    case Fault::internal:
      return exit_failed;
  }
  return exit_failed;
}

ExitCode exit_code_of(store::RunState state) {
  switch (state) {
    case store::RunState::done:
      return exit_ok;
    case store::RunState::done_with_errors:
    case store::RunState::incomplete:
      return exit_some_failed;
    case store::RunState::held:
      return exit_held;
    case store::RunState::cancelled:
      return exit_interrupted;
    case store::RunState::running:
    case store::RunState::failed:
      return exit_failed;
  }
  return exit_failed;
}

std::size_t display_width(std::string_view text) {
  std::size_t width = 0;
  each_code_point(text,
                  [&width](UChar32 c, std::string_view) { width += c < 0 ? 1 : width_of(c); });
  return width;
}

std::string printable(std::string_view text) {
  std::string out;
  each_code_point(text, [&out](UChar32 c, std::string_view bytes) {
    if (c < 0 || u_iscntrl(c) || u_charType(c) == U_FORMAT_CHAR) {
      out += "?";
    } else {
      out += bytes;
    }
  });
  return out;
}

std::string csv_cell(std::string_view text) {
  std::string cell(text);
  if (!cell.empty() && std::string_view("=+-@\t\r").find(cell[0]) != std::string_view::npos)
    cell.insert(0, "'");
  if (cell.find_first_of(",\"\r\n") == std::string::npos) return cell;
  std::string quoted = "\"";
  for (const char c : cell) quoted += c == '"' ? "\"\"" : std::string(1, c);
  return quoted + "\"";
}

RowWriter::RowWriter(Format format, std::vector<Column> columns)
    : format_(format), columns_(std::move(columns)) {
  if (format_ != Format::csv) return;
  std::vector<std::string> names;
  for (const auto& column : columns_) names.push_back(column.field);
  put_csv(names);
}

void RowWriter::add(std::vector<std::string> cells) {
  Value document;
  for (std::size_t i = 0; i < columns_.size(); ++i) document.set(columns_[i].field, cells[i]);
  add(std::move(cells), std::move(document));
}

void RowWriter::add(std::vector<std::string> cells, Value document) {
  switch (format_) {
    case Format::table:
      rows_.push_back(std::move(cells));
      return;
    case Format::csv:
      put_csv(cells);
      return;
    case Format::jsonl:
      put(write_json(document) + "\n");
      return;
    case Format::json:
      put((first_ ? "[\n" : ",\n") + write_json(document));
      first_ = false;
      return;
  }
}

void RowWriter::add_document(const Value& document) {
  std::vector<std::string> cells;
  for (const auto& column : columns_) cells.push_back(document.find(column.field)->as_text());
  add(std::move(cells), document);
}

void RowWriter::finish() {
  if (format_ == Format::json) put(first_ ? "[]\n" : "\n]\n");
  if (format_ == Format::table) print_table();
  std::fflush(stdout);
}

void RowWriter::print_table() {
  rows_.insert(rows_.begin(), titles(columns_));
  std::vector<std::size_t> widths(columns_.size(), 0);
  for (auto& row : rows_) {
    for (std::size_t i = 0; i < row.size(); ++i) {
      row[i] = printable(row[i]);
      widths[i] = std::max(widths[i], display_width(row[i]));
    }
  }
  for (const auto& row : rows_) {
    std::string line;
    for (std::size_t i = 0; i < row.size(); ++i) {
      line += row[i];
      if (i + 1 < row.size()) line.append(widths[i] - display_width(row[i]) + 2, ' ');
    }
    line.erase(line.find_last_not_of(' ') + 1);
    put(line + "\n");
  }
}

void print_document(const Value& document) {
  put(nlohmann::ordered_json::parse(write_json(document)).dump(2) + "\n");
  std::fflush(stdout);
}

void print_error(Format format, const Error& error) {
  std::fprintf(stderr, "muster: %s\n", describe(error).c_str());
  if (format != Format::json && format != Format::jsonl) return;
  Value inner;
  inner.set("code", error.code.empty() ? std::string(name_of(error.fault)) : error.code);
  inner.set("message", error.detail);
  if (!error.where.empty()) inner.set("where", error.where);
  Value envelope;
  envelope.set("ok", false);
  envelope.set("error", std::move(inner));
  put(write_json(envelope) + "\n");
}

}  // namespace muster::gateway::cli
