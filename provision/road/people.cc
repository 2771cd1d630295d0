// SPDX-License-Identifier: Apache-2.0
#include "provision/road/people.h"

#include <algorithm>
#include <set>
#include <tuple>

#include "core/json.h"
#include "core/text.h"
#include "provision/road/events.h"
#include "provision/road/generated.h"
#include "provision/road/refusal.h"

namespace muster::provision {
namespace {

std::vector<std::string> sources_of(std::span<const store::RecordRow> told) {
  std::set<std::string> names;
  for (const auto& record : told) names.insert(record.head.key.source);
  return {names.begin(), names.end()};
}

bool same_names(std::span<const store::RecordRow> a, std::span<const store::RecordRow> b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](const auto& one, const auto& other) {
    return one.head.key == other.head.key && one.head.link_key == other.head.link_key &&
           one.aliases == other.aliases;
  });
}

constexpr std::string_view by_user_name = "user:";

}  // namespace

Status People::load(std::span<const std::string> identity_ids) {
  std::vector<std::string> ids;
  for (const auto& id : identity_ids) {
    if (!people_.contains(id)) ids.push_back(id);
  }
  std::sort(ids.begin(), ids.end());
  ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
  if (ids.empty()) return {};

  MUSTER_TRY(auto identities, view_.identities().get(ids));
  MUSTER_TRY(auto told, view_.records().of_identities(ids));
  std::vector<std::vector<store::RecordRow>> gone(ids.size());
  if (engine_.hears_gone()) {
    MUSTER_TRY(gone, view_.records().silent_of_identities(ids));
  }
  std::vector<Reference> asked;
  std::vector<std::vector<Reference>> references;
  if (engine_.refers()) {
    MUSTER_TRY(references, view_.references().of(ids));
  }
  std::vector<std::string> records;
  for (std::size_t i = 0; i < ids.size(); ++i) {
    if (!identities[i]) continue;
    Person& person = people_[ids[i]];
    person.stored = true;
    person.now = *std::move(identities[i]);
    person.told = std::move(told[i]);
    person.gone = std::move(gone[i]);
    for (const auto& record : person.told) records.push_back(record.head.id);
    if (!engine_.refers()) continue;
    for (const auto& record : person.told) {
      for (auto& one : engine_.references(record.contribution)) asked.push_back(std::move(one));
    }
    asked.insert(asked.end(), references[i].begin(), references[i].end());
    person.now.references = std::move(references[i]);
    person.names = names_of(person.told);
    for (const auto& name : person.names) add_name(name, person);
  }
  MUSTER_CHECK(prefetch_groups(records));
  return prefetch(asked);
}

Status People::prefetch_groups(std::span<const std::string> record_ids) const {
  if (!engine_.reads_groups()) return {};
  std::vector<std::string> open;
  for (const auto& id : record_ids) {
    if (groups_.try_emplace(id).second) open.push_back(id);
  }
  if (open.empty()) return {};
  MUSTER_TRY(auto found, view_.memberships().groups_of(open));
  std::vector<std::string> groups;
  for (std::size_t i = 0; i < open.size(); ++i) {
    for (const auto& group : found[i]) groups.push_back(group.record_id);
    groups_[open[i]] = std::move(found[i]);
  }
  return engine_.flattens() ? prefetch_parents(std::move(groups)) : Status{};
}

// The groups that these are in, and those that they are in, level by level.
Status People::prefetch_parents(std::vector<std::string> groups) const {
  for (;;) {
    std::vector<std::string> open;
    for (auto& id : groups) {
      if (parents_.try_emplace(id).second) open.push_back(std::move(id));
    }
    if (open.empty()) return {};
    MUSTER_TRY(auto found, view_.memberships().groups_of(open));
    groups.clear();
    for (std::size_t i = 0; i < open.size(); ++i) {
      for (const auto& group : found[i]) groups.push_back(group.record_id);
      parents_[open[i]] = std::move(found[i]);
    }
  }
}

// The holders of those references that are user names.
Status People::find_by_user_name(std::span<const Reference> references,
                                 std::vector<std::string>& ids) const {
  std::vector<store::IdentityKey> keys;
  std::vector<std::size_t> places;
  for (std::size_t i = 0; i < references.size(); ++i) {
    const auto& [source, name] = references[i];
    if (!source.empty() || !name.starts_with(by_user_name)) continue;
    keys.push_back({"userName", name.substr(by_user_name.size())});
    places.push_back(i);
  }
  if (keys.empty()) return {};
  MUSTER_TRY(auto found, view_.identities().find(keys));
  for (std::size_t i = 0; i < found.size(); ++i) {
    if (!found[i].empty()) ids[places[i]] = found[i].front().identity_id;
  }
  return {};
}

