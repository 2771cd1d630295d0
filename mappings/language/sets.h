// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "core/dn.h"
#include "core/result.h"

namespace muster::mappings {

// Looks std::string keys up by std::string_view, without a copy.
struct TextHash {
  using is_transparent = void;
  std::size_t operator()(std::string_view text) const {
    return std::hash<std::string_view>{}(text);
  }
};
template <class T>
using TextMap = std::unordered_map<std::string, T, TextHash, std::equal_to<>>;
using TextKeys = std::unordered_set<std::string, TextHash, std::equal_to<>>;

// A named table of the file: key -> one value per column. Filled once, then read-only and shared
// between threads.
class Table {
 public:
  enum class Match { exact, fold };  // fold: keys compare as fold_key does
  enum class Missing {
    absent,
    error
  };  // a key that is not there: none, or an evaluation error W-LOOKUP

  Table() = default;
  // Names of the value columns; the first one is what lookup(table, key) gives.
  explicit Table(std::vector<std::string> columns, Match match = Match::exact,
                 Missing missing = Missing::absent);

  // False when the key is there already (the first row stays). An empty value is none.
  bool add(std::string_view key, std::vector<std::string> values);

  std::optional<std::size_t> column(std::string_view name) const;
  const std::vector<std::string>& columns() const { return columns_; }
  Match match() const { return match_; }
  Missing missing() const { return missing_; }
  std::size_t size() const { return rows_.size(); }

  // `key` must already be folded when match() is fold. nullptr: no such row.
  const std::string* find_folded(std::string_view key, std::size_t column) const;

 private:
  std::vector<std::string> columns_ = {"value"};
  Match match_ = Match::exact;
  Missing missing_ = Missing::absent;
  TextMap<std::vector<std::string>> rows_;
};

// Mail domains, compared label by label on A-labels.
class DomainSet {
 public:
  explicit DomainSet(bool subdomains = false) : subdomains_(subdomains) {}

  // Refused: what domain_to_ascii() refuses (use code E-DOMAIN).
  Status add(std::string_view domain);

  // `domain` is an A-label form (the result of domain_to_ascii). Equal, or below one of the set
  // with `subdomains`.
  bool contains(std::string_view domain) const;

  bool subdomains() const { return subdomains_; }
  const std::vector<std::string>& domains() const {
    return order_;
  }  // A-labels in the order of the file

 private:
  bool subdomains_ = false;
  TextKeys domains_;
  std::vector<std::string> order_;
};

// Base DNs.
class DnSet {
 public:
  // Refused: what parse_dn() refuses (use code E-DN).
  Status add(std::string_view dn);

  // True when the DN of this key (Dn::key) is one of the set or below one.
  bool covers(std::string_view key) const;

  // True when it is one of the set.
  bool contains(std::string_view key) const { return keys_.contains(key); }

 private:
  TextKeys keys_;
};

// Plain texts, compared exactly (on NFC) or folded.
class TextSet {
 public:
  explicit TextSet(Table::Match match = Table::Match::exact) : match_(match) {}
  void add(std::string_view text);

  Table::Match match() const { return match_; }
  // `text` must already be folded when match() is fold.
  bool contains_folded(std::string_view text) const { return texts_.contains(text); }

 private:
  Table::Match match_ = Table::Match::exact;
  TextKeys texts_;
};

}  // namespace muster::mappings
