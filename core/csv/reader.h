// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "core/csv/limits.h"
#include "core/csv/problem.h"

namespace muster {

// One row. The cells live until the event returns.
struct CsvRecord {
  std::uint64_t line = 0;  // where it starts
  std::uint64_t byte = 0;
  std::span<const std::string_view> fields = {};
};

class CsvEvents {
 public:
  virtual ~CsvEvents() = default;
  virtual bool record(const CsvRecord& record) = 0;  // false stops the reader
  virtual void problem(const CsvProblem& problem) = 0;
};

// Reads CSV text (RFC 4180) that arrives in pieces of any size; the events do not depend on the
// pieces. Beyond the RFC: line ends CRLF, LF or CR; empty lines are passed over; a quote inside an
// unquoted cell stays, with a warning; a row with an error is left out, never repaired, and reading
// goes on at the next line end; a quote that does not close within `cell_bytes` ends the reading.
// One thread at a time; `events` must outlive the reader.
class CsvReader {
 public:
  struct Options {
    char delimiter = ',';
    bool equal_counts = true;      // a row must have as many cells as the first
    std::uint64_t first_line = 1;  // where the text fed first stands in its file
    std::uint64_t first_byte = 0;
    CsvLimits limits = {};
  };

  CsvReader(const Options& options, CsvEvents& events);
  CsvReader(const CsvReader&) = delete;
  CsvReader& operator=(const CsvReader&) = delete;

  // False once nothing more will be read: an event said so or a quote does not close.
  bool feed(std::string_view text);

  // The text ended. False as above.
  bool finish();

  std::uint64_t empty_lines() const { return empty_lines_; }
  std::size_t buffer_bytes() const { return buffer_.size(); }

 private:
  enum class State : std::uint8_t { plain, quoted, closed, skipping };
  enum class LineEnds : std::uint8_t { unknown, with_line_feed, lone_return };
  struct Mark {  // of a cell, from the start of its record
    std::uint32_t begin = 0;
    std::uint32_t end = 0;
    bool escaped = false;
  };

  void make_room(std::size_t bytes);
  void scan();
  bool consume(std::size_t at);
  bool consume_plain(std::size_t at);
  bool consume_quoted(std::size_t at);
  bool consume_closed(std::size_t at);
  bool consume_line_end(std::size_t at);
  void plain_quote(std::size_t at);
  void check_cell_length(std::size_t end);
  void end_field(std::size_t begin, std::size_t end, std::size_t at, bool escaped);
  void end_record(std::size_t next);
  void deliver();
  void reject(CsvProblemCode code, std::size_t at);
  CsvProblem problem_at(CsvProblemCode code, std::size_t at) const;

  const char delimiter_;
  const bool equal_counts_;
  const CsvLimits limits_;
  CsvEvents& events_;

  // Offsets are into buffer_, whose first byte is the file's byte base_; text stands in [record_,
  // size_).
  std::vector<char> buffer_;
  std::uint64_t base_ = 0;
  std::size_t size_ = 0;
  std::size_t scanned_ = 0;
  std::size_t record_ = 0;
  std::size_t field_ = 0;
  std::size_t closing_ = 0;  // State::closed: the closing quote
  std::size_t next_ = 0;     // everything before is dealt with

  State state_ = State::plain;
  LineEnds line_ends_ = LineEnds::unknown;
  bool at_end_ = false;
  bool stopped_ = false;
  bool escaped_ = false;    // the open quoted cell holds doubled quotes
  bool warned_ = false;     // of a stray quote in this record
  std::uint64_t line_ = 1;  // of record_
  std::uint64_t inner_lines_ = 0;
  std::uint64_t empty_lines_ = 0;
  std::size_t width_ = 0;
  std::size_t count_ = 0;
  std::vector<Mark> marks_;
  std::vector<std::string_view> fields_;
};

}  // namespace muster
