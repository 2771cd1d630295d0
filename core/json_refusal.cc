// SPDX-License-Identifier: Apache-2.0
#include "core/json_refusal.h"

#include <simdjson.h>

#include <algorithm>
#include <set>
#include <string>

#include "core/encoding.h"
#include "core/text.h"

namespace muster {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

std::string place(std::string_view text, std::size_t offset) {
  const auto before = text.substr(0, std::min(offset, text.size()));
  const auto line = std::count(before.begin(), before.end(), '\n') + 1;
  const auto start = before.rfind('\n') == before.npos ? 0 : before.rfind('\n') + 1;
  const auto column = std::count_if(before.begin() + static_cast<std::ptrdiff_t>(start),
                                    before.end(), [](char c) { return (c & 0xC0) != 0x80; });
  return "line " + std::to_string(line) + ", column " + std::to_string(column + 1);
}

// Walks the grammar of RFC 8259 and stops at the first thing that the reader refuses. Each step
// returns false when it has recorded the refusal. Messages never quote the text: it may hold
// personal data.
class Refusal {
 public:
  Refusal(std::string_view text, int depth) : text_(text), depth_(depth) {}

  bool document() {
    skip_blanks();
    if (ended()) return refuse(at_, "there is no JSON document in the text");
    if (!value(0)) return false;
    skip_blanks();
    return ended() || refuse(at_, "there is more text behind the JSON document");
  }

  std::size_t offset() const { return offset_; }
  const std::string& why() const { return why_; }
  const std::string& code() const { return code_; }

 private:
  bool refuse(std::size_t offset, std::string why, std::string code = "E-JSON") {
    offset_ = offset;
    why_ = std::move(why);
    code_ = std::move(code);
    return false;
  }
  bool refuse_here(const std::string& expected) {
    return refuse(at_, ended() ? "the text ends where " + expected + " is expected"
                               : expected + " is expected here");
  }

  bool ended() const { return at_ >= text_.size(); }
  char peek() const { return ended() ? '\0' : text_[at_]; }
  bool take(char c) {
    if (ended() || text_[at_] != c) return false;
    ++at_;
    return true;
  }
  void skip_blanks() {
    while (!ended() && std::string_view(" \t\r\n").find(text_[at_]) != std::string_view::npos)
      ++at_;
  }

  bool value(int depth) {
    switch (peek()) {
      case '{':
      case '[':
        if (depth >= depth_) {
          return refuse(
              at_, "objects and lists are nested deeper than " + std::to_string(depth_) + " levels",
              "E-JSON-DEPTH");
        }
        return peek() == '{' ? object(depth + 1) : list(depth + 1);
      case '"': {
        std::string ignored;
        return string(ignored);
      }
      case 't':
        return word("true");
      case 'f':
        return word("false");
      case 'n':
        return word("null");
      default:
        return peek() == '-' || is_digit(peek()) ? number() : refuse_here("a value");
    }
  }

  bool object(int depth) {
    ++at_;
    skip_blanks();
    if (take('}')) return true;
    std::set<std::string, std::less<>> names;
    while (true) {
      skip_blanks();
      const std::size_t start = at_;
      if (peek() != '"') return refuse_here("a member name in double quotes");
      std::string name;
      if (!string(name)) return false;
      if (!names.insert(std::move(name)).second) {
        return refuse(start, "the object has two members of this name", "E-JSON-DUPLICATE");
      }
      skip_blanks();
      if (!take(':')) return refuse_here("':' behind the member name");
      skip_blanks();
      if (!value(depth)) return false;
      skip_blanks();
      if (take('}')) return true;
      if (!take(',')) return refuse_here("',' or '}'");
    }
  }

  bool list(int depth) {
    ++at_;
    skip_blanks();
    if (take(']')) return true;
    while (true) {
      skip_blanks();
      if (!value(depth)) return false;
      skip_blanks();
      if (take(']')) return true;
      if (!take(',')) return refuse_here("',' or ']'");
    }
  }

  bool word(std::string_view expected) {
    if (text_.substr(at_, expected.size()) != expected) return refuse_here("a value");
    at_ += expected.size();
    return true;
  }

  // `out` is the text with its escapes undone, as member names are compared.
  bool string(std::string& out) {
    const std::size_t start = at_++;
    while (!ended()) {
      const char c = text_[at_];
      if (c == '"') {
        ++at_;
        return true;
      }
      if (static_cast<unsigned char>(c) < 0x20) {
        return refuse(
            at_,
            "a control character in a text must be written as an escape such as \\n or \\u0001");
      }
      if (c != '\\') {
        out += c;
        ++at_;
      } else if (!escape(out)) {
        return false;
      }
    }
    return refuse(start, "the text that begins here has no closing double quote");
  }

