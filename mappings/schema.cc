// SPDX-License-Identifier: Apache-2.0
#include "mappings/schema.h"

#include <unicode/uchar.h>
#include <unicode/unistr.h>

#include <algorithm>

#include "core/text.h"

namespace muster::mappings {
namespace {

constexpr std::size_t longest = 255;  // Meeds' hard ceiling

bool is_lower_alnum(char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); }
bool is_alnum(char c) { return is_lower_alnum(c) || (c >= 'A' && c <= 'Z'); }
bool is_letter(char c) { return is_alnum(c) && !(c >= '0' && c <= '9'); }

std::string user_name_problem(std::string_view text, bool loose) {
  if (text.empty()) return "is empty";
  if (!is_lower_alnum(text.front()) || !is_lower_alnum(text.back()))
    return "does not begin and end with a-z or a digit";
  bool symbol = false;
  for (char c : text) {
    bool is_symbol = c == '_' || c == '.' || c == '-' || c == '@' || (loose && c == '+');
    if (!is_symbol && !is_lower_alnum(c)) return "has a character other than a-z 0-9 _ . - @";
    if (is_symbol && symbol && !loose) return "has two symbols in a row";
    symbol = is_symbol;
  }
  return {};
}

constexpr const char* not_a_name = "has a character other than letters, blanks, ' and -";

std::string ascii_name_problem(std::string_view text) {
  auto fine = [](char c) {
    return is_letter(c) || c == ' ' || (c >= 9 && c <= 13) || c == '\'' || c == '-';
  };
  if (text.empty() || std::all_of(text.begin(), text.end() - 1, fine)) return {};
  return not_a_name;
}

// Meeds: letters of any script, blanks, ' and -; the last character is not looked at.
std::string person_name_problem(const icu::UnicodeString& text) {
  for (int32_t i = 0; i < text.length(); i = text.moveIndex32(i, 1)) {
    UChar32 c = text.char32At(i);
    bool last = text.moveIndex32(i, 1) >= text.length();
    bool mark = (U_GET_GC_MASK(c) & U_GC_M_MASK) != 0;
    if (!last && !u_isalpha(c) && !mark && !u_isspace(c) && c != '\'' && c != '-')
      return not_a_name;
  }
  return {};
}

bool every(std::string_view text, bool (*allowed)(char)) {
  return !text.empty() && std::all_of(text.begin(), text.end(), allowed);
}

// Meeds: `+` only before the first dot of the local part, no hyphen behind the first label of the
// domain.
std::string mail_problem(std::string_view text) {
  auto at = text.rfind('@');
  if (at == std::string_view::npos) return "is no mail address";
  auto local = text.substr(0, at);
  auto domain = text.substr(at + 1);
  bool first = true;
  while (true) {
    auto dot = local.find('.');
    auto run = local.substr(0, dot);
    bool fine =
        first ? every(run, [](char c) { return is_alnum(c) || c == '_' || c == '-' || c == '+'; })
              : every(run, [](char c) { return is_alnum(c) || c == '_' || c == '-'; });
    if (!fine) return "has characters before the @ that the platform refuses";
    if (dot == std::string_view::npos) break;
    local.remove_prefix(dot + 1);
    first = false;
  }
  auto dot = domain.find('.');
  if (dot == std::string_view::npos) return "has a domain without a dot";
  if (!every(domain.substr(0, dot), [](char c) { return is_alnum(c) || c == '-'; }))
    return "has a domain that the platform refuses";
  while (dot != std::string_view::npos) {
    domain.remove_prefix(dot + 1);
    dot = domain.find('.');
    auto label = domain.substr(0, dot);
    bool last = dot == std::string_view::npos;
    if (!every(label, is_alnum) || (last && (label.size() < 2 || !every(label, is_letter))))
      return "has a domain that the platform refuses (a hyphen behind its first dot)";
  }
  return {};
}

std::string spelling_problem(Spelling spelling, std::string_view text,
                             const icu::UnicodeString& units) {
  switch (spelling) {
    case Spelling::any:
      return {};
    case Spelling::user_name:
      return user_name_problem(text, false);
    case Spelling::loose_user_name:
      return user_name_problem(text, true);
    case Spelling::person_name:
      return person_name_problem(units);
    case Spelling::mail:
      return mail_problem(text);
  }
  return {};
}

Attribute settled(std::string name, Type type) {
  Attribute attribute;
  attribute.name = std::move(name);
  attribute.type = std::move(type);
  attribute.settled = true;
  return attribute;
}

Attribute mapped(std::string name, Type type, bool required, Limits limits, Spelling spelling) {
  Attribute attribute;
  attribute.name = std::move(name);
  attribute.type = std::move(type);
  attribute.required = required;
  attribute.limits = limits;
  attribute.spelling = spelling;
  return attribute;
}

}  // namespace

const Attribute* Schema::find(std::string_view name) const {
  auto found = position(name);
  return found ? &attributes[*found] : nullptr;
}

std::optional<std::size_t> Schema::position(std::string_view name) const {
  auto found = std::lower_bound(attributes.begin(), attributes.end(), name,
                                [](const Attribute& a, std::string_view n) { return a.name < n; });
  if (found == attributes.end() || found->name != name) return std::nullopt;
  return static_cast<std::size_t>(found - attributes.begin());
}

std::vector<std::string> Schema::names() const {
  std::vector<std::string> names;
  for (const auto& attribute : attributes) names.push_back(attribute.name);
  return names;
}

std::shared_ptr<const Fields> Schema::fields() const {
  auto fields = std::make_shared<Fields>();
  for (const auto& attribute : attributes) {
    Field field;
    field.name = attribute.name;
    field.type = attribute.type;
    fields->fields.push_back(std::move(field));
  }
  return fields;
}

std::optional<Schema> schema_of_profile(std::string_view profile) {
  if (profile != "meeds" && profile != "generic") return std::nullopt;
  bool meeds = profile == "meeds";
  Limits limits = meeds ? Limits{3, longest} : Limits{};
  Schema schema;
  schema.profile = profile;
  auto user_name = settled("userName", text_type(true));
  user_name.required = true;
  user_name.limits = meeds ? limits : Limits{1, longest};
  user_name.spelling = meeds ? Spelling::user_name : Spelling::loose_user_name;
  auto person = meeds ? Spelling::person_name : Spelling::any;
  auto mail = meeds ? Spelling::mail : Spelling::any;
  schema.attributes = {
      mapped("email", make_type(Type::Kind::email, true), meeds, limits, mail),
      mapped("enabled", make_type(Type::Kind::boolean), false, {}, Spelling::any),
      settled("external", make_type(Type::Kind::boolean)),
      mapped("firstName", text_type(true), meeds, limits, person),
      mapped("lastName", text_type(true), meeds, limits, person),
      std::move(user_name),
  };
  return schema;
}

std::string problem_with(const Attribute& attribute, const Value& value) {
  if (!value.is_text() || !attribute.checked()) return {};
  const std::string& text = value.as_text();
  const bool ascii = is_ascii(text);
  icu::UnicodeString units;
  if (!ascii) units = icu::UnicodeString::fromUTF8(text);
  auto length = ascii ? text.size() : static_cast<std::size_t>(units.length());
  if (length < attribute.limits.min)
    return "is shorter than " + std::to_string(attribute.limits.min) + " characters";
  if (attribute.limits.max > 0 && length > attribute.limits.max)
    return "is longer than " + std::to_string(attribute.limits.max) + " characters";
  if (attribute.spelling == Spelling::person_name && ascii) return ascii_name_problem(text);
  return spelling_problem(attribute.spelling, text, units);
}

}  // namespace muster::mappings
