// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "connectors/csv/columns.h"
#include "connectors/csv/file_check.h"
#include "core/csv/limits.h"
#include "core/result.h"

namespace muster::connectors::csv {

// How a file is written, and its header.
struct Dialect {
  char delimiter = ',';
  std::vector<std::string> header = {};  // trimmed
  std::uint64_t header_line = 1;
  std::uint64_t header_byte = 0;      // in the file
  std::size_t rows_above_header = 0;  // a title, a version; not read as people
};

// Finds the dialect by reading the sample's first 200 records with the real reader, once for each
// of `, ; TAB |`, unless `delimiter` or a first line "sep=;" says it. Better is: the key column is
// there, more names are known, more rows have as many cells as the header, more columns. The header
// is the first row, or, when only a later one of the first ten has the key column, that one.
// Refused with `where` = "NAME:line:column": a file whose first row cannot be read.
Result<Dialect> detect_dialect(const CheckedFile& file, const std::string& name,
                               const ColumnNames& wanted, std::optional<char> delimiter,
                               const CsvLimits& limits);

}  // namespace muster::connectors::csv
