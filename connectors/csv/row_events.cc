// SPDX-License-Identifier: Apache-2.0
#include "connectors/csv/row_events.h"

#include <algorithm>
#include <utility>

#include "core/json.h"
#include "core/text.h"

namespace muster::connectors::csv {
namespace {

constexpr std::size_t batch_size = 500;

bool all_blank(const CsvRecord& record) {
  return std::ranges::all_of(record.fields, [](std::string_view field) { return is_blank(field); });
}

std::string line_of(std::uint64_t line) { return "line " + std::to_string(line); }

}  // namespace

RowEvents::RowEvents(std::string source, const Columns& columns, KeyMatch match,
                     const CsvLimits& limits, const Source::Sink& sink)
    : source_(std::move(source)), columns_(columns), match_(match), limits_(limits), sink_(sink) {
  batch_.records.reserve(batch_size);
  for (const std::string& name : columns.names) {
    auto& member = member_names_.emplace_back();
    if (name.empty()) continue;
    append_json_text(member, name);
    member += ':';
  }
}

bool RowEvents::record(const CsvRecord& record) {
  if (!std::exchange(header_seen_, true)) return true;
  if (all_blank(record)) return true;  // spreadsheets write them below the last person
  if (rows_ == limits_.rows) {
    too_many_ = true;
    return false;
  }
  ++rows_;
  take(record);
  flush_when_full();
  return status_.has_value();
}

void RowEvents::take(const CsvRecord& record) {
  const std::string_view cell = record.fields[columns_.key];
  std::string key = comparable_key(cell, match_);
  if (key.empty()) {
    ++broken_;
    return add(
        {line_of(record.line), "NO_KEY",
         "the cell of the key column '" + columns_.names[columns_.key] + "' is empty; fill it in"});
  }
  if (const auto first = keys_.first_line(key, static_cast<std::uint32_t>(record.line));
      first != 0) {
    return report_duplicate(first, record.line);
  }
  if (trim_invisible(cell).size() != cell.size()) {
    add({line_of(record.line), "KEY_TRIMMED",
         "blanks or invisible characters around the key in column '" +
             columns_.names[columns_.key] + "' were left out; remove them from the file",
         Severity::warning});
  }
  SourceRecord& made = batch_.records.emplace_back();
  made.key = {source_, ResourceType::user, std::move(key)};
  made.where = line_of(record.line);
  made.document = document_of(record);
  made.hash = hash_of(made);
  ++pull_.records;
}

// Whoever looks for either of the lines finds the other one.
void RowEvents::report_duplicate(std::uint64_t first, std::uint64_t again) {
  const std::string_view how = match_ == KeyMatch::fold
                                   ? " (case, blanks around it and the Unicode form do not count)"
                                   : " (blanks around it and the Unicode form do not count)";
  add({line_of(again), "DUPLICATE_KEY",
       "the key is that of " + line_of(first) + std::string(how) +
           ", which was used; remove one of the rows"});
  add({line_of(first), "DUPLICATE_KEY",
       "this row was used, " + line_of(again) + " has the same key" + std::string(how) +
           " and was left out; remove one of the rows",
       Severity::warning});
}

// Empty cells say nothing.
std::string RowEvents::document_of(const CsvRecord& record) {
  document_.clear();
  for (std::size_t i = 0; i < record.fields.size(); ++i) {
    if (record.fields[i].empty() || member_names_[i].empty()) continue;
    document_ += document_.empty() ? '{' : ',';
    document_ += member_names_[i];
    append_json_text(document_, record.fields[i]);
  }
  document_ += document_.empty() ? "{}" : "}";
  return document_;
}

void RowEvents::problem(const CsvProblem& problem) {
  if (problem.code == CsvProblemCode::unclosed_quote) unclosed_ = true;
  if (severity_of(problem.code) == Severity::error) {
    ++rows_;
    ++broken_;
  }
  add({place_of(problem), std::string(name_of(problem.code)), message_of(problem),
       severity_of(problem.code)});
  flush_when_full();
}

void RowEvents::add(ItemProblem problem) {
  batch_.problems.push_back(std::move(problem));
  ++pull_.problems;
}

void RowEvents::flush_when_full() {
  if (batch_.records.size() >= batch_size || batch_.problems.size() >= batch_size) flush();
}

void RowEvents::flush() {
  if (!status_ || (batch_.records.empty() && batch_.problems.empty())) return;
  const std::uint64_t bytes_read = batch_.bytes_read;
  status_ = sink_(std::exchange(batch_, {}));
  batch_.bytes_read = bytes_read;
  batch_.records.reserve(batch_size);
}

const Pull& RowEvents::summary() {
  if (unclosed_) {
    pull_.why_incomplete = "a quote is never closed, so the rows behind it were not read";
  } else if (too_many_) {
    pull_.why_incomplete = "the file has more than " + std::to_string(limits_.rows) +
                           " rows, the rest was not read; split it";
  } else if (rows_ == 0) {
    pull_.why_incomplete = "there is no row below the header";
  } else if (broken_ * 100 > rows_) {
    pull_.why_incomplete = std::to_string(broken_) + " of " + std::to_string(rows_) +
                           " rows cannot be read, more than 1 %";
  }
  pull_.complete = pull_.why_incomplete.empty();
  return pull_;
}

}  // namespace muster::connectors::csv
