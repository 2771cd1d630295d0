// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/csv/reader.h"

namespace muster {

// What a reader said, in order.
struct Told {
  bool is_record = false;
  std::uint64_t line = 0;
  std::uint64_t byte = 0;
  std::vector<std::string> fields = {};
  CsvProblem problem = {};

  friend bool operator==(const Told&, const Told&) = default;
};

// The rules of the reader over a whole text, one character after the other and without any regard
// to speed.
class NaiveReader {
 public:
  NaiveReader(std::string_view text, const CsvReader::Options& options)
      : text_(text), options_(options), line_(options.first_line) {}

  std::vector<Told> read() {
    while (at_ < text_.size() && !stopped_) read_record();
    return std::move(told_);
  }

 private:
  enum class End { delimiter, record };

  void read_record() {
    start_ = at_;
    line_at_start_ = line_;
    fields_.clear();
    warned_ = refused_ = quoted_ = false;
    while (read_field() == End::delimiter) {
    }
    if (stopped_) return;
    if (refused_) {
      skip_line();
    } else {
      tell_record();
    }
    ++line_;
  }

  // Leaves at_ behind the cell's delimiter or at its record's line end.
  End read_field() {
    const std::size_t begin = at_;
    std::string cell;
    if (at_ < text_.size() && text_[at_] == '"') {
      if (!read_quoted(cell)) return End::record;
      quoted_ = true;
    } else if (!read_plain(cell)) {
      return End::record;
    }
    const bool delimiter = at_ < text_.size() && text_[at_] == options_.delimiter;
    if (!delimiter && at_ < text_.size() && line_end_at(at_) == 0) {
      refuse(CsvProblemCode::lone_return, at_);
      ++at_;
      return End::record;
    }
    if (fields_.size() == options_.limits.columns) {
      refuse(CsvProblemCode::too_many_columns, begin);
    } else if (at_ - start_ > options_.limits.record_bytes) {
      refuse(CsvProblemCode::record_too_long, start_);
    }
    if (delimiter) ++at_;
    if (refused_) return End::record;
    fields_.push_back(cell);
    return delimiter ? End::delimiter : End::record;
  }

  bool read_quoted(std::string& cell) {
    const std::size_t open = at_++;
    for (;;) {
      if (at_ == text_.size() || at_ - open - 1 > options_.limits.cell_bytes) {
        refuse(CsvProblemCode::unclosed_quote, open);
        stopped_ = true;
        return false;
      }
      const char c = text_[at_];
      if (c == '"') {
        if (at_ + 1 == text_.size() || text_[at_ + 1] != '"') break;
        ++at_;
      }
      if (c == '\n' || (c == '\r' && (at_ + 1 == text_.size() || text_[at_ + 1] != '\n'))) ++line_;
      cell += c;
      ++at_;
    }
    ++at_;
    if (at_ == text_.size()) return true;
    const char after = text_[at_];
    if (after == options_.delimiter || after == '\r' || after == '\n') return true;
    refuse(CsvProblemCode::text_after_quote, at_);
    return false;
  }

  bool read_plain(std::string& cell) {
    const std::size_t begin = at_;
    for (; at_ < text_.size(); ++at_) {
      if (at_ - begin > options_.limits.cell_bytes) break;
      const char c = text_[at_];
      if (c == options_.delimiter || c == '\r' || c == '\n') return true;
      if (c == '"' && cell.find_first_not_of(" \t") == std::string::npos) {
        refuse(CsvProblemCode::space_before_quote, at_);
        return false;
      }
      if (c == '"' && !warned_) {
        warned_ = true;
        tell_problem(CsvProblemCode::stray_quote, at_);
      }
      cell += c;
    }
    if (at_ - begin <= options_.limits.cell_bytes) return true;
    refuse(CsvProblemCode::cell_too_long, begin);
    return false;
  }

