// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "core/csv/limits.h"
#include "core/key_match.h"
#include "core/source.h"

namespace muster::connectors::csv {

struct CsvOptions {
  std::filesystem::path path = {};
  std::string source = {};  // configured name, for SourceKey
  std::string key = {};     // the column that names a person for good
  // Column names that the mapping uses; empty = the usual ones.
  std::vector<std::string> expected = {};
  std::vector<std::string> required = {};  // without one of these columns the file is refused
  std::optional<char> delimiter = {};      // found by itself when not given
  CsvLimits limits = {};
  KeyMatch key_match = KeyMatch::exact;
};

// Reads people from a CSV file: one record a row, its key in comparison form (core/key_match.h),
// attributes are the cells that are not empty, as text, under the column names that
// resolve_columns() gives; where = "line 12". The whole file is
// checked before the first batch, so an error (Fault::invalid, not_found or unavailable, `where` =
// "FILE:line:column") means that nothing was delivered. Rows without key (NO_KEY), with a key seen
// before (DUPLICATE_KEY, for both lines) or broken (see CsvProblemCode) are problems. A pull is
// incomplete when a quote does not close, more than 1 % of the rows cannot be read, there is no
// row, the row limit is reached, the file changes meanwhile, or a stop is asked for. Memory does
// not grow with the file except 16-32 bytes a key. One thread at a time.
class CsvSource final : public Source {
 public:
  explicit CsvSource(CsvOptions options) : options_(std::move(options)) {}

  Result<Pull> pull(const Sink& sink, std::stop_token stop) override;
  std::uint64_t size_hint() const override;

 private:
  CsvOptions options_;
};

}  // namespace muster::connectors::csv
