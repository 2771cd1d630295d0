// SPDX-License-Identifier: Apache-2.0
#include "provision/people.h"

#include <algorithm>
#include <set>

#include "core/json.h"
#include "core/text.h"
#include "provision/events.h"
#include "provision/generated.h"

namespace muster::provision {
namespace {

std::vector<std::string> sources_of(std::span<const store::RecordRow> told) {
  std::set<std::string> names;
  for (const auto& record : told) names.insert(record.head.key.source);
  return {names.begin(), names.end()};
}

}  // namespace

Status People::load(std::span<const std::string> identity_ids) {
  std::vector<std::string> ids;
  for (const auto& id : identity_ids) {
    if (!people_.contains(id)) ids.push_back(id);
  }
  std::sort(ids.begin(), ids.end());
  ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
  if (ids.empty()) return {};

  MUSTER_TRY(auto identities, tx_.identities().get(ids));
  MUSTER_TRY(auto told, tx_.records().of_identities(ids));
  std::vector<std::vector<store::RecordRow>> gone(ids.size());
  if (engine_.hears_gone()) {
    MUSTER_TRY(gone, tx_.records().silent_of_identities(ids));
  }
  for (std::size_t i = 0; i < ids.size(); ++i) {
    if (!identities[i]) continue;
    Person person;
    person.now = *identities[i];
    person.before = std::move(identities[i]);
    person.told = std::move(told[i]);
    person.gone = std::move(gone[i]);
    people_.emplace(ids[i], std::move(person));
  }
  return {};
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
    one.contribution = record.contribution;
    one.missing_since = record.head.missing_since;
    one.enabled = record.head.enabled;
    one.correlated_by = record.correlated_by;
    if (engine_.reads_records()) {
      MUSTER_TRY(one.record, parse_json(record.document));
    }
    told.push_back(std::move(one));
  }
  if (!engine_.reads_groups()) return told;

  // A record that is not stored yet is in no group yet.
  std::vector<std::string> ids;
  std::vector<std::size_t> places;
  for (std::size_t i = 0; i < records.size(); ++i) {
    if (records[i].head.row == 0) continue;
    ids.push_back(records[i].head.id);
    places.push_back(i);
  }
  if (ids.empty()) return told;
  MUSTER_TRY(auto groups, tx_.memberships().groups_of(ids));
  for (std::size_t i = 0; i < ids.size(); ++i) {
    auto& names = told[places[i]].groups;
    for (auto& group : groups[i]) names.push_back(std::move(group.display));
    std::sort(names.begin(), names.end());
  }
  return told;
}

Result<std::vector<mappings::Told>> People::words_of(std::span<const store::RecordRow> told,
                                                     std::span<const store::RecordRow> gone) const {
  MUSTER_TRY(auto words, told_of(told));
  for (const auto& record : gone) {
    auto& last = words.emplace_back();
    last.contribution = record.contribution;
    last.enabled = record.head.enabled;
    // Nothing changes a record that is gone, so its last change is when it went.
    last.gone_since = record.head.modified;
  }
  return words;
}

Result<std::vector<mappings::Told>> People::told_of(const Person& person) const {
  return words_of(person.told, person.gone);
}

Result<mappings::Settled> People::settle(const Person& person) const {
  return settle(person, person.told, person.gone);
}

Result<mappings::Settled> People::settle(const Person& person,
                                         std::span<const store::RecordRow> told,
                                         std::span<const store::RecordRow> gone) const {
  MUSTER_TRY(auto words, words_of(told, gone));
  const bool known = !person.now.user_name.empty();
  return engine_.settle(words, known ? &person.now : nullptr, held_, run_time_);
}

void People::accept(Person& person, Identity identity) {
  accept(person, std::move(identity), std::move(person.told), std::move(person.gone));
}

void People::accept(Person& person, Identity identity, std::vector<store::RecordRow> told,
                    std::vector<store::RecordRow> gone) {
  identity.id = person.now.id;
  identity.version = person.now.version;
  identity.created = person.now.created;
  identity.modified = person.now.modified;
  person.told = std::move(told);
  person.gone = std::move(gone);
  if (person.before && !person.changed && same_person_facts(*person.before, identity) &&
      person.before->due == identity.due) {
    return;
  }
  person.now = std::move(identity);
  person.changed = true;
  held_.stage(person.now, sources_of(person.told), engine_.index_keys(person.now));
}

Result<std::string> People::other_holder_of_mail(const Identity& identity) const {
  if (identity.email.empty()) return std::string{};
  MUSTER_TRY(auto holders, held_.find({"email", fold_key(identity.email)}));
  for (const auto& holder : holders) {
    if (holder.identity_id != identity.id) return holder.identity_id;
  }
  return std::string{};
}

Status People::flush() {
  std::vector<Identity> identities;
  std::vector<std::vector<store::IdentityKey>> keys;
  std::vector<Event> events;
  std::vector<Person*> changed;
  for (auto& [id, person] : people_) {
    if (!person.changed) continue;
    if (!person.before) person.now.created = tx_.now();
    person.now.modified = tx_.now();
    auto& own = keys.emplace_back();
    for (auto& key : engine_.index_keys(person.now))
      own.push_back({std::move(key.attribute), std::move(key.key)});
    identities.push_back(std::move(person.now));
    changed.push_back(&person);
  }
  if (identities.empty()) return {};
  MUSTER_CHECK(tx_.identities().put(identities, keys));
  std::vector<Person*> deleted;
  for (std::size_t i = 0; i < changed.size(); ++i) {
    Person& person = *changed[i];
    person.now = std::move(identities[i]);
    if (person.now.state == IdentityState::deleted) deleted.push_back(&person);
    Value generated;
    if (!person.before) {
      MUSTER_TRY(generated, draw_all(engine_.generated()));
    }
    if (auto event = event_of(person.before ? &*person.before : nullptr, person.now, generated)) {
      events.push_back(std::move(*event));
    }
    person.changed = false;
  }
  MUSTER_CHECK(erase(deleted));
  if (events.empty()) return {};
  return tx_.journal().outbox(events);
}

// What sources once told about deleted people goes with them; who comes back is somebody new.
Status People::erase(std::span<Person* const> deleted) {
  std::vector<std::string> ids;
  for (const auto* person : deleted) ids.push_back(person->now.id);
  if (ids.empty()) return {};
  MUSTER_TRY(auto rows, tx_.records().silent_of_identities(ids));
  std::vector<store::RecordRow> erased;
  for (auto& of_person : rows) {
    for (auto& row : of_person) {
      row.head.identity_id.clear();
      row.contribution.offers.clear();
      row.contribution.lapsed.clear();
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
  return tx_.records().update(erased);
}

}  // namespace muster::provision