  bool escape(std::string& out) {
    static constexpr std::string_view letters = "\"\\/bfnrt";
    static constexpr std::string_view meaning = "\"\\/\b\f\n\r\t";
    const std::size_t start = at_++;
    if (take('u')) return unicode_escape(start, out);
    const auto letter = ended() ? letters.npos : letters.find(text_[at_]);
    if (letter == letters.npos) return refuse(start, "there is no such escape in JSON");
    out += meaning[letter];
    ++at_;
    return true;
  }

  bool unicode_escape(std::size_t start, std::string& out) {
    int unit = 0;
    if (!hex4(unit)) return refuse(start, "four hexadecimal digits are expected behind \\u");
    if (unit >= 0xDC00 && unit <= 0xDFFF) return refuse_surrogate(start);
    if (unit >= 0xD800 && unit <= 0xDBFF) {
      int second = 0;
      if (!take('\\') || !take('u') || !hex4(second) || second < 0xDC00 || second > 0xDFFF) {
        return refuse_surrogate(start);
      }
      unit = 0x10000 + ((unit - 0xD800) << 10) + (second - 0xDC00);
    }
    append_utf8(out, static_cast<unsigned>(unit));
    return true;
  }

  bool refuse_surrogate(std::size_t start) {
    return refuse(start, "this escape is half of a surrogate pair and no character", "E-UTF8");
  }

  bool hex4(int& out) {
    out = 0;
    for (int i = 0; i < 4; ++i, ++at_) {
      const int digit = ended() ? -1 : hex_value(text_[at_]);
      if (digit < 0) return false;
      out = out * 16 + digit;
    }
    return true;
  }

  static void append_utf8(std::string& out, unsigned c) {
    const auto tail = [&](unsigned shift) { out += static_cast<char>(0x80 | (c >> shift & 0x3F)); };
    if (c < 0x80) {
      out += static_cast<char>(c);
    } else if (c < 0x800) {
      out += static_cast<char>(0xC0 | c >> 6);
      tail(0);
    } else if (c < 0x10000) {
      out += static_cast<char>(0xE0 | c >> 12);
      tail(6);
      tail(0);
    } else {
      out += static_cast<char>(0xF0 | c >> 18);
      tail(12);
      tail(6);
      tail(0);
    }
  }

  bool digits() {
    const std::size_t start = at_;
    while (is_digit(peek())) ++at_;
    return at_ > start;
  }

  bool number() {
    const std::size_t start = at_;
    take('-');
    if (take('0')) {
      if (is_digit(peek())) return refuse(start, "a number must not begin with a zero");
    } else if (!digits()) {
      return refuse_here("a digit");
    }
    if (take('.') && !digits()) return refuse_here("a digit");
    if (take('e') || take('E')) {
      if (!take('+')) take('-');
      if (!digits()) return refuse_here("a digit");
    }
    return number_fits(start);
  }

  bool number_fits(std::size_t start) {
    const auto written = text_.substr(start, at_ - start);
    const bool whole = written.find_first_of(".eE") == written.npos;
    simdjson::dom::parser parser;
    const auto parsed = parser.parse(simdjson::padded_string(written));
    if (whole ? parsed.is_int64() : parsed.is_double()) return true;
    return refuse(start,
                  whole ? "the integer does not fit into 64 bits" : "the number is too large",
                  "E-JSON-NUMBER");
  }

  std::string_view text_;
  int depth_;
  std::size_t at_ = 0;
  std::size_t offset_ = 0;
  std::string why_;
  std::string code_;
};

}  // namespace

Error explain_json_refusal(std::string_view text, int depth) {
  const auto refused = [&](std::size_t offset, std::string why, std::string code) {
    return Error{Fault::invalid, std::move(why), place(text, offset), std::move(code)};
  };
  if (text.substr(0, 3) == "\xEF\xBB\xBF") {
    return refused(0, "the text begins with a byte order mark, which JSON does not allow",
                   "E-JSON");
  }
  if (const auto offset = first_invalid_utf8(text)) {
    return refused(*offset, "the text is not UTF-8 from here on", "E-UTF8");
  }
  Refusal refusal(text, depth);
  if (!refusal.document()) return refused(refusal.offset(), refusal.why(), refusal.code());
  return {Fault::internal, "the JSON reader refused a text that seems to be correct", {}, "E-JSON"};
}

}  // namespace muster
