// SPDX-License-Identifier: Apache-2.0
#include "connectors/ldap/schema.h"

#include <algorithm>
#include <utility>

#include "core/text.h"

namespace muster::connectors::ldap {
namespace {

constexpr std::string_view kStandard[] = {
    "( 2.5.4.3 NAME ( 'cn' 'commonName' ) )",
    "( 2.5.4.4 NAME ( 'sn' 'surname' ) )",
    "( 2.5.4.42 NAME ( 'givenName' 'gn' ) )",
    "( 0.9.2342.19200300.100.1.3 NAME ( 'mail' 'rfc822Mailbox' ) )",
    "( 0.9.2342.19200300.100.1.1 NAME ( 'uid' 'userid' ) )",
    "( 2.5.4.6 NAME ( 'c' 'countryName' ) )",
    "( 2.5.4.7 NAME ( 'l' 'localityName' ) )",
    "( 2.5.4.8 NAME ( 'st' 'stateOrProvinceName' ) )",
    "( 2.5.4.9 NAME ( 'street' 'streetAddress' ) )",
    "( 2.5.4.10 NAME ( 'o' 'organizationName' ) )",
    "( 2.5.4.11 NAME ( 'ou' 'organizationalUnitName' ) )",
    "( 2.5.4.23 NAME ( 'facsimileTelephoneNumber' 'fax' ) )",
    "( 0.9.2342.19200300.100.1.20 NAME ( 'homePhone' 'homeTelephoneNumber' ) )",
    "( 0.9.2342.19200300.100.1.41 NAME ( 'mobile' 'mobileTelephoneNumber' ) )",
    "( 0.9.2342.19200300.100.1.42 NAME ( 'pager' 'pagerTelephoneNumber' ) )",
    "( 0.9.2342.19200300.100.1.43 NAME ( 'co' 'friendlyCountryName' ) )",
    "( 0.9.2342.19200300.100.1.25 NAME ( 'dc' 'domainComponent' ) )",
};

std::string_view without_options(std::string_view name) { return name.substr(0, name.find(';')); }

// The next word of a definition: "(", ")", a quoted text or a bare word; empty at the end.
std::string_view next_word(std::string_view& text, bool& quoted) {
  quoted = false;
  const auto begin = text.find_first_not_of(" \t\r\n");
  if (begin == std::string_view::npos) return text = {};
  text.remove_prefix(begin);
  std::size_t size = 1;
  if (text.front() == '\'') {
    quoted = true;
    size = text.find('\'', 1);
    const auto word = text.substr(1, size == std::string_view::npos ? size : size - 1);
    text.remove_prefix(size == std::string_view::npos ? text.size() : size + 1);
    return word;
  }
  if (text.front() != '(' && text.front() != ')') size = text.find_first_of(" \t\r\n()'");
  const auto word = text.substr(0, size);
  text.remove_prefix(word.size());
  return word;
}

bool is_oid(std::string_view name) { return name.front() >= '0' && name.front() <= '9'; }

bool names_attribute(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
         c == '.' || c == ';';
}

}  // namespace

Schema Schema::standard() {
  Schema schema;
  for (const auto definition : kStandard) schema.add(definition);
  return schema;
}

void Schema::add(std::string_view definition) {
  bool quoted = false;
  if (next_word(definition, quoted) != "(") return;
  const auto oid = next_word(definition, quoted);
  if (oid.empty() || oid == ")") return;
  std::vector<std::string> names = {std::string(oid)};
  for (auto word = next_word(definition, quoted); !word.empty() || quoted;
       word = next_word(definition, quoted)) {
    if (quoted || !ascii_equal_fold(word, "NAME")) continue;
    word = next_word(definition, quoted);
    if (quoted) {
      names.emplace_back(word);
    } else if (word == "(") {
      for (word = next_word(definition, quoted); quoted; word = next_word(definition, quoted))
        names.emplace_back(word);
    }
    break;
  }
  add_type(std::move(names));
}

void Schema::add_type(std::vector<std::string> names) {
  for (auto& name : names) {
    written_.push_back(name);
    name = ascii_lower(name);
  }
  std::ranges::sort(names);
  for (const auto& name : names) by_name_.try_emplace(name, types_.size());
  types_.push_back(std::move(names));
}

const std::vector<std::string>* Schema::names_of(std::string_view name) const {
  const auto found = by_name_.find(ascii_lower(without_options(name)));
  return found == by_name_.end() ? nullptr : &types_[found->second];
}

std::string Schema::known_as(std::string_view name) const {
  static const Schema usual = standard();
  const auto type = without_options(name);
  if (names_of(type) != nullptr) return std::string(name);
  if (const auto* others = usual.names_of(type)) {
    for (const auto& other : *others)
      if (!is_oid(other) && names_of(other) != nullptr)
        return other + std::string(name.substr(type.size()));
  }
  return std::string(name);
}

std::string Schema::proposal(std::string_view name) const {
  return did_you_mean(without_options(name), written_);
}

std::vector<std::string> filter_attributes(std::string_view filter) {
  std::vector<std::string> names;
  for (auto at = filter.find('('); at != std::string_view::npos; at = filter.find('(', at + 1)) {
    auto end = at + 1;
    while (end < filter.size() && names_attribute(filter[end])) ++end;
    const std::string name(filter.substr(at + 1, end - at - 1));
    const bool compared =
        end < filter.size() && std::string_view("=~<>:").find(filter[end]) != std::string::npos;
    if (!name.empty() && compared && std::ranges::find(names, name) == names.end())
      names.push_back(name);
  }
  return names;
}

}  // namespace muster::connectors::ldap
