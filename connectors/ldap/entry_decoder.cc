// SPDX-License-Identifier: Apache-2.0
#include "connectors/ldap/entry_decoder.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "connectors/ldap/guid.h"
#include "connectors/ldap/members.h"
#include "connectors/ldap/message_gate.h"
#include "core/dn.h"
#include "core/json.h"
#include "core/text.h"

namespace muster::connectors::ldap {
namespace {

constexpr std::string_view kDn = "dn";
constexpr std::size_t kMostKeys = 16;  // values of a key attribute or uid that are looked at

bool is_uid(std::string_view type) {
  return ascii_equal_fold(type, "uid") || ascii_equal_fold(type, "userid");
}

bool is_one_of(std::string_view name, const std::vector<std::string>& names) {
  return std::ranges::any_of(
      names, [&](const std::string& other) { return ascii_equal_fold(other, name); });
}

bool is_guid(std::string_view type) { return ascii_equal_fold(type, "objectGUID"); }

// Most values are short ASCII; only the others need the full check.
bool is_text(std::string_view value) {
  unsigned char bits = 0;
  bool nul = false;
  for (const char c : value) {
    bits |= static_cast<unsigned char>(c);
    nul |= c == '\0';
  }
  return !nul && ((bits & 0x80) == 0 || is_utf8(value));
}

// nullopt: not text. A GUID is the one binary value with a well-known text form.
std::optional<std::string> text_of(bool guid, std::string_view value) {
  if (guid) return guid_text(value);
  if (!is_text(value)) return std::nullopt;
  return std::string(value);
}

}  // namespace

EntryDecoder::EntryDecoder(DecodeRules rules) : rules_(std::move(rules)) {
  key_names_ = synonyms(rules_.key_attribute);
  add_wire(rules_.schema == nullptr ? rules_.key_attribute
                                    : rules_.schema->known_as(rules_.key_attribute));
  for (const std::string& name : rules_.attributes) add_slot(name, true);
  if (rules_.type == ResourceType::user) {
    if (rules_.uid_alias) add_wire("uid");
    return;
  }
  for (const std::string& name : rules_.name_attributes) add_slot(name, false);
  for (const std::string& name : member_attributes()) add_wire(name);
}

void EntryDecoder::add_wire(const std::string& name) {
  const bool known = std::ranges::any_of(
      wire_attributes_, [&](const std::string& other) { return ascii_equal_fold(other, name); });
  if (!known) wire_attributes_.push_back(name);
}

void EntryDecoder::add_slot(const std::string& name, bool wanted) {
  if (ascii_equal_fold(name, kDn)) return;  // no attribute of the entry: comes with it
  auto also = synonyms(name);
  const auto known =
      std::ranges::find_if(slots_, [&](const Slot& slot) { return slot.also == also; });
  if (known != slots_.end()) {
    const bool spelled = std::ranges::any_of(
        known->names, [&](const std::string& other) { return ascii_equal_fold(other, name); });
    if (!spelled && wanted) known->names.push_back(name);
    return;
  }
  const std::string asked = rules_.schema == nullptr ? name : rules_.schema->known_as(name);
  const bool single = std::ranges::any_of(
      rules_.single, [&](const std::string& one) { return ascii_equal_fold(one, name); });
  slots_.push_back({.names = {name},
                    .also = std::move(also),
                    .answer = asked,
                    .wanted = wanted,
                    .single = single});
  add_wire(asked);
}

// Every description under which the server may send what is asked for by that name: other names of
// the type and its OID, with the same options.
std::vector<std::string> EntryDecoder::synonyms(std::string_view name) const {
  const std::string_view type = name.substr(0, name.find(';'));
  const std::string options = ascii_lower(name.substr(type.size()));
  const auto* names =
      rules_.schema == nullptr ? nullptr : rules_.schema->names_of(rules_.schema->known_as(type));
  if (names == nullptr) return {ascii_lower(name)};
  std::vector<std::string> all = *names;
  for (auto& one : all) one += options;
  return all;
}

bool EntryDecoder::is_key(std::string_view type) const {
  return std::ranges::any_of(key_names_,
                             [&](const std::string& name) { return ascii_equal_fold(name, type); });
}

std::vector<std::string> EntryDecoder::never_seen() const {
  std::vector<std::string> names;
  for (const Slot& slot : slots_) {
    if (slot.wanted && !slot.seen) names.insert(names.end(), slot.names.begin(), slot.names.end());
  }
  return names;
}

void EntryDecoder::begin(std::string_view dn) {
  dn_.assign(dn);
  keys_.clear();
  oversized_.clear();
  members_.clear();
  members_known_ = true;
  uid_aliases_.clear();
  pending_.clear();
  bytes_ = dn.size();
  for (Slot& slot : slots_) slot.values.clear();
}

void EntryDecoder::add(EntryReader& entry, std::vector<ItemProblem>& problems) {
  pending_.clear();
  while (entry.next(scratch_)) add_attribute(scratch_, problems);
}

void EntryDecoder::add_attribute(const EntryAttribute& attribute,
                                 std::vector<ItemProblem>& problems) {
  const AttributeDescription parsed = parse_attribute_description(attribute.description);
  if (attribute.description == kOversized && !attribute.values.empty())
    oversized_ = attribute.values.front();
  for (const std::string_view value : attribute.values) bytes_ += value.size();
  if (parsed.range && parsed.range->last) {
    pending_.push_back({.type = std::string(parsed.type), .next = *parsed.range->last + 1});
  }
  if (!parsed.tagged && !attribute.values.empty()) {
    if (is_key(parsed.type)) {
      for (const std::string_view value : attribute.values) {
        if (keys_.size() < kMostKeys)
          keys_.push_back(text_of(is_guid(parsed.type), value).value_or(""));
      }
    }
    if (rules_.uid_alias && is_uid(parsed.type)) {
      for (const std::string_view value : attribute.values) {
        if (uid_aliases_.size() < kMostKeys && is_text(value))
          uid_aliases_.push_back(uid_alias(value));
      }
    }
    if (rules_.type == ResourceType::group && is_member_attribute(parsed.type)) {
      add_members(parsed.type, attribute, problems);
      return;
    }
  }
  if (Slot* slot = slot_of(attribute.description, parsed)) add_values(*slot, attribute, problems);
}

// The requested name, or the attribute without options: "description;lang-fr" is not "description".
EntryDecoder::Slot* EntryDecoder::slot_of(std::string_view description,
                                          const AttributeDescription& parsed) {
  const std::string_view plain = parsed.tagged ? description : parsed.type;
  for (std::size_t i = 0; i < slots_.size(); ++i) {
    const std::size_t at = (hint_ + i) % slots_.size();
    if (slots_[at].answer != plain) continue;
    hint_ = at + 1;
    return &slots_[at];
  }
  const std::string folded = ascii_lower(plain);
  for (std::size_t at = 0; at < slots_.size(); ++at) {
    const auto& also = slots_[at].also;
    if (std::ranges::find(also, folded) == also.end() &&
        !(parsed.binary && std::ranges::find(also, ascii_lower(description)) != also.end()))
      continue;
    slots_[at].answer.assign(plain);
    hint_ = at + 1;
    return &slots_[at];
  }
  return nullptr;
}

void EntryDecoder::add_values(Slot& slot, const EntryAttribute& attribute,
                              std::vector<ItemProblem>& problems) {
  const std::string_view type = attribute.description.substr(0, attribute.description.find(';'));
  const bool guid = is_guid(type);
  std::size_t too_long = 0;
  std::size_t not_text = 0;
  std::size_t too_many = 0;
  slot.seen = true;
  for (const std::string_view value : attribute.values) {
    if (value.size() > rules_.limits.value_bytes) {
      ++too_long;
    } else if (slot.values.size() >= rules_.limits.values_per_attribute) {
      ++too_many;
    } else if (auto text = text_of(guid, value)) {
      slot.values.push_back(*std::move(text));
    } else {
      ++not_text;
    }
  }
  const std::string left_out = " value(s) of '" + slot.names.front() + "' left out: ";
  if (too_long > 0) {
    warn(problems, "TOO_LONG",
         std::to_string(too_long) + left_out + "longer than " +
             std::to_string(rules_.limits.value_bytes) + " bytes.");
  }
  if (not_text > 0)
    warn(problems, "NOT_TEXT", std::to_string(not_text) + left_out + "binary or not UTF-8.");
  if (too_many > 0) {
    warn(problems, "TOO_MANY",
         std::to_string(too_many) + left_out + "more than " +
             std::to_string(rules_.limits.values_per_attribute) + ".");
  }
}

void EntryDecoder::add_members(std::string_view type, const EntryAttribute& attribute,
                               std::vector<ItemProblem>& problems) {
  if (members_known_ &&
      members_.size() + attribute.values.size() > rules_.limits.members_per_group) {
    warn(problems, "TOO_MANY_MEMBERS",
         "More than " + std::to_string(rules_.limits.members_per_group) +
             " members; the memberships of this group stay as they are. Raise "
             "limits.members_per_group.");
    members_known_ = false;
  }
  if (!members_known_) return;
  std::size_t nobody = 0;
  members_.reserve(members_.size() + attribute.values.size());
  for (const std::string_view value : attribute.values) {
    std::string key = member_key(type, value);
    if (key.empty()) {
      ++nobody;
    } else {
      members_.push_back({.key = std::move(key)});
    }
  }
  if (nobody > 0) {
    warn(problems, "MEMBER_NAME",
         std::to_string(nobody) + " value(s) of '" + std::string(type) + "' name nobody.");
  }
}

void EntryDecoder::warn(std::vector<ItemProblem>& problems, std::string code,
                        std::string message) const {
  problems.push_back({.where = dn_,
                      .code = std::move(code),
                      .message = std::move(message),
                      .severity = Severity::warning});
}

// A single value as a text, several as a list.
void EntryDecoder::append_member(std::string_view name, std::span<const std::string> values) {
  document_ += document_.empty() ? '{' : ',';
  append_json_text(document_, name);
  document_ += ':';
  if (values.size() == 1) return append_json_text(document_, values.front());
  char before = '[';
  for (const std::string& value : values) {
    document_ += std::exchange(before, ',');
    append_json_text(document_, value);
  }
  document_ += ']';
}

std::string EntryDecoder::document() {
  document_.clear();
  append_member(kDn, {&dn_, 1});
  const bool group = rules_.type == ResourceType::group;
  if (const std::string* name = group ? group_name() : nullptr)
    append_member("displayName", {name, 1});
  for (Slot& slot : slots_) {
    if (!slot.wanted || slot.values.empty()) continue;
    for (const std::string& name : slot.names) {
      if (!group || name != "displayName") append_member(name, slot.values);
    }
  }
  document_ += '}';
  return document_;
}

const std::string* EntryDecoder::group_name() const {
  for (const std::string& name : rules_.name_attributes) {
    for (const Slot& slot : slots_) {
      if (slot.values.empty() || !is_one_of(name, slot.names)) continue;
      const std::string* named = slot.values.size() > 1 ? in_rdn(slot.also, slot.values) : nullptr;
      return named != nullptr ? named : &slot.values.front();
    }
  }
  return nullptr;
}

// The one of the values that stands in the entry's own name; nullptr: none does.
const std::string* EntryDecoder::in_rdn(std::span<const std::string> also,
                                        const std::vector<std::string>& values) const {
  const auto own = parse_dn(dn_);
  if (!own) return nullptr;
  for (const std::string& value : values) {
    for (const std::string& type : also) {
      if (rdn_has(*own, type, value)) return &value;
    }
  }
  return nullptr;
}

// The key, in comparison form. Of several values the one in the RDN is meant; when there is none,
// a guess could make somebody else of the person tomorrow.
std::string EntryDecoder::take_key(std::vector<ItemProblem>& problems) {
  const std::string* key = keys_.size() == 1 ? &keys_.front() : in_rdn(key_names_, keys_);
  if (key == nullptr) {
    if (keys_.empty()) return {};
    problems.push_back(
        {.where = dn_,
         .code = std::string(kSeveralKeys),
         .message = "The key attribute '" + rules_.key_attribute + "' has " +
                    std::to_string(keys_.size()) +
                    " values and none of them stands in the entry's name. Leave one of them, or "
                    "set key_attribute to one with a single value."});
    return {};
  }
  if (trim_invisible(*key).size() != key->size()) {
    warn(problems, "KEY_TRIMMED",
         "Blanks or invisible characters around the value of '" + rules_.key_attribute +
             "', the key, were left out; remove them in the directory.");
  }
  return comparable_key(*key, rules_.key_match);
}

// Lets the sorted lists of those attributes of which one value is read begin with the one in the
// RDN, else with the one that the server sent first; false: they do already.
bool EntryDecoder::put_first(const std::vector<std::pair<Slot*, std::string>>& sent_first) {
  bool moved = false;
  for (const auto& [slot, sent] : sent_first) {
    const std::string* named = in_rdn(slot->also, slot->values);
    const auto at = std::ranges::find(slot->values, named != nullptr ? *named : sent);
    moved = moved || at != slot->values.begin();
    std::rotate(slot->values.begin(), at, at + 1);
  }
  return moved;
}

// LDAP values have no order; an unchanged entry stays unchanged by a hash over the sorted ones.
SourceRecord EntryDecoder::take(std::vector<ItemProblem>& problems) {
  SourceRecord record;
  record.key = {.source = rules_.source, .type = rules_.type, .key = take_key(problems)};
  const bool group = rules_.type == ResourceType::group;
  std::vector<std::pair<Slot*, std::string>> sent_first;
  for (Slot& slot : slots_) {
    if (slot.values.size() < 2) continue;
    if (slot.single) sent_first.emplace_back(&slot, slot.values.front());
    std::ranges::sort(slot.values);
  }
  if (const auto* name = group ? group_name() : nullptr) record.search.display = *name;
  record.document = document();
  if (group && members_known_) {
    tidy(members_);
    record.members = std::exchange(members_, {});
  }
  if (auto canonical = canonical_dn(dn_)) {
    record.aliases.push_back(*std::move(canonical));
    std::ranges::sort(uid_aliases_);
    for (std::string& alias : uid_aliases_) record.aliases.push_back(std::move(alias));
  }
  if (put_first(sent_first)) {
    record.hash = hash_of(record);
    record.document = document();
  }
  record.where = std::move(dn_);
  return record;
}

}  // namespace muster::connectors::ldap
