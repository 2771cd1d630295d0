// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"
#include "core/source.h"

namespace muster::connectors::csv {

// What the reader of a header wants to find: `key` must be there; `expected` are the names that a
// mapping uses (the key among them or not). Without expected names those of alias_groups() are
// given.
struct ColumnNames {
  std::string key = {};
  std::vector<std::string> expected = {};
  // Of the expected ones, those without which the file is refused.
  std::vector<std::string> required = {};
};

// What each column of a file is called from here on.
struct Columns {
  std::vector<std::string> names = {};  // by position; empty = the column is left out
  std::size_t key = 0;                  // position of the key column
  std::vector<ItemProblem> problems = {};
};

// Names the columns: a header that equals an expected name after fold_header() gets that name; one
// that is an alias of an expected name that no other column has gets that name; others keep their
// own. Columns without a name and columns of passwords are left out with a warning.
// Refused (Fault::invalid; `where` is the caller's to set): no key or an expected column that is
// not there (MISSING_COLUMN), the same name twice (DUPLICATE_COLUMN), two aliases of one expected
// name (AMBIGUOUS_COLUMN).
Result<Columns> resolve_columns(std::span<const std::string> headers, const ColumnNames& wanted);

// How many of the headers have a known name: for choosing between ways to read a file.
std::size_t known_headers(std::span<const std::string> headers, const ColumnNames& wanted);

// Whether the key column is among the headers.
bool has_key(std::span<const std::string> headers, const ColumnNames& wanted);

}  // namespace muster::connectors::csv
