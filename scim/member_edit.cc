// SPDX-License-Identifier: Apache-2.0
#include "scim/member_edit.h"

#include <algorithm>
#include <unordered_set>
#include <utility>

#include "core/text.h"
#include "scim/canonical.h"

namespace muster::scim {
namespace {

using Verb = PatchOperation::Verb;

constexpr std::string_view attribute_name = "members";

const Attribute& members_attribute() {
  static const Attribute& attribute = *group_schema().find(attribute_name);
  return attribute;
}

std::string_view text_of(const Value& element, std::string_view name) {
  const Value* value = element.find(name);
  return value != nullptr && value->is_text() ? std::string_view(value->as_text())
                                              : std::string_view();
}

Result<Member> read_member(const Value& told, const ClientQuirks& quirks) {
  MUSTER_TRY(const Value made,
             canonical_element(members_attribute(), told, attribute_name, quirks));
  Member out;
  out.key = text_of(made, "value");
  if (out.key.empty()) {
    return fail(Fault::invalid, "each member needs the id of a user or group", "members.value",
                "invalidValue");
  }
  const bool is_group = ascii_equal_fold(text_of(made, "type"), "Group") ||
                        text_of(made, "$ref").find("/Groups/") != std::string_view::npos;
  if (is_group) out.type = ResourceType::group;
  out.display = text_of(made, "display");
  return out;
}

Value as_element(std::string_view key, ResourceType type, std::string_view display) {
  Value out;
  out.set("value", key).set("type", name_of(type)).set("display", display);
  return out;
}

// The keys, when the filter names nothing but keys: value eq "a" or value eq "b".
bool collect_keys(const Filter& filter, std::vector<std::string>& out) {
  if (filter.op == Filter::Op::eq && filter.path.attribute == "value" && filter.value.is_text()) {
    out.push_back(filter.value.as_text());
    return true;
  }
  return filter.op == Filter::Op::any_of &&
         std::all_of(filter.of.begin(), filter.of.end(),
                     [&](const Filter& operand) { return collect_keys(operand, out); });
}

tl::unexpected<Error> immutable() {
  return fail(Fault::invalid, "a member cannot be altered: remove it and add another", "members",
              "mutability");
}

}  // namespace

Result<std::vector<Member>> read_members(const Value& told, const ClientQuirks& quirks) {
  const Value::List single = told.is_list() || told.absent() ? Value::List{} : Value::List{told};
  std::vector<Member> out;
  std::unordered_set<std::string> seen;
  for (const auto& element : told.is_list() ? told.as_list() : single) {
    if (element.absent()) continue;
    MUSTER_TRY(Member member, read_member(element, quirks));
    if (seen.insert(member.key).second) out.push_back(std::move(member));
  }
  return out;
}

bool MemberEdit::concerns(const PatchOperation& operation) {
  return operation.path.target.attribute == &members_attribute();
}

Status MemberEdit::apply(const PatchOperation& operation) {
  // RFC 7643, 4.2: value, $ref and type of a member are immutable.
  if (operation.path.target.sub != nullptr) return immutable();
  if (operation.verb == Verb::remove) return remove(operation);
  if (operation.path.filter) return immutable();
  if (operation.verb == Verb::replace) {
    whole_ = true;
    pending_.clear();
  }
  return add(*operation.value);
}

Status MemberEdit::add(const Value& told) {
  MUSTER_TRY(auto members, read_members(told, quirks_));
  for (auto& member : members) {
    auto key = member.key;
    pending_.insert_or_assign(std::move(key), std::move(member));
  }
  return {};
}

Status MemberEdit::remove(const PatchOperation& operation) {
  std::vector<std::string> keys;
  if (operation.path.filter) {
    MUSTER_TRY(keys, keys_matching(*operation.path.filter));
  } else if (operation.value && !operation.value->absent() && quirks_.remove_listed_values) {
    MUSTER_TRY(const auto members, read_members(*operation.value, quirks_));
    for (const auto& member : members) keys.push_back(member.key);
  } else if (operation.value && operation.value->is_list() && quirks_.remove_listed_values) {
    return {};  // an empty list of members to remove: none
  } else {
    whole_ = true;
    pending_.clear();
    return {};
  }
  for (auto& key : keys) pending_.insert_or_assign(std::move(key), std::nullopt);
  return {};
}

Result<std::vector<std::string>> MemberEdit::keys_matching(const Filter& filter) const {
  std::vector<std::string> keys;
  if (collect_keys(filter, keys)) return keys;
  keys.clear();
  const auto collect = [&](std::string_view key, ResourceType type, std::string_view display) {
    if (matches(filter, as_element(key, type, display))) keys.emplace_back(key);
  };
  for (const auto& [key, member] : pending_) {
    if (member) collect(key, member->type, member->display);
  }
  if (whole_) return keys;
  MUSTER_TRY(const auto rows, stored_());
  for (const auto& row : rows) {
    if (!pending_.contains(row.key)) collect(row.key, row.type, row.display);
  }
  return keys;
}

std::optional<std::vector<Member>> MemberEdit::whole() const {
  if (!whole_) return std::nullopt;
  std::vector<Member> out;
  for (const auto& [key, member] : pending_) {
    if (member) out.push_back(*member);
  }
  return out;
}

provision::MemberChange MemberEdit::change() const {
  provision::MemberChange out;
  if (whole_) return out;
  for (const auto& [key, member] : pending_) {
    if (member) {
      out.add.push_back(*member);
    } else {
      out.remove.push_back(key);
    }
  }
  return out;
}

}  // namespace muster::scim
