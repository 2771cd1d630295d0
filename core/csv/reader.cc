// SPDX-License-Identifier: Apache-2.0
#include "core/csv/reader.h"

#include <algorithm>
#include <bit>
#include <cstring>

#include "core/csv/special_mask.h"

namespace muster {
namespace {

constexpr std::size_t slice_bytes = 64 << 10;
constexpr std::size_t first_buffer_bytes = 4 << 10;

bool is_blank_run(std::string_view text) {
  return text.find_first_not_of(" \t") == std::string_view::npos;
}

// Doubled quotes become one where they stand.
std::string_view unescape(char* text, std::size_t size) {
  char* out = text;
  for (const char* in = text, * const end = text + size; in != end; ++in) {
    *out++ = *in;
    if (*in == '"') ++in;
  }
  return {text, out};
}

}  // namespace

CsvReader::CsvReader(const Options& options, CsvEvents& events)
    : delimiter_(options.delimiter),
      equal_counts_(options.equal_counts),
      limits_(options.limits),
      events_(events),
      buffer_(first_buffer_bytes),
      base_(options.first_byte),
      line_(options.first_line),
      marks_(options.limits.columns),
      fields_(options.limits.columns) {}

bool CsvReader::feed(std::string_view text) {
  while (!text.empty() && !stopped_) {
    const std::string_view slice = text.substr(0, slice_bytes);
    text.remove_prefix(slice.size());
    make_room(slice.size());
    std::memcpy(buffer_.data() + size_, slice.data(), slice.size());
    size_ += slice.size();
    scan();
  }
  return !stopped_;
}

bool CsvReader::finish() {
  at_end_ = true;
  if (!stopped_) scan();
  if (stopped_) return false;
  if (state_ == State::quoted) {
    reject(CsvProblemCode::unclosed_quote, field_);
    return false;
  }
  if (state_ == State::plain && size_ == record_) return true;
  if (state_ == State::plain) end_field(field_, size_, size_, false);
  if (state_ == State::closed) end_field(field_ + 1, closing_, size_, escaped_);
  end_record(size_);
  return !stopped_;
}

// Makes room behind the open record, which moves to the front of the buffer when that is enough.
void CsvReader::make_room(std::size_t bytes) {
  if (state_ == State::skipping) record_ = scanned_;  // nothing of a refused row is needed again
  const std::size_t wanted = bytes + scan_width;
  if (size_ + wanted <= buffer_.size()) return;
  const std::size_t shift = record_;
  std::memmove(buffer_.data(), buffer_.data() + shift, size_ - shift);
  for (std::size_t* offset : {&size_, &scanned_, &record_, &field_, &closing_, &next_}) {
    *offset -= std::min(*offset, shift);
  }
  base_ += shift;
  if (size_ + wanted > buffer_.size()) {
    buffer_.resize(std::max(2 * buffer_.size(), size_ + wanted));
  }
}

void CsvReader::scan() {
  const char* const text = buffer_.data();
  while (scanned_ < size_) {
    const std::size_t block = scanned_;
    const std::size_t available = size_ - block;
    std::uint64_t mask = special_mask(text + block, delimiter_);
    if (available < scan_width) mask &= (std::uint64_t{1} << available) - 1;
    while (mask != 0) {
      const std::size_t at = block + static_cast<std::size_t>(std::countr_zero(mask));
      mask &= mask - 1;
      if (at < next_) continue;
      if (state_ == State::plain && text[at] == delimiter_ && at - field_ <= limits_.cell_bytes) {
        end_field(field_, at, at, false);  // the common case, without the call of consume()
      } else if (!consume(at)) {
        scanned_ = at;
        return;
      }
    }
    scanned_ = block + std::min(available, scan_width);
  }
  check_cell_length(size_);
}

// Each consume deals with the special character at `at`; false = the next byte must be known first,
// or reading stopped.
inline bool CsvReader::consume(std::size_t at) {
  switch (state_) {
    case State::plain:
      return consume_plain(at);
    case State::quoted:
      return consume_quoted(at);
    case State::closed:
      return consume_closed(at);
    case State::skipping:
      break;
  }
  const char c = buffer_[at];
  return c == delimiter_ || c == '"' || consume_line_end(at);
}

inline bool CsvReader::consume_plain(std::size_t at) {
  if (at - field_ > limits_.cell_bytes) {
    check_cell_length(at);
    return consume(at);
  }
  const char c = buffer_[at];
  if (c == delimiter_) {
    end_field(field_, at, at, false);
    return true;
  }
  if (c != '"') return consume_line_end(at);
  plain_quote(at);
  return true;
}

void CsvReader::plain_quote(std::size_t at) {
  if (at == field_) {
    state_ = State::quoted;
    escaped_ = false;
  } else if (is_blank_run({buffer_.data() + field_, at - field_})) {
    reject(CsvProblemCode::space_before_quote, at);
  } else if (!warned_) {
    warned_ = true;
    events_.problem(problem_at(CsvProblemCode::stray_quote, at));
  }
}

inline bool CsvReader::consume_quoted(std::size_t at) {
  if (at - field_ - 1 > limits_.cell_bytes) {
    check_cell_length(at);
    return false;
  }
  const char c = buffer_[at];
  if (c != '"') {
    if (c == '\r' || (c == '\n' && buffer_[at - 1] != '\r')) ++inner_lines_;
    return true;
  }
  const bool last = at + 1 == size_;
  if (last && !at_end_) return false;
  const char after = last ? '\n' : buffer_[at + 1];
  if (after == '"') {
    escaped_ = true;
    next_ = at + 2;
  } else if (after == delimiter_ || after == '\n' || after == '\r') {
    state_ = State::closed;
    closing_ = at;
  } else {
    reject(CsvProblemCode::text_after_quote, at + 1);
  }
  return true;
}

inline bool CsvReader::consume_closed(std::size_t at) {
  if (buffer_[at] != delimiter_) return consume_line_end(at);
  end_field(field_ + 1, closing_, at, escaped_);
  return true;
}

inline bool CsvReader::consume_line_end(std::size_t at) {
  std::size_t length = 1;
  if (buffer_[at] == '\r') {
    if (at + 1 == size_ && !at_end_) return false;
    const bool with_line_feed = at + 1 < size_ && buffer_[at + 1] == '\n';
    if (with_line_feed) length = 2;
    if (line_ends_ == LineEnds::unknown) {
      line_ends_ = with_line_feed ? LineEnds::with_line_feed : LineEnds::lone_return;
    }
    const bool at_file_end = at + 1 == size_;
    if (!with_line_feed && line_ends_ != LineEnds::lone_return && !at_file_end) {
      if (state_ != State::skipping) reject(CsvProblemCode::lone_return, at);
      return true;
    }
  } else if (line_ends_ == LineEnds::unknown) {
    line_ends_ = LineEnds::with_line_feed;
  }
  if (state_ == State::plain) end_field(field_, at, at, false);
  if (state_ == State::closed) end_field(field_ + 1, closing_, at, escaped_);
  end_record(at + length);
  return !stopped_;
}

// A cell whose text is known to reach up to `end`.
void CsvReader::check_cell_length(std::size_t end) {
  if (state_ == State::plain && end > field_ && end - field_ > limits_.cell_bytes) {
    reject(CsvProblemCode::cell_too_long, field_);
  } else if (state_ == State::quoted && end - field_ - 1 > limits_.cell_bytes) {
    reject(CsvProblemCode::unclosed_quote, field_);
  }
}

inline void CsvReader::end_field(std::size_t begin, std::size_t end, std::size_t at, bool escaped) {
  if (count_ == limits_.columns) return reject(CsvProblemCode::too_many_columns, field_);
  if (at - record_ > limits_.record_bytes) return reject(CsvProblemCode::record_too_long, record_);
  Mark& mark = marks_.data()[count_++];  // below the limit, as checked
  mark.begin = static_cast<std::uint32_t>(begin - record_);
  mark.end = static_cast<std::uint32_t>(end - record_);
  mark.escaped = escaped;
  field_ = at + 1;
  state_ = State::plain;
}

void CsvReader::end_record(std::size_t next) {
  if (state_ != State::skipping) deliver();
  line_ += 1 + inner_lines_;
  inner_lines_ = 0;
  record_ = field_ = next_ = next;
  count_ = 0;
  warned_ = false;
  state_ = State::plain;
}

void CsvReader::deliver() {
  const bool empty = count_ == 1 && marks_[0].begin == 0 && marks_[0].end == 0;
  if (empty) {
    ++empty_lines_;
    return;
  }
  if (width_ == 0) width_ = count_;
  if (equal_counts_ && count_ != width_) {
    CsvProblem problem = problem_at(CsvProblemCode::field_count, record_);
    problem.found = count_;
    problem.expected = width_;
    events_.problem(problem);
    return;
  }
  char* const text = buffer_.data() + record_;
  std::string_view* field = fields_.data();
  for (const Mark& mark : std::span(marks_.data(), count_)) {
    const std::string_view raw(text + mark.begin, mark.end - mark.begin);
    *field++ = mark.escaped ? unescape(text + mark.begin, raw.size()) : raw;
  }
  if (!events_.record({line_, base_ + record_, {fields_.data(), count_}})) stopped_ = true;
}

void CsvReader::reject(CsvProblemCode code, std::size_t at) {
  events_.problem(problem_at(code, at));
  state_ = State::skipping;
  if (code == CsvProblemCode::unclosed_quote) stopped_ = true;
}

// Line breaks before `at` in an open record stand in quoted cells, where every kind of them counts.
CsvProblem CsvReader::problem_at(CsvProblemCode code, std::size_t at) const {
  CsvProblem problem = {code, line_, 1, base_ + at};
  for (std::size_t i = record_; i < at; ++i) {
    const char c = buffer_[i];
    const bool second_half = c == '\n' && i > record_ && buffer_[i - 1] == '\r';
    if (c == '\n' || c == '\r') {
      problem.line += second_half ? 0 : 1;
      problem.column = 1;
    } else if ((static_cast<unsigned char>(c) & 0xC0) != 0x80) {
      ++problem.column;
    }
  }
  return problem;
}

}  // namespace muster