Status People::prefetch(std::span<const Reference> references) const {
  std::vector<Reference> open;
  for (const auto& one : references) {
    if (!named_.contains(one) && fetched_.try_emplace(one).second) open.push_back(one);
  }
  if (open.empty()) return {};
  MUSTER_TRY(auto ids, view_.references().holders(open));
  MUSTER_CHECK(find_by_user_name(open, ids));
  std::vector<std::string> unknown;
  for (std::size_t i = 0; i < open.size(); ++i) {
    fetched_[open[i]] = ids[i];
    if (!ids[i].empty() && !fetched_people_.contains(ids[i])) unknown.push_back(ids[i]);
  }
  std::sort(unknown.begin(), unknown.end());
  unknown.erase(std::unique(unknown.begin(), unknown.end()), unknown.end());
  MUSTER_TRY(auto identities, view_.identities().get(unknown));
  for (std::size_t i = 0; i < unknown.size(); ++i) {
    if (identities[i]) fetched_people_.emplace(unknown[i], std::move(*identities[i]));
  }
  return {};
}

Result<std::optional<Identity>> People::refer(const Reference& reference) const {
  std::optional<Identity> nobody;
  if (const auto here = named_.find(reference); here != named_.end()) {
    const auto person = people_.find(here->second);
    return person == people_.end() ? nobody : std::optional(person->second.now);
  }
  const Reference asked[] = {reference};
  MUSTER_CHECK(prefetch(asked));
  const auto& id = fetched_[reference];
  if (id.empty()) return nobody;
  // Somebody who is here has lost the name meanwhile, a user name aside, which stays.
  if (const auto person = people_.find(id); person != people_.end())
    return reference.source.empty() ? std::optional(person->second.now) : nobody;
  const auto found = fetched_people_.find(id);
  return found == fetched_people_.end() ? nobody : std::optional(found->second);
}

void People::add_name(const Reference& name, const Person& person) {
  named_.try_emplace(name, person.now.id);
}

// Gives the person these records, and their names in the place of those it had.
void People::rename(Person& person, std::vector<store::RecordRow> told) {
  for (const auto& name : names_of(person.told)) {
    const auto known = named_.find(name);
    if (known != named_.end() && known->second == person.now.id) named_.erase(known);
  }
  person.told = std::move(told);
  person.renamed = true;
  for (const auto& name : names_of(person.told)) add_name(name, person);
}

Person* People::find(std::string_view identity_id) {
  const auto found = people_.find(identity_id);
  return found == people_.end() ? nullptr : &found->second;
}

Person& People::add(Identity identity) {
  auto id = identity.id;
  Person person;
  person.now = std::move(identity);
  return people_.emplace(std::move(id), std::move(person)).first->second;
}

Result<std::vector<mappings::Told>> People::told_of(
    std::span<const store::RecordRow> records) const {
  std::vector<mappings::Told> told;
  told.reserve(records.size());
  for (const auto& record : records) {
    mappings::Told one;
    one.kept = &record.contribution;
    one.missing_since = record.head.missing_since;
    one.enabled = record.head.enabled;
    one.correlated_by = record.correlated_by;
    if (engine_.reads_records()) {
      MUSTER_TRY(one.record, parse_json(record.document));
    }
    told.push_back(std::move(one));
  }
  if (engine_.reads_groups()) MUSTER_CHECK(add_groups(records, told));
  return told;
}

Status People::add_groups(std::span<const store::RecordRow> records,
                          std::vector<mappings::Told>& told) const {
  // A record that is not stored yet is in no group yet.
  std::vector<std::string> ids;
  std::vector<std::size_t> places;
  for (std::size_t i = 0; i < records.size(); ++i) {
    if (records[i].head.row == 0) continue;
    ids.push_back(records[i].head.id);
    places.push_back(i);
  }
  MUSTER_CHECK(prefetch_groups(ids));
  for (std::size_t i = 0; i < ids.size(); ++i) {
    auto& own = told[places[i]].groups;
    const auto& groups = groups_.at(ids[i]);
    if (engine_.flattens()) {
      MUSTER_TRY(own, groups_above(groups));
    }
    for (const auto& group : groups) own.push_back({group.display, group.value, false});
    std::sort(own.begin(), own.end(), [](const auto& a, const auto& b) {
      return std::tie(a.display, a.value) < std::tie(b.display, b.value);
    });
  }
  return {};
}

