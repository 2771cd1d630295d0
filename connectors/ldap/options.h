// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <string>
#include <vector>

#include "core/key_match.h"
#include "core/secret.h"

namespace muster::connectors::ldap {

// What is read for one resource type. Bases below another base of the list are covered by it.
struct LdapScope {
  std::vector<std::string> bases = {};  // DNs, searched with their whole subtree
  // RFC 4515; empty: what suits the server ("(objectClass=inetOrgPerson)").
  std::string filter = {};
  // What the mapping reads, in its spelling; nothing else is asked for.
  std::vector<std::string> attributes = {};
  // Those of them of which one value is read: where an entry has several, the list in its record
  // begins with the one that speaks (decision 0021).
  std::vector<std::string> single = {};
};

struct LdapTimeouts {
  std::chrono::milliseconds connect{10'000};    // TCP, TLS, StartTLS, bind: each, per URI
  std::chrono::milliseconds operation{30'000};  // the longest silence of the server in a search
  std::chrono::milliseconds run{3'600'000};     // the whole pull
};

struct LdapLimits {
  // One incoming message. A longer entry is put aside and reported; of a group the members stay as
  // they are, or are read in ranges where the server has them.
  std::size_t message_bytes = 16 << 20;
  std::size_t value_bytes = 64 << 10;  // longer values are left out of the entry and reported
  std::size_t values_per_attribute = 10'000;  // more are left out of the entry and reported
  std::size_t members_per_group = 1'000'000;  // more: nothing is said about the group's members
};

// One directory. Plain value; LdapSource checks it before it connects.
struct LdapOptions {
  std::string source = {};  // the source's configured name
  // ldaps://, ldap://, ldapi://; tried in this order until one signs us in.
  std::vector<std::string> uris = {};
  bool start_tls = false;  // on ldap:// URIs; refused by the server = not used, never clear text
  std::string ca_file = "/etc/ssl/certs/ca-certificates.crt";
  std::string bind_dn = {};  // empty: anonymous
  Secret password = {};
  // A password over plain ldap:// to another machine; loopback always may.
  bool allow_clear_text = false;

  LdapScope users = {};
  LdapScope groups = {};  // no bases: no groups
  std::vector<std::string> group_name_attributes = {"displayName",
                                                    "cn"};  // the first present one names the group

  int page_size = 1000;  // entries a page (RFC 2696)
  // Empty: entryUUID, objectGUID or nsUniqueId, as the server has it.
  std::string key_attribute = {};
  KeyMatch key_match = KeyMatch::exact;

  // DNs of entries that every honest answer contains: one not seen, and the read counts as
  // incomplete.
  std::vector<std::string> canaries = {};
  // The account's own entry is a canary too when it lies below a base (read by its DN, whatever the
  // filter).
  bool own_entry_is_canary = true;

  LdapTimeouts timeouts = {};
  LdapLimits limits = {};
};

}  // namespace muster::connectors::ldap
