// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "connectors/ldap/attribute_description.h"
#include "connectors/ldap/entry_reader.h"
#include "connectors/ldap/options.h"
#include "connectors/ldap/schema.h"
#include "core/source.h"

namespace muster::connectors::ldap {

// The code of the problem that an entry has several keys (EntryDecoder::take).
inline constexpr std::string_view kSeveralKeys = "SEVERAL_KEYS";

// What to make of the entries of one scope.
struct DecodeRules {
  std::string source = {};
  ResourceType type = ResourceType::user;
  std::vector<std::string> attributes = {};  // requested, in the mapping's spelling
  std::vector<std::string> single = {};      // those of which one value is read
  std::string key_attribute = {};
  KeyMatch key_match = KeyMatch::exact;
  const Schema* schema = nullptr;  // lives as long as the decoder; nullptr: names are as written
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

  ResourceType type() const { return rules_.type; }

  // The names to ask the server for, each once; the key's is the first.
  const std::vector<std::string>& wire_attributes() const { return wire_attributes_; }

  void begin(std::string_view dn);
  void add(EntryReader& entry, std::vector<ItemProblem>& problems);

  // The entry's message was above the limit (message_gate.h): nothing is known but its DN.
  bool oversized() const { return !oversized_.empty(); }
  const std::string& message_bytes() const { return oversized_; }

  // The members that were read so far are not all, and will not be.
  void give_up_members() { members_known_ = false; }
  bool members_known() const { return members_known_; }

  // The requested names that no entry had so far, as requested.
  std::vector<std::string> never_seen() const;

  // Empty when all values are there.
  const std::vector<PendingRange>& pending() const { return pending_; }

  // Bytes of the DN and the values since begin().
  std::size_t bytes() const { return bytes_; }

  // key.key is empty when the entry has no key, or several and none of them in its RDN; aliases are
  // empty when its DN is none.
  SourceRecord take(std::vector<ItemProblem>& problems);

 private:
  // One attribute, by whatever names it goes.
  struct Slot {
    std::vector<std::string> names = {};  // as requested: what it is called in the record
    std::vector<std::string> also = {};   // descriptions that mean it, lower case
    std::string answer = {};              // how the server called it last
    bool wanted = true;                   // false: read for a name only, not part of the record
    bool single = false;
    bool seen = false;  // some entry had it
    std::vector<std::string> values = {};
  };

  std::vector<std::string> synonyms(std::string_view name) const;
  Slot* slot_of(std::string_view description, const AttributeDescription& parsed);
  void add_slot(const std::string& name, bool wanted);
  void add_wire(const std::string& name);
  bool is_key(std::string_view type) const;
  void add_attribute(const EntryAttribute& attribute, std::vector<ItemProblem>& problems);
  void add_values(Slot& slot, const EntryAttribute& attribute, std::vector<ItemProblem>& problems);
  void add_members(std::string_view type, const EntryAttribute& attribute,
                   std::vector<ItemProblem>& problems);
  void warn(std::vector<ItemProblem>& problems, std::string code, std::string message) const;
  std::string document();
  bool put_first(const std::vector<std::pair<Slot*, std::string>>& sent_first);
  const std::string* in_rdn(std::span<const std::string> also,
                            const std::vector<std::string>& values) const;
  std::string take_key(std::vector<ItemProblem>& problems);
  void append_member(std::string_view name, std::span<const std::string> values);
  const std::string* group_name() const;

  DecodeRules rules_;
  std::vector<std::string> wire_attributes_ = {};
  std::vector<Slot> slots_ = {};
  std::size_t hint_ = 0;  // servers send attributes in the same order for every entry
  EntryAttribute scratch_ = {};

  std::string dn_ = {};
  std::vector<std::string> key_names_ = {};  // lower case
  std::vector<std::string> keys_ = {};       // the values of the key attribute
  std::string oversized_ = {};
  std::vector<Member> members_ = {};
  bool members_known_ = true;
  std::vector<std::string> uid_aliases_ = {};
  std::vector<PendingRange> pending_ = {};
  std::size_t bytes_ = 0;
  std::string document_ = {};  // being written; its memory is used again
};

}  // namespace muster::connectors::ldap