Result<std::vector<mappings::Told>> People::words_of(std::span<const store::RecordRow> told,
                                                     std::span<const store::RecordRow> gone) const {
  MUSTER_TRY(auto words, told_of(told));
  for (const auto& record : gone) {
    auto& last = words.emplace_back();
    last.kept = &record.contribution;
    last.enabled = record.head.enabled;
    // Nothing changes a record that is gone, so its last change is when it went.
    last.gone_since = record.head.modified;
  }
  return words;
}

Result<std::vector<mappings::Told>> People::told_of(const Person& person) const {
  return words_of(person.told, person.gone);
}

// The groups that these groups are in, however deep; each group is asked about once, so groups
// that contain each other end too.
Result<std::vector<mappings::SourceGroup>> People::groups_above(
    const std::vector<store::GroupRow>& groups) const {
  std::vector<mappings::SourceGroup> above;
  std::set<std::string> seen;
  std::vector<std::string> open;
  for (const auto& group : groups) {
    if (seen.insert(group.record_id).second) open.push_back(group.record_id);
  }
  MUSTER_CHECK(prefetch_parents(open));
  while (!open.empty()) {
    std::vector<std::string> next;
    for (const auto& id : open) {
      for (const auto& parent : parents_.at(id)) {
        if (!seen.insert(parent.record_id).second) continue;
        above.push_back({parent.display, parent.value, true});
        next.push_back(parent.record_id);
      }
    }
    open = std::move(next);
  }
  return above;
}

Result<mappings::Settled> People::settle(const Person& person) const {
  return settle(person, person.told, person.gone);
}

Result<mappings::Settled> People::settle(const Person& person,
                                         std::span<const store::RecordRow> told,
                                         std::span<const store::RecordRow> gone) const {
  MUSTER_TRY(auto words, words_of(told, gone));
  const bool known = !person.now.user_name.empty();
  return engine_.settle(words, known ? &person.now : nullptr, *this, run_time_);
}

Status People::settle_again(Person& person) {
  MUSTER_TRY(auto settled, settle(person));
  MUSTER_TRY(const auto refusal, refusal_of(*this, person, settled));
  if (!refusal) accept(person, std::move(settled.identity));
  return {};
}

void People::accept(Person& person, Identity identity, std::vector<store::RecordRow> told,
                    std::vector<store::RecordRow> gone) {
  person.gone = std::move(gone);
  if (engine_.refers() && !same_names(person.told, told))
    rename(person, std::move(told));
  else
    person.told = std::move(told);
  accept(person, std::move(identity));
}

void People::accept(Person& person, Identity identity) {
  identity.id = person.now.id;
  identity.version = person.now.version;
  identity.created = person.now.created;
  identity.modified = person.now.modified;
  if (person.now.references != identity.references) {
    if (!person.replaced_references) person.replaced_references = std::move(person.now.references);
    person.now.references = identity.references;
  }
  if (person.stored && !person.changed && same_person_facts(person.now, identity) &&
      person.now.due == identity.due) {
    return;
  }
  if (person.stored && !person.replaced) person.replaced = std::move(person.now);
  person.now = std::move(identity);
  person.changed = true;
  world_.stage(person.now, sources_of(person.told), engine_.index_keys(person.now));
}

Result<std::string> People::other_holder_of_mail(const std::string& email,
                                                 std::string_view person_id) const {
  if (email.empty()) return std::string{};
  MUSTER_TRY(auto holders, world_.find({"email", fold_key(email)}));
  for (const auto& holder : holders) {
    const bool yields =
        exchanging_.contains(holder.identity_id) && exchanging_.contains(std::string(person_id));
    if (holder.identity_id != person_id && !yields) return holder.identity_id;
  }
  return std::string{};
}

bool People::others_see(const Identity& before, const Identity& now) const {
  if (before.user_name != now.user_name) return true;
  const auto& names = engine_.dereferenced();
  return std::any_of(names.begin(), names.end(), [&](const std::string& name) {
    if (name == "enabled") return before.state != now.state;
    if (name == "external") return before.classification != now.classification;
    const auto* old = before.find(name);
    const auto* fresh = now.find(name);
    return (old == nullptr) != (fresh == nullptr) || (old && !(old->value == fresh->value));
  });
}

