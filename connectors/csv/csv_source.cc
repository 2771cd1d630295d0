// SPDX-License-Identifier: Apache-2.0
#include "connectors/csv/csv_source.h"

#include <algorithm>
#include <system_error>
#include <utility>

#include "connectors/csv/dialect.h"
#include "connectors/csv/file_check.h"
#include "connectors/csv/row_events.h"

namespace muster::connectors::csv {
namespace {

constexpr std::size_t block_bytes = 64 << 10;

// Feeds the reader from the header on. Empty = the file was read to its end; else why it was not.
std::string feed_all(const File& file, std::uint64_t begin, CsvReader& reader, RowEvents& rows,
                     const std::stop_token& stop) {
  std::vector<char> block(block_bytes);
  for (std::uint64_t at = begin; at < file.size();) {
    if (stop.stop_requested()) return "the run was stopped";
    const auto got = file.read(at, block);
    if (!got) return got.error().detail;
    if (*got == 0) break;
    at += *got;
    rows.progress(at);
    if (!reader.feed({block.data(), *got}) || !rows.status()) return {};
  }
  reader.finish();
  return {};
}

Result<Columns> read_columns(const Dialect& dialect, const ColumnNames& wanted,
                             const std::string& name) {
  const std::string place = std::to_string(dialect.header_line) + ":1";
  auto columns = resolve_columns(dialect.header, wanted);
  if (!columns) {
    Error error = std::move(columns).error();
    error.where = name + ":" + place;
    return fail(std::move(error));
  }
  for (ItemProblem& problem : columns->problems) {
    problem.where = "line " + std::to_string(dialect.header_line) + ", " + problem.where;
  }
  return columns;
}

}  // namespace

Result<Pull> CsvSource::pull(const Sink& sink, std::stop_token stop) {
  const std::string name = options_.path.string();
  MUSTER_TRY(const File file, File::open(options_.path));
  MUSTER_TRY(const CheckedFile checked, check_file(file, name, options_.limits));
  const ColumnNames wanted = {options_.key, options_.expected, options_.required};
  MUSTER_TRY(const Dialect dialect,
             detect_dialect(checked, name, wanted, options_.delimiter, options_.limits));
  MUSTER_TRY(const Columns columns, read_columns(dialect, wanted, name));

  RowEvents rows(options_.source, columns, options_.key_match, options_.limits, sink);
  for (const ItemProblem& problem : columns.problems) rows.add(problem);
  if (dialect.rows_above_header > 0) {
    rows.add({"line 1", "ABOVE_HEADER",
              "the header is line " + std::to_string(dialect.header_line) +
                  "; what stands above was passed over",
              Severity::warning});
  }
  CsvReader reader({.delimiter = dialect.delimiter,
                    .first_line = dialect.header_line,
                    .first_byte = dialect.header_byte,
                    .limits = options_.limits},
                   rows);
  std::string broken_off = feed_all(file, dialect.header_byte, reader, rows, stop);
  rows.flush();
  MUSTER_CHECK(rows.status());

  Pull pull = rows.summary();
  if (broken_off.empty() && file.changed()) broken_off = "the file was changed while it was read";
  if (!broken_off.empty()) {
    pull.complete = false;
    pull.why_incomplete = std::move(broken_off);
  }
  pull.server = options_.path.filename().string() + " sha256:" + checked.sha256;
  return pull;
}

std::uint64_t CsvSource::size_hint() const {
  std::error_code error;
  const auto size = std::filesystem::file_size(options_.path, error);
  return error ? 0 : size;
}

}  // namespace muster::connectors::csv
