// SPDX-License-Identifier: Apache-2.0
#include "provision/road/decide.h"

#include <algorithm>

namespace muster::provision {
namespace {

bool is_active(const Identity& identity) { return identity.state == IdentityState::active; }

bool same_value(const IdentityAttribute& a, const IdentityAttribute& b) {
  return a.value == b.value && a.source == b.source && a.released == b.released;
}

std::string list_of(const std::vector<std::string>& names) {
  std::string text;
  for (const auto& name : names) text += (text.empty() ? "" : ", ") + name;
  return text;
}

std::string reason_of(const std::string& given, std::string fallback) {
  return given.empty() ? std::move(fallback) : given;
}

}  // namespace

std::string_view name_of(Verb verb) {
  switch (verb) {
    case Verb::create:
      return "create";
    case Verb::link:
      return "link";
    case Verb::update:
      return "update";
    case Verb::unchanged:
      return "unchanged";
    case Verb::deactivate:
      return "deactivate";
    case Verb::reactivate:
      return "reactivate";
    case Verb::end:
      return "end";
    case Verb::review:
      return "review";
    case Verb::quarantine:
      return "quarantine";
    case Verb::skip:
      return "skip";
    case Verb::remove:
      return "delete";
  }
  return "unknown";
}

// Both lists are sorted by name, so one walk finds what was added, removed or changed.
std::vector<std::string> differences(const Identity& before, const Identity& after) {
  std::vector<std::string> names;
  auto old = before.attributes.begin();
  auto now = after.attributes.begin();
  while (old != before.attributes.end() || now != after.attributes.end()) {
    if (now == after.attributes.end() ||
        (old != before.attributes.end() && old->name < now->name)) {
      names.push_back((old++)->name);
    } else if (old == before.attributes.end() || now->name < old->name) {
      names.push_back((now++)->name);
    } else {
      if (!same_value(*old, *now)) names.push_back(now->name);
      ++old, ++now;
    }
  }
  if (before.state != after.state) names.emplace_back("state");
  if (before.classification != after.classification ||
      before.classification_rule != after.classification_rule) {
    names.emplace_back("classification");
  }
  if (before.groups != after.groups) names.emplace_back("groups");
  if (before.sources != after.sources) names.emplace_back("sources");
  return names;
}

Effect decide(const Identity* before, const Identity& after, Bond bond) {
  if (before == nullptr) {
    return {Verb::create,
            is_active(after) ? "nobody matched"
                             : reason_of(after.state_reason, "nobody matched; not active"),
            {}};
  }
  Effect effect{Verb::unchanged, {}, differences(*before, after)};
  if (after.state == IdentityState::deleted && before->state != IdentityState::deleted)
    return {Verb::remove, after.state_reason, std::move(effect.changed)};
  if (is_active(*before) && !is_active(after)) {
    effect.verb = Verb::deactivate;
    effect.reason = reason_of(after.state_reason, "no source says that the person is active");
  } else if (!is_active(*before) && is_active(after)) {
    effect.verb = Verb::reactivate;
    effect.reason = "a source says that the person is active";
  } else if (bond == Bond::leaving) {
    effect.verb = Verb::end;
    effect.reason = is_active(after) ? "the person lives on by " + list_of(after.sources)
                                     : "the person was inactive already";
  } else if (bond == Bond::fresh) {
    effect.verb = Verb::link;
  } else if (!effect.changed.empty() || !same_person_facts(*before, after)) {
    effect.verb = Verb::update;
    effect.reason = effect.changed.empty() ? "findings changed" : list_of(effect.changed);
  }
  return effect;
}

}  // namespace muster::provision
