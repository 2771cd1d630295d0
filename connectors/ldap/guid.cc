// SPDX-License-Identifier: Apache-2.0
#include "connectors/ldap/guid.h"

#include <array>

#include "core/encoding.h"

namespace muster::connectors::ldap {

std::optional<std::string> guid_text(std::string_view bytes) {
  constexpr std::array<std::size_t, 16> kOrder = {3, 2, 1,  0,  5,  4,  7,  6,
                                                  8, 9, 10, 11, 12, 13, 14, 15};
  if (bytes.size() != kOrder.size()) return std::nullopt;
  std::array<char, 16> ordered = {};
  for (std::size_t i = 0; i < kOrder.size(); ++i) ordered[i] = bytes[kOrder[i]];
  std::string text(36, '\0');
  write_uuid({ordered.data(), ordered.size()}, text.data());
  return text;
}

}  // namespace muster::connectors::ldap
