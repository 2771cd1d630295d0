// SPDX-License-Identifier: Apache-2.0
#include "connectors/ldap/entry_decoder.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "connectors/ldap/guid.h"
#include "connectors/ldap/members.h"
#include "core/dn.h"
#include "core/json.h"
#include "core/text.h"

namespace muster::connectors::ldap {
namespace {

constexpr std::string_view kDn = "dn";

bool is_member_attribute(std::string_view type) {
  return std::ranges::any_of(member_attributes(),
                             [&](const std::string& name) { return ascii_equal_fold(name, type); });
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
  add_wire(rules_.key_attribute);
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
  const bool known = std::ranges::any_of(
      slots_, [&](const Slot& slot) { return ascii_equal_fold(slot.name, name); });
  if (known) return;
  slots_.push_back({.name = name, .wanted = wanted});
  add_wire(name);
}

void EntryDecoder::begin(std::string_view dn) {
  dn_.assign(dn);
  key_.clear();
  members_.clear();
  members_known_ = true;
  uid_alias_.clear();
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
  for (const std::string_view value : attribute.values) bytes_ += value.size();
  if (parsed.range && parsed.range->last) {
    pending_.push_back({.type = std::string(parsed.type), .next = *parsed.range->last + 1});
  }
  if (!parsed.tagged && !attribute.values.empty()) {
    if (ascii_equal_fold(parsed.type, rules_.key_attribute)) {
      key_ = text_of(is_guid(parsed.type), attribute.values.front()).value_or("");
    }
    if (rules_.uid_alias && ascii_equal_fold(parsed.type, "uid") &&
        is_utf8(attribute.values.front())) {
      uid_alias_ = uid_alias(attribute.values.front());
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
    const std::string& name = slots_[at].name;
    if (name == plain || ascii_equal_fold(name, plain) ||
        (parsed.binary && ascii_equal_fold(name, description))) {
      hint_ = at + 1;
      return &slots_[at];
    }
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
  const std::string left_out = " value(s) of '" + slot.name + "' left out: ";
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

// LDAP values have no order; sorted, an unchanged entry stays unchanged.
std::string EntryDecoder::document() {
  document_.clear();
  append_member(kDn, {&dn_, 1});
  const bool group = rules_.type == ResourceType::group;
  if (const std::string* name = group ? group_name() : nullptr)
    append_member("displayName", {name, 1});
  for (Slot& slot : slots_) {
    if (!slot.wanted || slot.values.empty() || (group && slot.name == "displayName")) continue;
    std::ranges::sort(slot.values);
    append_member(slot.name, slot.values);
  }
  document_ += '}';
  return document_;
}

const std::string* EntryDecoder::group_name() const {
  for (const std::string& name : rules_.name_attributes) {
    for (const Slot& slot : slots_) {
      if (!slot.values.empty() && ascii_equal_fold(slot.name, name)) return &slot.values.front();
    }
  }
  return nullptr;
}

SourceRecord EntryDecoder::take() {
  SourceRecord record;
  record.key = {.source = rules_.source, .type = rules_.type, .key = std::move(key_)};
  const bool group = rules_.type == ResourceType::group;
  if (const auto* name = group ? group_name() : nullptr) record.search.display = *name;
  record.document = document();
  if (group && members_known_) {
    tidy(members_);
    record.members = std::exchange(members_, {});
  }
  if (auto canonical = canonical_dn(dn_)) {
    record.aliases.push_back(*std::move(canonical));
    if (!uid_alias_.empty()) record.aliases.push_back(std::move(uid_alias_));
  }
  record.where = std::move(dn_);
  return record;
}

}  // namespace muster::connectors::ldap