  // Bytes of the line end at `at`, 0 when there is none.
  std::size_t line_end_at(std::size_t at) {
    if (text_[at] == '\n') {
      if (style_ == ' ') style_ = 'n';
      return 1;
    }
    if (text_[at] != '\r') return 0;
    const bool pair = at + 1 < text_.size() && text_[at + 1] == '\n';
    if (style_ == ' ') style_ = pair ? 'n' : 'r';
    if (pair) return 2;
    return style_ == 'r' || at + 1 == text_.size() ? 1 : 0;
  }

  void skip_line() {
    for (; at_ < text_.size(); ++at_) {
      if (const std::size_t length = line_end_at(at_); length != 0) {
        at_ += length;
        return;
      }
    }
  }

  void tell_record() {
    if (at_ < text_.size()) at_ += line_end_at(at_);
    if (fields_.size() == 1 && fields_[0].empty() && !quoted_) return;
    if (width_ == 0) width_ = fields_.size();
    if (options_.equal_counts && width_ != fields_.size()) {
      Told told;
      told.problem = {CsvProblemCode::field_count,  line_at_start_, 1,
                      options_.first_byte + start_, fields_.size(), width_};
      told_.push_back(told);
      return;
    }
    told_.push_back({true, line_at_start_, options_.first_byte + start_, fields_, {}});
  }

  void refuse(CsvProblemCode code, std::size_t at) {
    refused_ = true;
    tell_problem(code, at);
  }

  void tell_problem(CsvProblemCode code, std::size_t at) {
    Told told;
    told.problem = {code, line_at_start_, 1, options_.first_byte + at};
    for (std::size_t i = start_; i < at; ++i) {
      const bool first_half = text_[i] == '\r' && text_[i + 1] == '\n';
      if ((text_[i] == '\n' || text_[i] == '\r') && !first_half) {
        ++told.problem.line;
        told.problem.column = 1;
      } else if (!first_half && (text_[i] & 0xC0) != 0x80) {
        ++told.problem.column;
      }
    }
    told_.push_back(told);
  }

  const std::string_view text_;
  const CsvReader::Options options_;
  std::vector<Told> told_;
  std::vector<std::string> fields_;
  std::size_t at_ = 0;
  std::size_t start_ = 0;
  std::uint64_t line_ = 1;
  std::uint64_t line_at_start_ = 1;
  std::size_t width_ = 0;
  char style_ = ' ';
  bool warned_ = false;
  bool refused_ = false;
  bool quoted_ = false;
  bool stopped_ = false;
};

// What the real reader says of the same text, fed in pieces of that size.
class Telling final : public CsvEvents {
 public:
  bool record(const CsvRecord& record) override {
    told.push_back(
        {true, record.line, record.byte, {record.fields.begin(), record.fields.end()}, {}});
    return true;
  }
  void problem(const CsvProblem& problem) override {
    Told one;
    one.problem = problem;
    told.push_back(one);
  }

  std::vector<Told> told;
};

inline std::vector<Told> read_in_pieces(std::string_view text, const CsvReader::Options& options,
                                        std::size_t piece) {
  Telling telling;
  CsvReader reader(options, telling);
  for (std::size_t at = 0; at < text.size(); at += piece) reader.feed(text.substr(at, piece));
  reader.finish();
  return std::move(telling.told);
}

// "1@0 [a|b]" for a record in line 1 at byte 0, "2:5@17 STRAY_QUOTE" for a problem; one line each.
inline std::string describe(const std::vector<Told>& told) {
  std::string out;
  for (const Told& one : told) {
    if (one.is_record) {
      out += std::to_string(one.line) + "@" + std::to_string(one.byte) + " [";
      for (std::size_t i = 0; i < one.fields.size(); ++i)
        out += (i == 0 ? "" : "|") + one.fields[i];
      out += "]\n";
    } else {
      out += std::to_string(one.problem.line) + ":" + std::to_string(one.problem.column) + "@" +
             std::to_string(one.problem.byte) + " " + std::string(name_of(one.problem.code)) + "\n";
    }
  }
  return out;
}

}  // namespace muster
