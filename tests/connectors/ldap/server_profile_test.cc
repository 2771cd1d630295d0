// SPDX-License-Identifier: Apache-2.0
#include "connectors/ldap/server_profile.h"

#include <gtest/gtest.h>

namespace muster::connectors::ldap {
namespace {

TEST(ServerProfile, VendorDecidesTheKey) {
  struct Case {
    RootDse root;
    Vendor vendor;
    const char* key;
  };
  const std::string windows = "1.2.840.113556.1.4.800";
  const Case cases[] = {
      {{.object_classes = {"top", "OpenLDAProotDSE"}}, Vendor::openldap, "entryUUID"},
      {{.capabilities = {windows}}, Vendor::active_directory, "objectGUID"},
      {{.capabilities = {windows}, .vendor_name = "Samba Team (https://samba.org)"},
       Vendor::samba,
       "objectGUID"},
      {{.vendor_name = "389 Project", .vendor_version = "389-Directory/2.3.1"},
       Vendor::directory_389,
       "nsUniqueId"},
      {{}, Vendor::unknown, "entryUUID"},
  };
  for (const Case& c : cases) {
    const ServerProfile profile = profile_of(c.root);
    EXPECT_EQ(profile.vendor, c.vendor) << c.key;
    EXPECT_EQ(profile.key_attribute, c.key);
    EXPECT_FALSE(profile.paged_results);
  }
}

TEST(ServerProfile, PagingIsUsedWhereItIsOffered) {
  EXPECT_TRUE(profile_of({.controls = {"1.2.3", "1.2.840.113556.1.4.319"}}).paged_results);
}

}  // namespace
}  // namespace muster::connectors::ldap
