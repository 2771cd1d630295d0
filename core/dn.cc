// SPDX-License-Identifier: Apache-2.0
#include "core/dn.h"

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

#include "core/encoding.h"
#include "core/text.h"

namespace muster {
namespace {

constexpr char rdn_end = '\0';
constexpr char part_end = '\1';  // between the parts of a multi-valued RDN
constexpr char escape_mark =
    '\2';  // stands before a character raised by '0' inside a value: one of these, a leading '#'

// RFC 4514 section 3 and the types that directories show by number.
constexpr std::array<std::pair<std::string_view, std::string_view>, 14> oids = {{
    {"2.5.4.3", "cn"},
    {"2.5.4.4", "sn"},
    {"2.5.4.5", "serialnumber"},
    {"2.5.4.6", "c"},
    {"2.5.4.7", "l"},
    {"2.5.4.8", "st"},
    {"2.5.4.9", "street"},
    {"2.5.4.10", "o"},
    {"2.5.4.11", "ou"},
    {"2.5.4.12", "title"},
    {"2.5.4.42", "givenname"},
    {"0.9.2342.19200300.100.1.1", "uid"},
    {"0.9.2342.19200300.100.1.25", "dc"},
    {"1.2.840.113549.1.9.1", "emailaddress"},
}};

constexpr std::array<std::pair<std::string_view, std::string_view>, 11> long_names = {{
    {"commonname", "cn"},
    {"surname", "sn"},
    {"countryname", "c"},
    {"localityname", "l"},
    {"stateorprovincename", "st"},
    {"streetaddress", "street"},
    {"organizationname", "o"},
    {"organizationalunitname", "ou"},
    {"domaincomponent", "dc"},
    {"userid", "uid"},
    {"email", "emailaddress"},
}};

bool letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool digit(char c) { return c >= '0' && c <= '9'; }

bool is_type(std::string_view name) {
  if (name.empty()) return false;
  const bool numeric = digit(name[0]);
  if (!numeric && !letter(name[0])) return false;
  for (const char c : name) {
    if (!(digit(c) || c == '.' || (!numeric && (letter(c) || c == '-')))) return false;
  }
  return true;
}

std::string type_name(std::string_view written) {
  auto name = ascii_lower(written);
  // Only before a number, which is a type without it too; "oid.04ff" is a name.
  if (name.starts_with("oid.") && name.size() > 4 && digit(name[4]) && is_type(name.substr(4)))
    name.erase(0, 4);
  for (const auto& [oid, known] : oids) {
    if (name == oid) return std::string(known);
  }
  for (const auto& [long_name, known] : long_names) {
    if (name == long_name) return std::string(known);
  }
  return name;
}

// Folded first, because folding turns other blanks into spaces; then blanks trimmed and collapsed,
// the three marks made harmless, and text that begins with '#' told from BER.
std::string value_key(std::string_view value) {
  const auto folded = is_ascii(value) ? ascii_lower(value) : fold_key(value);
  std::string spaced;
  bool gap = false;
  for (const char c : trim_blanks(folded)) {
    if (c == ' ') {
      gap = true;
      continue;
    }
    if (gap) spaced += ' ';
    gap = false;
    spaced += c;
  }
  std::string key;
  for (const char c : spaced) {
    if ((c >= rdn_end && c <= escape_mark) || (c == '#' && key.empty())) {
      key += escape_mark;
      key += static_cast<char>(c + '0');
    } else {
      key += c;
    }
  }
  return key;
}

class DnReader {
 public:
  explicit DnReader(std::string_view text) : text_(text) {}

  Result<Dn> read() {
    Dn dn;
    dn.written = text_;
    skip_blanks();
    std::vector<std::string> rdns;
    while (at_ < text_.size()) {
      MUSTER_TRY(auto rdn, read_rdn(rdns.empty() ? &dn.first_value : nullptr));
      rdns.push_back(std::move(rdn));
      if (at_ >= text_.size()) break;
      ++at_;  // the comma that ended the RDN
      skip_blanks();
      if (at_ >= text_.size()) return refuse("it ends with a comma");
    }
    dn.rdns = static_cast<int>(rdns.size());
    for (auto rdn = rdns.rbegin(); rdn != rdns.rend(); ++rdn) {
      dn.key += *rdn;
      dn.key += rdn_end;
    }
    return dn;
  }

 private:
  tl::unexpected<Error> refuse(std::string why) const {
    return fail(Fault::invalid, "this is no DN (RFC 4514): " + std::move(why), {}, "E-DN");
  }

  void skip_blanks() {
    while (at_ < text_.size() && text_[at_] == ' ') ++at_;
  }

  Result<std::string> read_rdn(std::string* first_value) {
    std::vector<std::string> parts;
    while (true) {
      const auto equals = text_.find('=', at_);
      if (equals == std::string_view::npos) return refuse("a part has no '='");
      const auto type = trim_blanks(text_.substr(at_, equals - at_));
      if (!is_type(type)) return refuse("a part does not begin with an attribute type");
      at_ = equals + 1;
      skip_blanks();
      const bool ber = at_ < text_.size() && text_[at_] == '#';
      MUSTER_TRY(auto value, ber ? read_hex_value() : read_value());
      if (first_value != nullptr && parts.empty()) *first_value = value;
      parts.push_back(type_name(type) + "=" + (ber ? ascii_lower(value) : value_key(value)));
      if (at_ >= text_.size() || text_[at_] == ',') break;
      ++at_;  // '+'
    }
    std::sort(parts.begin(), parts.end());
    std::string rdn;
    for (const auto& part : parts) {
      if (!rdn.empty()) rdn += part_end;
      rdn += part;
    }
    return rdn;
  }

