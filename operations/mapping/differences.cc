// SPDX-License-Identifier: Apache-2.0
#include "operations/mapping/differences.h"

#include <set>

namespace muster::operations {
namespace {

std::string text_of(const GroupMembership& one) {
  return one.role == "member" ? one.path : one.path + " (" + one.role + ")";
}

std::set<std::string> groups_of(const Identity& identity) {
  std::set<std::string> groups;
  for (const auto& one : identity.groups) groups.insert(text_of(one));
  return groups;
}

// For somebody who stays in the same groups: what else is different about them.
std::set<std::string> groups_in_detail(const Identity& identity) {
  std::set<std::string> groups;
  for (const auto& one : identity.groups)
    groups.insert(text_of(one) + " by " + one.rule + (one.create ? ", created if missing" : ""));
  return groups;
}

template <class Texts>
Value list_of(const Texts& texts) {
  return Value::List(texts.begin(), texts.end());
}

std::set<std::string> codes_of(const Identity& identity) {
  std::set<std::string> codes;
  for (const auto& finding : identity.findings) codes.insert(finding.code);
  return codes;
}

std::string rules_of_groups(const Identity& identity) {
  std::set<std::string> rules;
  for (const auto& one : identity.groups) rules.insert(one.rule);
  std::string text;
  for (const auto& one : rules) text += (text.empty() ? "" : ", ") + one;
  return text;
}

Difference attribute(const provision::PersonChange& change, const std::string& name,
                     const mappings::Engine& engine, const auth::Veil& veil) {
  const auto* old = change.before ? change.before->find(name) : nullptr;
  const auto* now = change.after.find(name);
  const bool hidden = engine.sensitive(name);
  const auto shown = [&](const IdentityAttribute* one) {
    if (one == nullptr) return Value();
    return hidden ? veil(one->value) : one->value;
  };
  return {.what = name,
          .before = shown(old),
          .after = shown(now),
          .source = now == nullptr ? std::string{} : now->source,
          .rule = now == nullptr ? std::string{} : now->rule};
}

Difference groups(const Identity* before, const Identity& after) {
  Difference one{.what = "groups", .rule = rules_of_groups(after)};
  const bool same = before != nullptr && groups_of(*before) == groups_of(after);
  const auto shown = same ? groups_in_detail : groups_of;
  if (before != nullptr) one.before = list_of(shown(*before));
  one.after = list_of(shown(after));
  return one;
}

// `name` as differences() has it.
Difference difference(const provision::PersonChange& change, const std::string& name,
                      const mappings::Engine& engine, const auth::Veil& veil) {
  const auto* before = change.before ? &*change.before : nullptr;
  const auto& after = change.after;
  if (name == "groups") return groups(before, after);
  Difference one{.what = name};
  if (name == "state") {
    if (before != nullptr) one.before = name_of(before->state);
    one.after = name_of(after.state);
    one.rule = after.state_reason;
  } else if (name == "classification") {
    one.what = "class";
    if (before != nullptr) one.before = name_of(before->classification);
    one.after = name_of(after.classification);
    one.rule = after.classification_rule;
  } else if (name == "sources") {
    if (before != nullptr) one.before = list_of(before->sources);
    one.after = list_of(after.sources);
  } else if (name == "findings") {
    if (before != nullptr) one.before = list_of(codes_of(*before));
    one.after = list_of(codes_of(after));
  } else {
    return attribute(change, name, engine, veil);
  }
  return one;
}

}  // namespace

PersonDifferences differences_of(const provision::PersonChange& change,
                                 const mappings::Engine& engine, const auth::Veil& veil) {
  PersonDifferences person{.user_name = change.after.user_name, .is_new = !change.before};
  auto names = change.changed;
  if (change.before) {
    person.id = change.after.id;
  } else {
    for (const auto& one : change.after.attributes) names.push_back(one.name);
    names.insert(names.end(), {"state", "classification"});
    if (!change.after.groups.empty()) names.emplace_back("groups");
  }
  for (const auto& name : names)
    person.differences.push_back(difference(change, name, engine, veil));
  return person;
}

void DifferenceCounts::add(const provision::PersonChange& change, const PersonDifferences& shown) {
  const auto& after = change.after;
  const auto now = groups_of(after);
  if (!change.before) {
    ++new_people;
    names.push_back(after.user_name);
    ++classes["new -> " + std::string(name_of(after.classification))];
    ++states["new -> " + std::string(name_of(after.state))];
    for (const auto& group : now) ++joined[group];
    return;
  }
  const auto& before = *change.before;
  for (const auto& one : shown.differences) {
    if (one.what != "state" && one.what != "class" && one.what != "groups") ++attributes[one.what];
  }
  if (before.classification != after.classification)
    ++classes[std::string(name_of(before.classification)) + " -> " +
              std::string(name_of(after.classification))];
  if (before.state != after.state)
    ++states[std::string(name_of(before.state)) + " -> " + std::string(name_of(after.state))];
  const auto old = groups_of(before);
  for (const auto& group : now) {
    if (!old.contains(group)) ++joined[group];
  }
  for (const auto& group : old) {
    if (!now.contains(group)) ++left[group];
  }
}

}  // namespace muster::operations
