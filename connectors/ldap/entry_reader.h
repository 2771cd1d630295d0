// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>
#include <vector>

struct ldap;
struct ldapmsg;
struct berelement;

namespace muster::connectors::ldap {

// One attribute of an entry; views into the message, until the next one is read.
struct EntryAttribute {
  std::string_view description = {};  // "member;range=0-1499"
  std::vector<std::string_view> values = {};
};

// Walks once over a search entry (libldap's look-up by name would scan it again for every
// attribute). The message must outlive it.
class EntryReader {
 public:
  EntryReader(::ldap* handle, ::ldapmsg* message);
  EntryReader(const EntryReader&) = delete;
  EntryReader& operator=(const EntryReader&) = delete;
  ~EntryReader();

  std::string_view dn() const { return dn_; }

  // The next attribute; false at the end.
  bool next(EntryAttribute& attribute);

  // The server's bytes were no entry, from the start or at the attribute where next() ended.
  bool malformed() const { return malformed_; }

 private:
  ::ldap* handle_;
  ::ldapmsg* message_;
  ::berelement* cursor_ = nullptr;
  std::string_view dn_ = {};
  bool malformed_ = false;
};

}  // namespace muster::connectors::ldap
