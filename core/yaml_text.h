// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string_view>

namespace muster {

// A place in a YAML text. Lines and columns start at 1; columns count characters.
struct YamlPlace {
  std::size_t offset = 0;  // in bytes
  int line = 1;
  int column = 1;
};

// The text that yaml-cpp reads, asked for what its events do not tell. Cheap when places are asked
// for in the order of the text. One thread at a time; the text must outlive it.
class YamlText {
 public:
  explicit YamlText(std::string_view text) : text_(text) {}

  YamlPlace at(std::size_t offset);
  std::string_view text() const { return text_; }

  // Where the node that is announced at `place` begins: behind its tag (`!!str "1"`) and anchor
  // (`&here`).
  YamlPlace content(const YamlPlace& place) const;

  char peek(const YamlPlace& place) const;
  bool starts_with(const YamlPlace& place, std::string_view word) const;

  // The word for null that is written there (YAML 1.2, 10.2.1.1), or empty when there is none.
  std::string_view null_word(const YamlPlace& place) const;

  // Whether the quoted scalar that begins there ends: yaml-cpp takes the end of the file for a
  // closing quote.
  bool closes_quote(const YamlPlace& place) const;

  // The first tab among the blanks that indent this place's line, as an offset, or npos.
  std::size_t indenting_tab(const YamlPlace& place) const;

 private:
  YamlPlace walk(YamlPlace from, std::size_t offset) const;

  std::string_view text_;
  YamlPlace last_ = {};
};

}  // namespace muster
