// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "core/diagnostic.h"

namespace muster {

enum class CsvProblemCode {
  stray_quote,         // warning: taken as it is
  space_before_quote,  // from here on the row is left out...
  text_after_quote,
  lone_return,
  field_count,
  cell_too_long,
  record_too_long,
  too_many_columns,
  unclosed_quote,  // ...and here reading stops: nothing behind it can be trusted
};

// One thing wrong in the text of a file. Lines and columns start at 1, columns count characters;
// `byte` is the offset in the file.
struct CsvProblem {
  CsvProblemCode code = CsvProblemCode::stray_quote;
  std::uint64_t line = 0;
  std::uint64_t column = 0;
  std::uint64_t byte = 0;
  std::size_t found = 0;     // field_count: fields in the row
  std::size_t expected = 0;  // field_count: fields in the first row

  friend bool operator==(const CsvProblem&, const CsvProblem&) = default;
};

std::string_view name_of(CsvProblemCode code);  // "UNCLOSED_QUOTE"
Severity severity_of(CsvProblemCode code);

// What is wrong and what to do about it; holds no cell's text.
std::string message_of(const CsvProblem& problem);

// "line 12, column 8"
std::string place_of(const CsvProblem& problem);

}  // namespace muster
