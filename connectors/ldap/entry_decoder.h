// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "connectors/ldap/attribute_description.h"
#include "connectors/ldap/entry_reader.h"
#include "connectors/ldap/options.h"
#include "core/source.h"

namespace muster::connectors::ldap {

// What to make of the entries of one scope.
struct DecodeRules {
  std::string source = {};
  ResourceType type = ResourceType::user;
  std::vector<std::string> attributes = {};  // requested, in the mapping's spelling
  std::string key_attribute = {};
  // groups: the first present one becomes displayName.
  std::vector<std::string> name_attributes = {};
  bool uid_alias = false;  // users: also known by uid, for memberUid
  LdapLimits limits = {};
};

// Values of an attribute that the server cut off (";range=0-1499") and where to go on.
struct PendingRange {
  std::string type = {};
  std::uint32_t next = 0;
};

// Turns entries into records. begin() an entry, add() its messages (more than one when values came
// in ranges), then take() the record. One thread; buffers are reused from entry to entry.
class EntryDecoder {
 public:
  explicit EntryDecoder(DecodeRules rules);

  // The names to ask the server for, each once.
  const std::vector<std::string>& wire_attributes() const { return wire_attributes_; }

  void begin(std::string_view dn);
  void add(EntryReader& entry, std::vector<ItemProblem>& problems);

  // Empty when all values are there.
  const std::vector<PendingRange>& pending() const { return pending_; }

  // Bytes of the DN and the values since begin().
  std::size_t bytes() const { return bytes_; }

  // key.key is empty when the entry has no key; aliases are empty when its DN is none.
  SourceRecord take();

 private:
  struct Slot {
    std::string name = {};
    bool wanted = true;  // false: read for a name only, not part of the record
    std::vector<std::string> values = {};
  };

  Slot* slot_of(std::string_view description, const AttributeDescription& parsed);
  void add_slot(const std::string& name, bool wanted);
  void add_wire(const std::string& name);
  void add_attribute(const EntryAttribute& attribute, std::vector<ItemProblem>& problems);
  void add_values(Slot& slot, const EntryAttribute& attribute, std::vector<ItemProblem>& problems);
  void add_members(std::string_view type, const EntryAttribute& attribute,
                   std::vector<ItemProblem>& problems);
  void warn(std::vector<ItemProblem>& problems, std::string code, std::string message) const;
  std::string document();
  void append_member(std::string_view name, std::span<const std::string> values);
  const std::string* group_name() const;

  DecodeRules rules_;
  std::vector<std::string> wire_attributes_ = {};
  std::vector<Slot> slots_ = {};
  std::size_t hint_ = 0;  // servers send attributes in the same order for every entry
  EntryAttribute scratch_ = {};

  std::string dn_ = {};
  std::string key_ = {};
  std::vector<Member> members_ = {};
  bool members_known_ = true;
  std::string uid_alias_ = {};
  std::vector<PendingRange> pending_ = {};
  std::size_t bytes_ = 0;
  std::string document_ = {};  // being written; its memory is used again
};

}  // namespace muster::connectors::ldap
