// SPDX-License-Identifier: Apache-2.0
#include "connectors/ldap/server_profile.h"

#include <algorithm>

#include "core/text.h"

namespace muster::connectors::ldap {
namespace {

constexpr std::string_view kPagedResults = "1.2.840.113556.1.4.319";
constexpr std::string_view kActiveDirectory = "1.2.840.113556.1.4.800";  // MS-ADTS, 3.1.1.3.4.3.1

bool contains(const std::vector<std::string>& values, std::string_view wanted) {
  return std::ranges::any_of(
      values, [&](const std::string& value) { return ascii_equal_fold(value, wanted); });
}

Vendor vendor_of(const RootDse& root) {
  const bool samba = root.vendor_name.starts_with("Samba");
  if (contains(root.capabilities, kActiveDirectory))
    return samba ? Vendor::samba : Vendor::active_directory;
  if (root.vendor_name.starts_with("389") || root.vendor_version.starts_with("389"))
    return Vendor::directory_389;
  if (contains(root.object_classes, "OpenLDAProotDSE")) return Vendor::openldap;
  return Vendor::unknown;
}

std::string key_attribute_of(Vendor vendor) {
  switch (vendor) {
    case Vendor::active_directory:
    case Vendor::samba:
      return "objectGUID";
    case Vendor::directory_389:
      return "nsUniqueId";
    case Vendor::openldap:
    case Vendor::unknown:
      break;
  }
  return "entryUUID";  // RFC 4530
}

}  // namespace

std::string_view name_of(Vendor vendor) {
  switch (vendor) {
    case Vendor::unknown:
      return "LDAP server";
    case Vendor::openldap:
      return "OpenLDAP";
    case Vendor::active_directory:
      return "Active Directory";
    case Vendor::samba:
      return "Samba AD";
    case Vendor::directory_389:
      return "389 Directory Server";
  }
  return "";
}

const std::vector<std::string>& root_dse_attributes() {
  static const std::vector<std::string> names = {"objectClass",           "supportedControl",
                                                 "supportedCapabilities", "vendorName",
                                                 "vendorVersion",         "subschemaSubentry"};
  return names;
}

ServerProfile profile_of(const RootDse& root) {
  ServerProfile profile{
      .vendor = vendor_of(root), .version = root.vendor_version, .schema = root.schema};
  profile.paged_results = contains(root.controls, kPagedResults);
  profile.key_attribute = key_attribute_of(profile.vendor);
  const bool windows =
      profile.vendor == Vendor::active_directory || profile.vendor == Vendor::samba;
  profile.user_filter =
      windows ? "(&(objectCategory=person)(objectClass=user))" : "(objectClass=inetOrgPerson)";
  profile.group_filter =
      windows
          ? "(objectClass=group)"
          : "(|(objectClass=groupOfNames)(objectClass=groupOfUniqueNames)(objectClass=posixGroup))";
  return profile;
}

}  // namespace muster::connectors::ldap
