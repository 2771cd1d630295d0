// SPDX-License-Identifier: Apache-2.0
#include "core/yaml_pieces.h"

#include <algorithm>

namespace muster {
namespace {

constexpr std::string_view blanks = " \t";

int characters(std::string_view text) {
  return static_cast<int>(std::count_if(text.begin(), text.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xC0) != 0x80;
  }));
}

// How many bytes of UTF-8 the code point takes that is written in hexadecimal.
std::size_t size_of_escaped(std::string_view digits) {
  unsigned long point = 0;
  for (const char c : digits) {
    const int lower = c | 0x20;
    point = point * 16 + static_cast<unsigned long>(lower >= 'a' ? lower - 'a' + 10 : c - '0');
  }
  return point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
}

// Follows a scalar through its file, beside what it means.
class Alignment {
 public:
  Alignment(std::string_view file, const YamlPlace& at, std::string_view text)
      : file_(file), text_(text), here_(at) {}

  // A quoted scalar, or a plain one (quote '\0').
  std::vector<YamlPiece> flow(char quote) {
    if (quote != '\0') skip(1);
    bool jumped = false;
    while (done_ < text_.size() && here_.offset < file_.size()) {
      const auto before = done_;
      if (fold()) {
        jumped = true;
      } else if (quote == '\'' && file_.substr(here_.offset, 2) == "''") {
        skip(2);
        ++done_;
        jumped = true;
      } else if (quote == '"' && file_[here_.offset] == '\\') {
        escape();
        jumped = true;
      } else if (file_[here_.offset] == text_[done_]) {
        if (jumped) mark(before);
        jumped = false;
        skip(1);
        ++done_;
      } else {
        return {};  // not as YAML has it: better no place than a wrong one
      }
    }
    if (jumped) mark(done_);
    return std::move(pieces_);
  }

  // A block scalar: its lines are those of the text, without the indentation.
  std::vector<YamlPiece> block() {
    next_line();
    std::size_t indentation = std::string_view::npos;
    while (here_.offset < file_.size() && done_ < text_.size()) {
      auto line = file_.substr(here_.offset);
      line = line.substr(0, line.find_first_of("\r\n"));
      const auto begin = line.find_first_not_of(' ');
      if (begin != std::string_view::npos) {
        if (indentation == std::string_view::npos) indentation = begin - first_blanks();
        const auto content = line.substr(std::min(indentation, line.size()));
        if (!find(content)) break;
        skip(indentation);
        mark(done_);
        done_ += content.size();
      }
      next_line();
    }
    return std::move(pieces_);
  }

 private:
  void mark(std::size_t offset) { pieces_.push_back({offset, here_.line, here_.column}); }

  void skip(std::size_t bytes) {
    here_.column += characters(file_.substr(here_.offset, bytes));
    here_.offset += bytes;
  }

  void next_line() {
    here_.offset = std::min(file_.find('\n', here_.offset), file_.size());
    if (here_.offset < file_.size()) ++here_.offset;
    ++here_.line;
    here_.column = 1;
  }

  // A line break with the blanks around it: a blank in the text, or one line break less.
  bool fold() {
    if (here_.offset < no_break_before_) return false;
    const auto end = std::min(file_.find_first_not_of(" \t\r", here_.offset), file_.size());
    no_break_before_ = end;
    if (end == file_.size() || file_[end] != '\n') return false;
    while (true) {
      const auto next = file_.find_first_not_of(" \t\r", here_.offset);
      if (next == std::string_view::npos || file_[next] != '\n') break;
      next_line();
    }
    const auto content = std::min(file_.find_first_not_of(blanks, here_.offset), file_.size());
    skip(content - here_.offset);
    if (done_ < text_.size() && text_[done_] == ' ') {
      ++done_;
    } else {
      while (done_ < text_.size() && text_[done_] == '\n') ++done_;
    }
    return true;
  }

  // YAML 1.2, 5.7.
  void escape() {
    const char code = here_.offset + 1 < file_.size() ? file_[here_.offset + 1] : '\0';
    if (code == '\n' || code == '\r') {
      next_line();
      const auto content = std::min(file_.find_first_not_of(blanks, here_.offset), file_.size());
      skip(content - here_.offset);
      return;
    }
    const std::size_t digits = code == 'x' ? 2 : code == 'u' ? 4 : code == 'U' ? 8 : 0;
    // N _ L P are characters beyond ASCII.
    const std::size_t size = digits > 0 ? size_of_escaped(file_.substr(here_.offset + 2, digits))
                             : code == 'N' || code == '_' ? 2
                             : code == 'L' || code == 'P' ? 3
                                                          : 1;
    skip(2 + digits);
    done_ += size;
  }

  // Blanks at the start of the first line with content: they belong to the text.
  std::size_t first_blanks() const {
    const auto line = std::min(text_.find_first_not_of('\n'), text_.size());
    return std::min(text_.find_first_not_of(' ', line), text_.size()) - line;
  }

  bool find(std::string_view content) {
    while (text_.substr(done_, content.size()) != content) {
      if (done_ >= text_.size() || (text_[done_] != '\n' && text_[done_] != ' ')) return false;
      ++done_;
    }
    return true;
  }

  std::string_view file_;
  std::string_view text_;
  YamlPlace here_;
  std::size_t done_ = 0;             // bytes of the text
  std::size_t no_break_before_ = 0;  // only blanks stand between here and there
  std::vector<YamlPiece> pieces_ = {};
};

}  // namespace

std::vector<YamlPiece> scalar_pieces(std::string_view file, const YamlPlace& at,
                                     std::string_view text) {
  const char first = at.offset < file.size() ? file[at.offset] : '\0';
  if (first == '|' || first == '>') return Alignment(file, at, text).block();
  const bool quoted = first == '"' || first == '\'';
  // The usual scalar is what it says.
  if (file.substr(at.offset + (quoted ? 1 : 0), text.size()) == text) return {};
  return Alignment(file, at, text).flow(quoted ? first : '\0');
}

}  // namespace muster
