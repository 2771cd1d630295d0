// SPDX-License-Identifier: Apache-2.0
#include "connectors/ldap/attribute_description.h"

#include <charconv>

#include "core/text.h"

namespace muster::connectors::ldap {
namespace {

std::optional<std::uint32_t> parse_number(std::string_view text) {
  std::uint32_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

std::optional<ValueRange> parse_range(std::string_view text) {
  const std::size_t dash = text.find('-');
  if (dash == std::string_view::npos) return std::nullopt;
  const auto first = parse_number(text.substr(0, dash));
  if (!first) return std::nullopt;
  if (text.substr(dash + 1) == "*") return ValueRange{.first = *first};
  const auto last = parse_number(text.substr(dash + 1));
  if (!last || *last < *first) return std::nullopt;
  return ValueRange{.first = *first, .last = last};
}

}  // namespace

AttributeDescription parse_attribute_description(std::string_view text) {
  AttributeDescription description;
  std::size_t end = text.find(';');
  description.type = text.substr(0, end);
  while (end != std::string_view::npos) {
    text.remove_prefix(end + 1);
    end = text.find(';');
    const std::string_view option = text.substr(0, end);
    if (ascii_equal_fold(option, "binary")) {
      description.binary = true;
    } else if (ascii_equal_fold(option.substr(0, 6), "range=")) {
      description.range = parse_range(option.substr(6));
      if (!description.range) description.tagged = true;
    } else {
      description.tagged = true;
    }
  }
  return description;
}

}  // namespace muster::connectors::ldap
