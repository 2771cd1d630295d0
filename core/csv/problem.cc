// SPDX-License-Identifier: Apache-2.0
#include "core/csv/problem.h"

namespace muster {

std::string_view name_of(CsvProblemCode code) {
  switch (code) {
    case CsvProblemCode::stray_quote:
      return "STRAY_QUOTE";
    case CsvProblemCode::space_before_quote:
      return "SPACE_BEFORE_QUOTE";
    case CsvProblemCode::text_after_quote:
      return "TEXT_AFTER_QUOTE";
    case CsvProblemCode::lone_return:
      return "LONE_RETURN";
    case CsvProblemCode::field_count:
      return "FIELD_COUNT";
    case CsvProblemCode::cell_too_long:
      return "CELL_TOO_LONG";
    case CsvProblemCode::record_too_long:
      return "RECORD_TOO_LONG";
    case CsvProblemCode::too_many_columns:
      return "TOO_MANY_COLUMNS";
    case CsvProblemCode::unclosed_quote:
      return "UNCLOSED_QUOTE";
  }
  return "";
}

Severity severity_of(CsvProblemCode code) {
  return code == CsvProblemCode::stray_quote ? Severity::warning : Severity::error;
}

std::string message_of(const CsvProblem& problem) {
  switch (problem.code) {
    case CsvProblemCode::stray_quote:
      return "a quote inside an unquoted cell was taken as it is; quote the cell and double the "
             "quote";
    case CsvProblemCode::space_before_quote:
      return "there is a blank before the opening quote; remove it";
    case CsvProblemCode::text_after_quote:
      return "there is text behind the closing quote; a quote inside a quoted cell must be doubled";
    case CsvProblemCode::lone_return:
      return "a carriage return stands inside an unquoted cell; quote the cell or remove it";
    case CsvProblemCode::field_count:
      return "the row has " + std::to_string(problem.found) + " cells, the header has " +
             std::to_string(problem.expected) +
             "; look for a missing cell or a delimiter in a cell without quotes";
    case CsvProblemCode::cell_too_long:
      return "the cell is longer than the limit; look for a missing delimiter or line end";
    case CsvProblemCode::record_too_long:
      return "the row is longer than the limit; look for a missing line end";
    case CsvProblemCode::too_many_columns:
      return "the row has more cells than the limit; look for a missing line end";
    case CsvProblemCode::unclosed_quote:
      return "the quote opened here is never closed; reading stopped, rows behind it were not read";
  }
  return {};
}

std::string place_of(const CsvProblem& problem) {
  return "line " + std::to_string(problem.line) + ", column " + std::to_string(problem.column);
}

}  // namespace muster
