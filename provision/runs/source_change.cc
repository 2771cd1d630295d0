// SPDX-License-Identifier: Apache-2.0
#include "provision/runs/source_change.h"

#include "core/text.h"

namespace muster::provision {
namespace {

using What = SourceChange::What;

// In front of what the records of a source were known by that was taken away with a person's word.
constexpr std::string_view left = "left ";

std::string kind_of(const std::string& keyed_by) { return keyed_by.substr(0, keyed_by.find(' ')); }

std::string key_of(const std::string& keyed_by) {
  const auto blank = keyed_by.find(' ');
  return blank == keyed_by.npos ? std::string() : keyed_by.substr(blank + 1);
}

std::string people_text(std::int64_t people) {
  return people == 1 ? "1 person" : std::to_string(people) + " people";
}

SourceChange gone(const store::SourceRow& known) {
  return {
      known.name, What::gone, known.people,
      "source '" + known.name + "' is not in the mapping file any more, but " +
          people_text(known.people) +
          " are known from it: its word about them would end, and who has no other source would "
          "become inactive. To call it something else, leave its name and change its 'tag'"};
}

}  // namespace

std::string keyed_by(const mappings::SourceInfo& info, std::string_view configured) {
  if (info.kind == "scim") return info.kind;
  const auto key = configured.empty() ? std::string_view(info.key) : configured;
  return info.kind + " " + (info.kind == "ldap" ? ascii_lower(key) : std::string(key));
}

std::string_view name_of(SourceChange::What what) {
  switch (what) {
    case What::key:
      return "key";
    case What::kind:
      return "kind";
    case What::gone:
      return "gone";
  }
  return "unknown";
}

std::optional<SourceChange> key_change(const store::SourceRow& known, const std::string& keyed_by) {
  auto before = known.keyed_by;
  if (before.starts_with(left)) before.erase(0, left.size());
  if (known.people == 0 || before.empty() || before == keyed_by) return std::nullopt;
  const bool other_kind = kind_of(before) != kind_of(keyed_by);
  const auto from = other_kind ? "of kind " + kind_of(before) : "known by '" + key_of(before) + "'";
  const auto to =
      other_kind ? "of kind " + kind_of(keyed_by) : "known by '" + key_of(keyed_by) + "'";
  return SourceChange{
      known.name, other_kind ? What::kind : What::key, known.people,
      "the records of source '" + known.name + "' were " + from + " and would be " + to +
          " now: none of the " + people_text(known.people) +
          " known from it would be recognised; the next read would bring them all as new ones, and "
          "those who are here as gone. Put it back; to move, add a source of another name whose "
          "records a tier links to the people who are here, and take this one away afterwards"};
}

Result<std::vector<SourceChange>> source_changes(store::View& view, const KeyedBy& now,
                                                 const KeyedBy& in_force) {
  MUSTER_TRY(auto sources, view.runs().sources());
  std::vector<SourceChange> changes;
  for (auto& known : sources) {
    if (known.people == 0) continue;
    const auto keyed_by = now.find(known.name);
    if (keyed_by == now.end()) {
      if (!known.keyed_by.starts_with(left)) changes.push_back(gone(known));
      continue;
    }
    if (const auto before = in_force.find(known.name);
        known.keyed_by.empty() && before != in_force.end())
      known.keyed_by = before->second;
    if (auto change = key_change(known, keyed_by->second)) changes.push_back(*std::move(change));
  }
  return changes;
}

Status remember_keys(store::Transaction& tx, const KeyedBy& now) {
  MUSTER_TRY(const auto sources, tx.runs().sources());
  for (const auto& known : sources) {
    const auto keyed_by = now.find(known.name);
    auto wanted = keyed_by != now.end() ? keyed_by->second : known.keyed_by;
    if (keyed_by == now.end() && !wanted.starts_with(left)) wanted.insert(0, left);
    if (wanted != known.keyed_by) MUSTER_CHECK(tx.runs().put_keyed_by(known.name, wanted));
  }
  return {};
}

}  // namespace muster::provision
