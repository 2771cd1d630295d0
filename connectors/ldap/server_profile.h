// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace muster::connectors::ldap {

enum class Vendor { unknown, openldap, active_directory, samba, directory_389 };

std::string_view name_of(Vendor vendor);

// What a server told about itself in its rootDSE (RFC 4512, 5.1).
struct RootDse {
  std::vector<std::string> object_classes = {};
  std::vector<std::string> controls = {};      // supportedControl
  std::vector<std::string> capabilities = {};  // supportedCapabilities (Active Directory)
  std::string vendor_name = {};
  std::string vendor_version = {};
  std::string schema = {};  // subschemaSubentry
};

// What follows from it for reading.
struct ServerProfile {
  Vendor vendor = Vendor::unknown;
  std::string version = {};
  bool paged_results = false;  // RFC 2696
  std::string schema = {};     // DN of the entry with the schema; empty: not told
  std::string key_attribute = {};
  std::string user_filter = {};
  std::string group_filter = {};
};

// The attributes of the rootDSE to ask for.
const std::vector<std::string>& root_dse_attributes();

ServerProfile profile_of(const RootDse& root);

}  // namespace muster::connectors::ldap