std::vector<Reference> People::moved() const {
  std::vector<Reference> moved;
  if (!engine_.refers()) return moved;
  for (const auto& [id, person] : people_) {
    const auto* before = person.before();
    const bool seen =
        before == nullptr || (before != &person.now && others_see(*before, person.now));
    if (!seen && !person.renamed) continue;
    const auto names = names_of(person.told);
    if (seen) {
      moved.insert(moved.end(), names.begin(), names.end());
      moved.insert(moved.end(), person.names.begin(), person.names.end());
      moved.push_back({"", std::string(by_user_name) + fold_key(person.now.user_name)});
    } else {
      std::set_symmetric_difference(names.begin(), names.end(), person.names.begin(),
                                    person.names.end(), std::back_inserter(moved));
    }
  }
  std::sort(moved.begin(), moved.end());
  moved.erase(std::unique(moved.begin(), moved.end()), moved.end());
  return moved;
}

// Whoever looked at somebody of this batch before that one was decided looks again.
Status People::settle_each_other() {
  auto news = moved();
  while (!news.empty()) {
    std::vector<Reference> next;
    for (auto& [id, person] : people_) {
      const auto& asked = person.now.references;
      const bool concerned = std::any_of(asked.begin(), asked.end(), [&](const Reference& one) {
        return std::binary_search(news.begin(), news.end(), one);
      });
      if (!concerned) continue;
      const Identity before = person.now;
      MUSTER_CHECK(settle_again(person));
      if (!others_see(before, person.now)) continue;
      const auto names = names_of(person.told);
      next.insert(next.end(), names.begin(), names.end());
    }
    std::sort(next.begin(), next.end());
    news = std::move(next);
  }
  return {};
}

Status People::write_references(store::Transaction& tx) {
  std::vector<store::ReferenceChange> changes;
  for (const auto& [id, person] : people_) {
    if (!person.replaced_references) continue;
    const auto& before = *person.replaced_references;
    if (before != person.now.references) changes.push_back({id, before, person.now.references});
  }
  return changes.empty() ? Status{} : tx.references().replace(changes);
}

Status People::flush(store::Transaction& tx) {
  MUSTER_CHECK(settle_each_other());
  MUSTER_CHECK(write_references(tx));
  std::vector<Identity> identities;
  std::vector<std::vector<store::IdentityKey>> keys;
  std::vector<Event> events;
  std::vector<Person*> changed;
  for (auto& [id, person] : people_) {
    if (!person.changed) continue;
    if (!person.stored) person.now.created = tx.now();
    person.now.modified = tx.now();
    auto& own = keys.emplace_back();
    for (auto& key : engine_.index_keys(person.now))
      own.push_back({std::move(key.attribute), std::move(key.key)});
    identities.push_back(std::move(person.now));
    changed.push_back(&person);
  }
  if (identities.empty()) return {};
  MUSTER_CHECK(tx.identities().put(identities, keys));
  std::vector<Person*> deleted;
  for (std::size_t i = 0; i < changed.size(); ++i) {
    Person& person = *changed[i];
    person.now = std::move(identities[i]);
    if (person.now.state == IdentityState::deleted) deleted.push_back(&person);
    person.changed = false;
    if (!tx.journal().keeps()) continue;
    Value generated;
    if (!person.stored) {
      MUSTER_TRY(generated, draw_all(engine_.generated()));
    }
    if (auto event = event_of(person.before(), person.now, generated)) {
      events.push_back(std::move(*event));
    }
  }
  MUSTER_CHECK(erase(tx, deleted));
  if (events.empty()) return {};
  return tx.journal().outbox(events);
}

// What sources once told about deleted people goes with them; who comes back is somebody new.
Status People::erase(store::Transaction& tx, std::span<Person* const> deleted) {
  std::vector<std::string> ids;
  for (const auto* person : deleted) ids.push_back(person->now.id);
  if (ids.empty()) return {};
  MUSTER_TRY(auto rows, tx.records().silent_of_identities(ids));
  std::vector<store::RecordRow> erased;
  for (auto& of_person : rows) {
    for (auto& row : of_person) {
      row.head.identity_id.clear();
      row.contribution.offers.clear();
      row.contribution.lapsed.clear();
      row.findings.clear();
      if (row.head.state == store::RecordState::gone) {
        row.head.content_hash = 0;
        row.document = "{}";
        row.search = {};
        row.aliases.clear();
      }
      erased.push_back(std::move(row));
    }
  }
  if (erased.empty()) return {};
  return tx.records().update(erased);
}

}  // namespace muster::provision
