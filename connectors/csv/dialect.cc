// SPDX-License-Identifier: Apache-2.0
#include "connectors/csv/dialect.h"

#include <algorithm>
#include <string_view>
#include <tuple>

#include "core/csv/reader.h"
#include "core/text.h"

namespace muster::connectors::csv {
namespace {

constexpr std::size_t sampled_records = 200;
constexpr std::size_t rows_that_may_be_header = 10;
constexpr std::string_view delimiters = ",;\t|";

struct Start {
  std::uint64_t line = 1;
  std::size_t offset = 0;  // in the sample
  std::optional<char> delimiter = {};
};

// Excel's first line "sep=;" names the delimiter and is no row.
Start read_separator_line(std::string_view sample) {
  const std::size_t end = sample.find_first_of("\r\n");
  if (end == std::string_view::npos) return {};
  std::string_view line = sample.substr(0, end);
  if (line.size() >= 2 && line.front() == '"' && line.back() == '"')
    line = line.substr(1, line.size() - 2);
  if (line.size() != 5 || !ascii_equal_fold(line.substr(0, 4), "sep=") || line[4] == '"') return {};
  return {2, end + (sample.substr(end).starts_with("\r\n") ? 2 : 1), line[4]};
}

// What a file looks like with one delimiter.
class Sampler final : public CsvEvents {
 public:
  struct Row {
    std::vector<std::string> cells;
    std::uint64_t line = 0;
    std::uint64_t byte = 0;
  };

  bool record(const CsvRecord& record) override {
    counts.push_back(record.fields.size());
    if (first_rows.size() < rows_that_may_be_header) {
      Row& row = first_rows.emplace_back();
      row.line = record.line;
      row.byte = record.byte;
      for (const std::string_view field : record.fields) row.cells.emplace_back(trim_blanks(field));
    }
    return counts.size() < sampled_records;
  }

  void problem(const CsvProblem& problem) override {
    if (severity_of(problem.code) != Severity::error) return;
    ++errors;
    if (counts.empty() && !before_first_row) before_first_row = problem;
  }

  std::vector<std::size_t> counts;
  std::vector<Row> first_rows;
  std::size_t errors = 0;
  std::optional<CsvProblem> before_first_row;
};

struct Candidate {
  char delimiter = ',';
  Sampler sample = {};
  std::size_t header = 0;  // of sample.first_rows
  bool key = false;
  std::size_t known = 0;
  double equal_share = 0;  // of the rows that have as many cells as the header; 0 for one column
  std::size_t width = 0;

  bool better_than(const Candidate& other) const {
    return std::tie(key, known, equal_share, width) >
           std::tie(other.key, other.known, other.equal_share, other.width);
  }
};

void judge(Candidate& candidate, const ColumnNames& wanted) {
  const auto& rows = candidate.sample.first_rows;
  if (rows.empty()) return;
  const auto with_key = std::ranges::find_if(
      rows, [&](const Sampler::Row& row) { return has_key(row.cells, wanted); });
  candidate.key = with_key != rows.end();
  candidate.header = candidate.key ? static_cast<std::size_t>(with_key - rows.begin()) : 0;
  const auto& header = rows[candidate.header].cells;
  candidate.known = known_headers(header, wanted);
  candidate.width = header.size();
  const auto first =
      candidate.sample.counts.begin() + static_cast<std::ptrdiff_t>(candidate.header);
  const auto equal = std::count(first, candidate.sample.counts.end(), header.size());
  const auto all =
      static_cast<std::size_t>(candidate.sample.counts.end() - first) + candidate.sample.errors;
  if (header.size() > 1)
    candidate.equal_share = static_cast<double>(equal) / static_cast<double>(all);
}

Candidate try_delimiter(char delimiter, const CheckedFile& file, const Start& start,
                        const ColumnNames& wanted, const CsvLimits& limits) {
  Candidate candidate;
  candidate.delimiter = delimiter;
  CsvReader reader({.delimiter = delimiter,
                    .equal_counts = false,
                    .first_line = start.line,
                    .first_byte = file.text_begin + start.offset,
                    .limits = limits},
                   candidate.sample);
  if (reader.feed(std::string_view(file.sample).substr(start.offset)) && file.sample_is_all)
    reader.finish();
  judge(candidate, wanted);
  return candidate;
}

}  // namespace

Result<Dialect> detect_dialect(const CheckedFile& file, const std::string& name,
                               const ColumnNames& wanted, std::optional<char> delimiter,
                               const CsvLimits& limits) {
  const Start start = read_separator_line(file.sample);
  if (!delimiter) delimiter = start.delimiter;
  const std::string choices = delimiter ? std::string(1, *delimiter) : std::string(delimiters);
  std::optional<Candidate> best;
  std::optional<CsvProblem> broken;  // of the header, with one of the delimiters
  for (const char choice : choices) {
    Candidate candidate = try_delimiter(choice, file, start, wanted, limits);
    if (!broken) broken = candidate.sample.before_first_row;
    if (!best || candidate.better_than(*best)) best = std::move(candidate);
  }
  const bool meaningless = best->known == 0 && best->width <= 1;
  if (best->sample.before_first_row) broken = best->sample.before_first_row;
  if (broken && !best->key && (best->sample.before_first_row || meaningless)) {
    return fail(Fault::invalid, "the header cannot be read: " + message_of(*broken),
                name + ":" + std::to_string(broken->line) + ":" + std::to_string(broken->column),
                std::string(name_of(broken->code)));
  }
  if (best->sample.first_rows.empty())
    return fail(Fault::invalid, "the file has no rows", name, "EMPTY_FILE");
  const Sampler::Row& header = best->sample.first_rows[best->header];
  return Dialect{best->delimiter, header.cells, header.line, header.byte, best->header};
}

}  // namespace muster::connectors::csv
