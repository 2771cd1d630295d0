// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "mappings/engine.h"
#include "provision/road/batch_world.h"
#include "store/transaction.h"

namespace muster::provision {

// One person as a batch sees it: as it was stored, as it is after what the batch decided so far,
// and everything that its sources told.
struct Person {
  Identity now = {};
  std::vector<store::RecordRow> told = {};  // live records
  std::vector<store::RecordRow> gone = {};  // those that speak no more, if the engine hears them
  std::vector<Reference> names = {};        // of the records as stored; sorted
  bool stored = false;                      // there was somebody before the batch
  bool changed = false;
  bool renamed = false;  // the names may be others by now
  // What was stored, as far as `now` is not that any more.
  std::optional<Identity> replaced = {};
  std::optional<std::vector<Reference>> replaced_references = {};

  // As it was stored; nullptr: somebody new.
  const Identity* before() const { return replaced ? &*replaced : stored ? &now : nullptr; }
};

// The people that a batch touches, and what settling one of them may ask about everybody else, as
// of this moment of the batch. Lives as long as its view, on its thread.
class People : public mappings::World {
 public:
  People(store::View& view, const mappings::Engine& engine, BatchWorld& world, Timestamp run_time)
      : view_(view), engine_(engine), world_(world), run_time_(run_time) {}

  // Reads these people and all their records in one go; those that are here already are left alone.
  Status load(std::span<const std::string> identity_ids);

  // Reads in one go whom these references lead to.
  Status prefetch(std::span<const Reference> references) const;

  // Reads in one go the groups that these records are in, if rules read groups; load() did so for
  // the records it read.
  Status prefetch_groups(std::span<const std::string> record_ids) const;

  bool holds(const std::string& identity_id) const { return people_.contains(identity_id); }

  // The person of that id; nullptr when load() was not asked for it or it does not exist.
  Person* find(std::string_view identity_id);

  // A new person, not stored yet.
  Person& add(Identity identity);

  // Somebody who is only tried: others find it as if it were there, and nothing of it is written.
  // Until break_promise(); given once more, as it is now.
  void promise(const Identity& identity, const store::RecordRow& record);
  void break_promise(const std::string& identity_id);
  // What the engine makes of somebody promised, whose own name and values are free for it.
  Result<mappings::Settled> settle_promised(const std::string& identity_id);

  // What the engine makes of the person as it stands.
  Result<mappings::Settled> settle(const Person& person) const;
  // What it would make of it if these were its records.
  Result<mappings::Settled> settle(const Person& person, std::span<const store::RecordRow> told,
                                   std::span<const store::RecordRow> gone) const;

  // The person's records as the engine reads them, for as long as they stay as they are.
  Result<std::vector<mappings::Told>> told_of(const Person& person) const;

  // Settles by the records that are held, and takes the result unless it is refused (refusal.h).
  Status settle_again(Person& person);

  // Takes a settled state and makes it findable for the rest of the batch.
  void accept(Person& person, Identity identity, std::vector<store::RecordRow> told,
              std::vector<store::RecordRow> gone);
  // The same by the records that are held.
  void accept(Person& person, Identity identity);

  // Whom a mail address belongs to, if to somebody else than that person; empty otherwise.
  Result<std::string> other_holder_of_mail(const std::string& email,
                                           std::string_view person_id) const;

  // From here on these people may take each other's mail addresses: none of them keeps its own.
  // Empty: nobody may.
  void let_exchange(std::set<std::string> ids) { exchanging_ = std::move(ids); }
  const std::set<std::string>& exchanging() const { return exchanging_; }

  // Writes everybody who changed, with the events that the platform must hear; those who refer to
  // each other are settled again before. Call once, at the end; `tx` is the transaction whose view
  // was read.
  Status flush(store::Transaction& tx);

  // The names under which others may have looked at people who changed in a way that others see.
  std::vector<Reference> moved() const;

  Result<std::vector<mappings::Candidate>> find(const mappings::MatchKey& key) const override {
    return world_.find(key);
  }
  Result<bool> name_taken(std::string_view folded_name,
                          std::string_view except_identity) const override {
    return world_.name_taken(folded_name, except_identity);
  }
  Result<std::optional<Identity>> refer(const Reference& reference) const override;

 private:
  Result<std::vector<mappings::Told>> told_of(std::span<const store::RecordRow> records) const;
  Result<std::vector<mappings::Told>> words_of(std::span<const store::RecordRow> told,
                                               std::span<const store::RecordRow> gone) const;
  static Status erase(store::Transaction& tx, std::span<Person* const> deleted);
  Status add_groups(std::span<const store::RecordRow> records,
                    std::vector<mappings::Told>& told) const;
  Status prefetch_parents(std::vector<std::string> groups) const;
  Result<std::vector<mappings::SourceGroup>> groups_above(
      const std::vector<store::GroupRow>& groups) const;
  Status find_by_user_name(std::span<const Reference> references,
                           std::vector<std::string>& ids) const;
  Status settle_each_other();
  Status write_references(store::Transaction& tx);
  bool others_see(const Identity& before, const Identity& now) const;
  void add_name(const Reference& name, const Person& person);
  void rename(Person& person, std::vector<store::RecordRow> told);

  store::View& view_;
  const mappings::Engine& engine_;
  BatchWorld& world_;
  Timestamp run_time_;
  std::map<std::string, Person, std::less<>> people_;
  std::set<std::string> exchanging_;
  std::map<Reference, std::string> named_;            // -> identity ids, of the people who are here
  mutable std::map<Reference, std::string> fetched_;  // the same of the store; empty: nobody
  mutable std::map<std::string, Identity> fetched_people_;
  // The groups that records are in, by record id; those of groups aside.
  mutable std::unordered_map<std::string, std::vector<store::GroupRow>> groups_;
  mutable std::unordered_map<std::string, std::vector<store::GroupRow>> parents_;
};

}  // namespace muster::provision
