// SPDX-License-Identifier: Apache-2.0
#include "connectors/ldap/guid.h"

#include <gtest/gtest.h>

namespace muster::connectors::ldap {
namespace {

TEST(GuidText, FirstThreeGroupsAreLittleEndian) {
  // MS-DTYP 2.3.4.2 layout; what Get-ADUser prints for these bytes.
  const std::string bytes("\x33\x22\x11\x00\x55\x44\x77\x66\x88\x99\xaa\xbb\xcc\xdd\xee\xff", 16);
  EXPECT_EQ(guid_text(bytes), "00112233-4455-6677-8899-aabbccddeeff");
}

TEST(GuidText, OnlySixteenBytes) {
  EXPECT_EQ(guid_text(""), std::nullopt);
  EXPECT_EQ(guid_text("00112233-4455-6677-8899-aabbccddeeff"), std::nullopt);
}

}  // namespace
}  // namespace muster::connectors::ldap
