// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace muster::connectors::ldap {

// Which of an attribute's values came (MS-ADTS, 3.1.1.3.1.3.3): "range=0-1499"; without `last`
// ("range=1500-*") these are the final ones.
struct ValueRange {
  std::uint32_t first = 0;
  std::optional<std::uint32_t> last = {};
};

// "type;option;option" (RFC 4512, 2.5), as views into the text.
struct AttributeDescription {
  std::string_view type = {};
  bool binary = false;  // ";binary" (RFC 4522)
  bool tagged = false;  // ";lang-fr" and other options: a variant, not the attribute itself
  std::optional<ValueRange> range = {};
};

AttributeDescription parse_attribute_description(std::string_view text);

}  // namespace muster::connectors::ldap
