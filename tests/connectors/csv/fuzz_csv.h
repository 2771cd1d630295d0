// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

#include "connectors/csv/dialect.h"
#include "tests/core/csv/naive_reader.h"

namespace muster::connectors::csv::test {

// What the fuzzer does with one input; ends the process when a rule is broken. Whatever the bytes:
// the reader says the same in pieces of any size, and the same as the naive reader; detection comes
// to an end, and the header it found is there for the reader.
inline void fuzz_csv(std::string_view input) {
  const auto demand = [](bool holds, const char* rule) {
    if (holds) return;
    std::fprintf(stderr, "broken: %s\n", rule);
    std::abort();
  };
  for (const char delimiter : {',', ';'}) {
    CsvReader::Options options;
    options.delimiter = delimiter;
    options.limits = {.cell_bytes = 48, .record_bytes = 200, .columns = 8};
    const auto expected = NaiveReader(input, options).read();
    for (const std::size_t piece : {1u, 3u, 4096u}) {
      demand(read_in_pieces(input, options, piece) == expected, "the readers agree");
    }
  }
  CheckedFile file;
  file.sample = input;
  file.sample_is_all = true;
  const ColumnNames wanted = {"email", {"email", "firstName", "lastName"}};
  const auto dialect = detect_dialect(file, "input", wanted, std::nullopt, {});
  if (!dialect) return;
  demand(dialect->header_byte < input.size(), "the header is in the file");
  if (const auto columns = resolve_columns(dialect->header, wanted)) {
    demand(columns->names[columns->key] == wanted.key, "the key column bears its name");
  }
}

}  // namespace muster::connectors::csv::test
