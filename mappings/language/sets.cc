// SPDX-License-Identifier: Apache-2.0
#include "mappings/language/sets.h"

#include <algorithm>
#include <utility>

#include "core/text.h"
#include "mappings/language/email.h"

namespace muster::mappings {
namespace {

std::string stored(std::string_view text, Table::Match match) {
  return match == Table::Match::fold ? fold_key(text) : nfc(text);
}

}  // namespace

Table::Table(std::vector<std::string> columns, Match match, Missing missing)
    : columns_(std::move(columns)), match_(match), missing_(missing) {}

bool Table::add(std::string_view key, std::vector<std::string> values) {
  for (auto& value : values) value = nfc(value);
  values.resize(columns_.size());
  return rows_.emplace(stored(key, match_), std::move(values)).second;
}

std::optional<std::size_t> Table::column(std::string_view name) const {
  const auto found = std::find(columns_.begin(), columns_.end(), name);
  if (found == columns_.end()) return std::nullopt;
  return static_cast<std::size_t>(found - columns_.begin());
}

const std::string* Table::find_folded(std::string_view key, std::size_t column) const {
  const auto row = rows_.find(key);
  return row == rows_.end() ? nullptr : &row->second[column];
}

Status DomainSet::add(std::string_view domain) {
  MUSTER_TRY(auto ascii, domain_to_ascii(domain));
  if (!domains_.insert(ascii).second) return {};
  looks_.emplace(look_of_domain(ascii), ascii);
  order_.push_back(std::move(ascii));
  return {};
}

bool DomainSet::contains(std::string_view domain) const {
  if (domains_.contains(domain)) return true;
  if (!subdomains_) return false;
  for (auto dot = domain.find('.'); dot != std::string_view::npos;
       dot = domain.find('.', dot + 1)) {
    if (domains_.contains(domain.substr(dot + 1))) return true;
  }
  return false;
}

const std::string* DomainSet::looks_like(std::string_view domain) const {
  for (;;) {
    if (const auto found = looks_.find(look_of_domain(domain)); found != looks_.end())
      return &found->second;
    const auto dot = domain.find('.');
    if (!subdomains_ || dot == std::string_view::npos) return nullptr;
    domain.remove_prefix(dot + 1);
  }
}

Status DnSet::add(std::string_view dn) {
  MUSTER_TRY(auto parsed, parse_dn(dn));
  keys_.insert(std::move(parsed.key));
  return {};
}

bool DnSet::covers(std::string_view key) const {
  if (keys_.contains(key)) return true;
  for (auto end = key.find('\0'); end != std::string_view::npos; end = key.find('\0', end + 1)) {
    if (keys_.contains(key.substr(0, end + 1))) return true;
  }
  return keys_.contains(std::string_view());
}

void TextSet::add(std::string_view text) { texts_.insert(stored(text, match_)); }

}  // namespace muster::mappings
