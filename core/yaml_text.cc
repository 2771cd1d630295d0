// SPDX-License-Identifier: Apache-2.0
#include "core/yaml_text.h"

#include <algorithm>

namespace muster {

YamlPlace YamlText::at(std::size_t offset) {
  last_ = walk(offset >= last_.offset ? last_ : YamlPlace{}, std::min(offset, text_.size()));
  return last_;
}

YamlPlace YamlText::content(const YamlPlace& place) const {
  std::size_t offset = place.offset;
  while (offset < text_.size() && (text_[offset] == '!' || text_[offset] == '&')) {
    offset = std::min(text_.find_first_of(" \t\r\n", offset), text_.size());
    offset = std::min(text_.find_first_not_of(" \t\r\n", offset), text_.size());
  }
  return walk(place, offset);
}

char YamlText::peek(const YamlPlace& place) const {
  return place.offset < text_.size() ? text_[place.offset] : '\0';
}

bool YamlText::starts_with(const YamlPlace& place, std::string_view word) const {
  return text_.substr(place.offset, word.size()) == word;
}

std::string_view YamlText::null_word(const YamlPlace& place) const {
  for (const std::string_view word : {"~", "null", "Null", "NULL"}) {
    if (!starts_with(place, word)) continue;
    const std::size_t behind = place.offset + word.size();
    const bool is_whole =
        behind >= text_.size() ||
        std::string_view(" \t\r\n,:]}").find(text_[behind]) != std::string_view::npos;
    if (is_whole) return word;
  }
  return {};
}

bool YamlText::closes_quote(const YamlPlace& place) const {
  const char quote = peek(place);
  for (std::size_t i = place.offset + 1; i < text_.size(); ++i) {
    const bool is_pair = i + 1 < text_.size() && text_[i] == '\'' && text_[i + 1] == '\'';
    if (quote == '"' ? text_[i] == '\\' : is_pair) {
      ++i;
    } else if (text_[i] == quote) {
      return true;
    }
  }
  return false;
}

std::size_t YamlText::indenting_tab(const YamlPlace& place) const {
  const auto before = text_.substr(0, place.offset);
  const auto start = before.rfind('\n') == before.npos ? 0 : before.rfind('\n') + 1;
  const auto end = std::min(text_.find_first_not_of(" \t", start), text_.size());
  const auto tab = text_.find('\t', start);
  return tab < end ? tab : std::string_view::npos;
}

YamlPlace YamlText::walk(YamlPlace from, std::size_t offset) const {
  for (; from.offset < offset; ++from.offset) {
    const char c = text_[from.offset];
    if (c == '\n') {
      ++from.line;
      from.column = 1;
    } else if ((static_cast<unsigned char>(c) & 0xC0) != 0x80) {
      ++from.column;  // not for the bytes that continue a character
    }
  }
  return from;
}

}  // namespace muster
