// SPDX-License-Identifier: Apache-2.0
#include "connectors/ldap/dn.h"

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

#include "core/text.h"

namespace muster::connectors::ldap {
namespace {

constexpr std::array<std::pair<std::string_view, std::string_view>, 9> kNameOfOid = {{
    {"2.5.4.3", "cn"},
    {"2.5.4.6", "c"},
    {"2.5.4.7", "l"},
    {"2.5.4.8", "st"},
    {"2.5.4.9", "street"},
    {"2.5.4.10", "o"},
    {"2.5.4.11", "ou"},
    {"0.9.2342.19200300.100.1.25", "dc"},
    {"0.9.2342.19200300.100.1.1", "uid"},
}};

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c; }

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  c = lower(c);
  return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

bool is_type_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.';
}

// Appends `value` folded, with blanks squeezed and what a reader could mistake escaped.
bool append_value(std::string& out, std::string_view value) {
  std::string folded;
  const bool ascii = is_ascii(value);
  if (!ascii) {
    if (!is_utf8(value)) return false;
    folded = fold_key(value);
    value = folded;
  }
  const std::size_t start = out.size();
  bool blank = false;
  for (const char c : value) {
    if (c == ' ') {
      blank = out.size() > start;
      continue;
    }
    if (std::exchange(blank, false)) out += ' ';
    if (c == '\0') {
      out += "\\00";
      continue;
    }
    constexpr std::string_view kSpecial = ",+=\"\\<>;";
    if (kSpecial.find(c) != std::string_view::npos || (c == '#' && out.size() == start))
      out += '\\';
    out += ascii ? lower(c) : c;
  }
  return true;
}

// Reads a DN from left to right; each function moves behind what it read and says whether it was
// well formed.
class DnReader {
 public:
  explicit DnReader(std::string_view text) : text_(text) {}

  bool read(std::string& out) {
    skip_blanks();
    if (at_end()) return true;
    for (;;) {
      if (!read_rdn(out)) return false;
      if (at_end()) return true;
      ++at_;
      out += ',';
    }
  }

 private:
  bool at_end() const { return at_ == text_.size(); }

  void skip_blanks() {
    while (!at_end() && text_[at_] == ' ') ++at_;
  }

  bool read_rdn(std::string& out) {
    const std::size_t start = out.size();
    if (!read_ava(out)) return false;
    if (at_end() || text_[at_] != '+') return true;
    std::vector<std::string> parts = {out.substr(start)};
    while (!at_end() && text_[at_] == '+') {
      ++at_;
      if (!read_ava(parts.emplace_back())) return false;
    }
    std::ranges::sort(parts);
    out.resize(start);
    for (const std::string& part : parts) {
      if (out.size() > start) out += '+';
      out += part;
    }
    return true;
  }

  bool read_ava(std::string& out) {
    skip_blanks();
    if (!read_type(out)) return false;
    skip_blanks();
    if (at_end() || text_[at_] != '=') return false;
    ++at_;
    out += '=';
    skip_blanks();
    if (!at_end() && text_[at_] == '#') return read_hex_string(out);
    return read_string(out);
  }

  bool read_type(std::string& out) {
    const std::size_t start = out.size();
    while (!at_end() && is_type_character(lower(text_[at_]))) out += lower(text_[at_++]);
    if (out.size() == start) return false;
    if (out.compare(start, 4, "oid.") == 0) out.erase(start, 4);
    if (out[start] >= '0' && out[start] <= '9') {
      for (const auto& [oid, name] : kNameOfOid) {
        if (std::string_view(out).substr(start) == oid) {
          out.replace(start, std::string::npos, name);
          break;
        }
      }
    }
    return true;
  }

  // "#04024869": BER in hexadecimal digits (RFC 4514, 2.4), kept as it is.
  bool read_hex_string(std::string& out) {
    out += text_[at_++];
    std::size_t digits = 0;
    for (; !at_end() && hex_digit(text_[at_]) >= 0; ++digits) out += lower(text_[at_++]);
    skip_blanks();
    return digits > 0 && digits % 2 == 0 && (at_end() || is_separator(text_[at_]));
  }

  bool read_string(std::string& out) {
    value_.clear();
    while (!at_end() && !is_separator(text_[at_])) {
      if (text_[at_] != '\\') {
        value_ += text_[at_++];
      } else if (!read_escape()) {
        return false;
      }
    }
    return append_value(out, value_);
  }

  bool read_escape() {
    if (++at_ == text_.size()) return false;
    const int high = hex_digit(text_[at_]);
    if (high < 0) {
      value_ += text_[at_++];
      return true;
    }
    const int low = at_ + 1 < text_.size() ? hex_digit(text_[at_ + 1]) : -1;
    if (low < 0) return false;
    value_ += static_cast<char>(high * 16 + low);
    at_ += 2;
    return true;
  }

  static bool is_separator(char c) { return c == ',' || c == '+' || c == ';'; }

  std::string_view text_;
  std::size_t at_ = 0;
  std::string value_;
};

}  // namespace

std::optional<std::string> canonical_dn(std::string_view dn) {
  std::string out;
  out.reserve(dn.size());
  if (!DnReader(dn).read(out)) return std::nullopt;
  return out;
}

bool is_under(std::string_view dn, std::string_view base) {
  if (base.empty() || dn == base) return true;
  if (dn.size() <= base.size() + 1 || !dn.ends_with(base)) return false;
  // "=" and "," inside values are escaped, so a comma before "type=" can only separate RDNs.
  return dn[dn.size() - base.size() - 1] == ',';
}

}  // namespace muster::connectors::ldap