  // Decodes up to an unescaped ',' or '+'; blanks at the ends are no part of the value unless
  // escaped.
  Result<std::string> read_value() {
    std::string value;
    std::size_t solid = 0;  // length up to the last character that may not be trimmed
    while (at_ < text_.size()) {
      const char c = text_[at_];
      if (c == ',' || c == '+') break;
      if (c == '"' || c == ';' || c == '<' || c == '>')
        return refuse("a special character is not escaped");
      if (c == '\\') {
        MUSTER_CHECK(read_escape(value));
        solid = value.size();
        continue;
      }
      value += c;
      ++at_;
      if (c != ' ') solid = value.size();
    }
    value.resize(solid);
    if (!is_utf8(value)) return refuse("a value is not UTF-8");
    return value;
  }

  Status read_escape(std::string& value) {
    if (at_ + 1 >= text_.size()) return refuse("it ends with a backslash");
    const char next = text_[at_ + 1];
    if (hex_value(next) >= 0) {
      const int low = at_ + 2 < text_.size() ? hex_value(text_[at_ + 2]) : -1;
      if (low < 0) return refuse("a backslash is followed by half a byte");
      value += static_cast<char>(hex_value(next) * 16 + low);
      at_ += 3;
      return {};
    }
    if (std::string_view(" \"#+,;<=>\\").find(next) == std::string_view::npos) {
      return refuse("a backslash stands before a character that needs none");
    }
    value += next;
    at_ += 2;
    return {};
  }

  // #04024869: BER, kept as its hexadecimal text.
  Result<std::string> read_hex_value() {
    std::string value = "#";
    for (++at_; at_ < text_.size() && text_[at_] != ',' && text_[at_] != '+'; ++at_) {
      if (text_[at_] == ' ') continue;
      if (hex_value(text_[at_]) < 0) return refuse("a value after '#' is not hexadecimal");
      value += text_[at_];
    }
    if (value.size() % 2 == 0 || value.size() == 1)
      return refuse("a value after '#' has half a byte");
    return value;
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

void append_escaped(std::string& out, char c) {
  if (std::string_view("\"+,;<=>\\").find(c) != std::string_view::npos) out += '\\';
  if (c == '\0') {
    out += "\\00";
  } else {
    out += c;
  }
}

}  // namespace

Result<Dn> parse_dn(std::string_view text) {
  if (!is_utf8(text))
    return fail(Fault::invalid, "this is no DN (RFC 4514): it is not UTF-8", {}, "E-DN");
  return DnReader(text).read();
}

bool rdn_has(const Dn& dn, std::string_view type, std::string_view value) {
  if (dn.key.empty()) return false;
  std::string_view own(dn.key);
  own.remove_suffix(1);  // what closes it
  if (const auto above = own.rfind(rdn_end); above != std::string_view::npos)
    own.remove_prefix(above + 1);
  const std::string wanted = type_name(type) + "=" + value_key(value);
  while (!own.empty()) {
    const auto part = own.substr(0, own.find(part_end));
    if (part == wanted) return true;
    own.remove_prefix(std::min(own.size(), part.size() + 1));
  }
  return false;
}

std::string dn_text(std::string_view key) {
  std::vector<std::string> rdns;
  std::string rdn;
  bool in_value = false;
  for (std::size_t i = 0; i < key.size(); ++i) {
    const char c = key[i];
    if (c == rdn_end) {
      rdns.push_back(std::exchange(rdn, {}));
      in_value = false;
    } else if (c == part_end) {
      rdn += '+';
      in_value = false;
    } else if (c == escape_mark && i + 1 < key.size()) {
      const char meant = static_cast<char>(key[++i] - '0');
      if (meant == '#') rdn += '\\';
      append_escaped(rdn, meant);
    } else if (in_value) {
      append_escaped(rdn, c);
    } else {
      rdn += c;
      in_value = c == '=';
    }
  }
  std::string text;
  text.reserve(key.size());
  for (auto it = rdns.rbegin(); it != rdns.rend(); ++it) {
    if (!text.empty()) text += ',';
    text += *it;
  }
  return text;
}

std::optional<std::string> canonical_dn(std::string_view dn) {
  const auto parsed = parse_dn(dn);
  if (!parsed) return std::nullopt;
  return dn_text(parsed->key);
}

bool is_under(std::string_view dn, std::string_view base) {
  if (base.empty() || dn == base) return true;
  if (dn.size() <= base.size() + 1 || !dn.ends_with(base)) return false;
  // "=" and "," inside values are escaped, so a comma before "type=" can only separate RDNs.
  return dn[dn.size() - base.size() - 1] == ',';
}

}  // namespace muster
