// SPDX-License-Identifier: Apache-2.0
#include "connectors/ldap/guid.h"

#include <array>

namespace muster::connectors::ldap {

std::optional<std::string> guid_text(std::string_view bytes) {
  constexpr std::array<std::size_t, 16> kOrder = {3, 2, 1,  0,  5,  4,  7,  6,
                                                  8, 9, 10, 11, 12, 13, 14, 15};
  constexpr std::string_view kDigits = "0123456789abcdef";
  if (bytes.size() != kOrder.size()) return std::nullopt;
  std::string text;
  text.reserve(36);
  for (const std::size_t from : kOrder) {
    if (text.size() == 8 || text.size() == 13 || text.size() == 18 || text.size() == 23)
      text += '-';
    const auto byte = static_cast<unsigned char>(bytes[from]);
    text += kDigits[byte >> 4];
    text += kDigits[byte & 15];
  }
  return text;
}

}  // namespace muster::connectors::ldap
