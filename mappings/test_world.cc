// SPDX-License-Identifier: Apache-2.0
#include "mappings/test_world.h"

#include <algorithm>

#include "core/dn.h"
#include "core/json.h"
#include "core/text.h"
#include "mappings/model.h"
#include "mappings/references.h"

namespace muster::mappings {
namespace {

// Position of the source in the order in which candidates are served.
std::size_t rank_of(const Model& model, const std::string& name) {
  for (std::size_t i = 0; i < model.by_trust.size(); ++i)
    if (model.sources[model.by_trust[i]].info.name == name) return i;
  return model.by_trust.size();
}

std::string first_error(const std::vector<Finding>& findings) {
  for (const auto& finding : findings)
    if (finding.severity == Severity::error) return finding.message;
  return {};
}

// By the key, a directory's DN or the id of a SCIM resource.
bool is_named(const Told& told, const std::string& name) {
  if (told.contribution.key.key == name) return true;
  const Value* dn = told.record.find("dn");
  if (dn && dn->is_text() && canonical_dn(dn->as_text()) == name) return true;
  const Value* id = told.record.find("id");
  return id && id->is_text() && id->as_text() == name;
}

}  // namespace

void TestWorld::burn_name(std::string_view name) { burnt_.push_back(fold_key(name)); }

void TestWorld::add_held(Identity identity, Told told) {
  Person person;
  person.identity = std::move(identity);
  person.told.push_back(std::move(told));
  people_.push_back(std::move(person));
}

TestWorld::Arrival TestWorld::arrive(GivenRecord given, Timestamp run_time, std::size_t number) {
  Arrival arrival;
  SourceRecord record;
  record.key = given.key;
  record.key.key = "given-" + std::to_string(number);
  record.document = write_json(given.attributes);
  arrival.mapped = engine_.map(record, run_time);
  const auto source = "sources." + record.key.source;
  if (!arrival.mapped.in_scope) rules_.insert(source + ".scope." + arrival.mapped.scope_rule);
  for (const auto& offer : arrival.mapped.contribution.offers)
    rules_.insert(source + ".map." + offer.attribute);
  if (!arrival.mapped.link_key.empty())
    arrival.mapped.contribution.key.key = arrival.mapped.link_key;
  arrival.told.contribution = arrival.mapped.contribution;
  arrival.told.record = std::move(given.attributes);
  arrival.told.groups = std::move(given.groups);
  arrival.told.enabled = arrival.mapped.enabled;
  return arrival;
}

TestWorld::Person* TestWorld::linked(const SourceKey& key) {
  for (auto& person : people_)
    for (const auto& told : person.told)
      if (told.contribution.key == key) return &person;
  return nullptr;
}

void TestWorld::end(const Arrival& arrival, std::string state, std::string why) {
  Ending ending;
  ending.state = std::move(state);
  ending.findings = arrival.mapped.findings;
  ending.why = std::move(why);
  endings_.push_back(std::move(ending));
}

// Who else has that mail address; empty when nobody has.
std::string TestWorld::mail_holder(const Identity& identity, const std::string& id) const {
  if (identity.email.empty()) return {};
  const auto mail = fold_key(identity.email);
  for (const auto& person : people_)
    if (person.identity.id != id && fold_key(person.identity.email) == mail)
      return person.identity.user_name;
  return {};
}

Status TestWorld::tell(Person& person, Arrival arrival, Timestamp run_time) {
  auto told = person.told;
  auto& contribution = arrival.told.contribution;
  for (const auto& one : told)
    if (one.contribution.key == contribution.key)
      contribution = engine_.carry(one.contribution, std::move(contribution), run_time);
  std::erase_if(told, [&](const Told& one) { return one.contribution.key == contribution.key; });
  told.push_back(std::move(arrival.told));
  const auto& more = arrival.mapped.findings;
  person.findings.insert(person.findings.end(), more.begin(), more.end());
  return settle(person, std::move(told), run_time);
}

// Takes what was told, unless somebody else has the mail address that follows from it.
Status TestWorld::settle(Person& person, std::vector<Told> told, Timestamp run_time) {
  bool held = !person.identity.user_name.empty();
  MUSTER_TRY(auto settled,
             engine_.settle(told, held ? &person.identity : nullptr, *this, run_time));
  person.touched = true;
  auto id = person.identity.id;
  const auto holder = mail_holder(settled.identity, id);
  person.refused = !settled.quarantined && !holder.empty();
  if (person.refused) {
    person.quarantined = true;
    person.why = "the mail address belongs to " + holder;
    return {};
  }
  person.told = std::move(told);
  person.identity = std::move(settled.identity);
  person.identity.id = std::move(id);
  person.quarantined = settled.quarantined;
  person.why = std::move(settled.reason);
  return {};
}

// References reach people who came later: everybody is settled again until nothing moves. What
// follows from others is nothing that others follow from, so this ends.
Status TestWorld::settle_references(Timestamp run_time) {
  if (!engine_.refers()) return {};
  for (bool moved = true; moved;) {
    moved = false;
    for (auto& person : people_) {
      if (!person.touched || person.refused) continue;
      auto before = person.identity;
      MUSTER_CHECK(settle(person, person.told, run_time));
      moved = moved || !same_person_facts(before, person.identity);
    }
  }
  return {};
}

Status TestWorld::place(Arrival arrival, Timestamp run_time) {
  if (Person* person = linked(arrival.told.contribution.key)) {
    for (const auto& told : person->told)
      if (told.contribution.key == arrival.told.contribution.key)
        arrival.told.correlated_by = told.correlated_by;
    return tell(*person, std::move(arrival), run_time);
  }
  MUSTER_TRY(auto found, engine_.correlate(arrival.told.contribution, *this));
  if (!found.tier.empty()) rules_.insert("correlate.tiers." + found.tier);
  if (found.outcome == Correlation::Outcome::review ||
      found.outcome == Correlation::Outcome::suggest) {
    end(arrival, "review", found.reason);
    return {};
  }
  if (found.outcome == Correlation::Outcome::create) {
    Person person;
    person.identity.id = "given-" + std::to_string(people_.size() + 1);
    people_.push_back(std::move(person));
    MUSTER_CHECK(tell(people_.back(), arrival, run_time));
    if (!people_.back().told.empty()) return {};
    auto why = std::move(people_.back().why);
    people_.pop_back();
    end(arrival, "review", std::move(why));
    return {};
  }
  arrival.told.correlated_by = found.tier;
  auto person = std::find_if(people_.begin(), people_.end(),
                             [&](const Person& p) { return p.identity.id == found.identity_id; });
  return tell(*person, std::move(arrival), run_time);
}

Result<std::vector<Ending>> TestWorld::take(std::vector<GivenRecord> given, Timestamp run_time) {
  std::vector<Arrival> arrivals;
  for (auto& one : given) arrivals.push_back(arrive(std::move(one), run_time, arrivals.size() + 1));
  const Model& model = engine_.impl().model;
  std::stable_sort(arrivals.begin(), arrivals.end(), [&](const Arrival& a, const Arrival& b) {
    const auto& left = a.told.contribution.key;
    const auto& right = b.told.contribution.key;
    auto rank = rank_of(model, left.source);
    auto other = rank_of(model, right.source);
    return rank != other ? rank < other : left.key < right.key;
  });
  for (auto& arrival : arrivals) {
    if (!arrival.mapped.in_scope)
      end(arrival, "skipped", "out of scope by rule " + arrival.mapped.scope_rule);
    else if (arrival.mapped.quarantined)
      end(arrival, "quarantined", first_error(arrival.mapped.findings));
    else
      MUSTER_CHECK(place(std::move(arrival), run_time));
  }
  MUSTER_CHECK(settle_references(run_time));
  for (auto& person : people_) {
    if (!person.touched) continue;
    Ending ending;
    ending.state = person.quarantined ? "quarantined" : std::string(name_of(person.identity.state));
    ending.identity = person.identity;
    ending.findings = person.findings;
    const auto& more = person.identity.findings;
    ending.findings.insert(ending.findings.end(), more.begin(), more.end());
    ending.why = person.quarantined ? person.why : person.identity.state_reason;
    endings_.push_back(std::move(ending));
  }
  return std::move(endings_);
}

Result<std::vector<Candidate>> TestWorld::find(const MatchKey& key) const {
  std::vector<Candidate> found;
  for (const auto& person : people_) {
    auto keys = engine_.index_keys(person.identity);
    if (std::find(keys.begin(), keys.end(), key) == keys.end()) continue;
    Candidate candidate;
    candidate.identity_id = person.identity.id;
    candidate.user_name = person.identity.user_name;
    for (const auto& told : person.told) candidate.sources.push_back(told.contribution.key.source);
    for (const auto& group : person.identity.groups) candidate.groups.push_back(group.path);
    found.push_back(std::move(candidate));
  }
  return found;
}

Result<bool> TestWorld::name_taken(std::string_view folded_name,
                                   std::string_view except_identity) const {
  if (std::find(burnt_.begin(), burnt_.end(), folded_name) != burnt_.end()) return true;
  return std::any_of(people_.begin(), people_.end(), [&](const Person& person) {
    return person.identity.id != except_identity &&
           fold_key(person.identity.user_name) == folded_name;
  });
}

Result<std::string> TestWorld::name_holder(std::string_view folded_name) const {
  for (const auto& person : people_)
    if (fold_key(person.identity.user_name) == folded_name)
      return "user " + person.identity.user_name + ", " +
             std::string(name_of(person.identity.state));
  return std::string("a name in use or used before");
}

Result<std::optional<Identity>> TestWorld::refer(const Reference& reference) const {
  for (const auto& person : people_) {
    if (person.identity.user_name.empty() || person.quarantined) continue;
    if (person_called(person.identity.user_name) == reference)
      return std::optional(person.identity);
    for (const auto& told : person.told)
      if (told.contribution.key.source == reference.source && is_named(told, reference.name))
        return std::optional(person.identity);
  }
  return std::optional<Identity>();
}

}  // namespace muster::mappings
