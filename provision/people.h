// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "mappings/engine.h"
#include "provision/held.h"
#include "store/transaction.h"

namespace muster::provision {

// One person as a batch sees it: as it was stored, as it is after what the batch decided so far,
// and everything that its sources told.
struct Person {
  std::optional<Identity> before = {};
  Identity now = {};
  std::vector<store::RecordRow> told = {};  // live records
  std::vector<store::RecordRow> gone = {};  // those that speak no more, if the engine hears them
  bool changed = false;
};

// The people that a batch touches. Lives inside one transaction, on its thread.
class People {
 public:
  People(store::Transaction& tx, const mappings::Engine& engine, BatchHeld& held,
         Timestamp run_time)
      : tx_(tx), engine_(engine), held_(held), run_time_(run_time) {}

  // Reads these people and all their records in one go; those that are here already are left alone.
  Status load(std::span<const std::string> identity_ids);

  // The person of that id; nullptr when load() was not asked for it or it does not exist.
  Person* find(std::string_view identity_id);

  // A new person, not stored yet.
  Person& add(Identity identity);

  // What the engine makes of the person as it stands.
  Result<mappings::Settled> settle(const Person& person) const;
  // What it would make of it if these were its records.
  Result<mappings::Settled> settle(const Person& person, std::span<const store::RecordRow> told,
                                   std::span<const store::RecordRow> gone) const;

  // The person's records as the engine reads them.
  Result<std::vector<mappings::Told>> told_of(const Person& person) const;

  // Takes a settled state and makes it findable for the rest of the batch.
  void accept(Person& person, Identity identity, std::vector<store::RecordRow> told,
              std::vector<store::RecordRow> gone);
  void accept(Person& person, Identity identity);

  // Whom a settled mail address belongs to, if to somebody else; empty otherwise.
  Result<std::string> other_holder_of_mail(const Identity& identity) const;

  // Writes everybody who changed, with the events that the platform must hear. Call once, at the
  // end.
  Status flush();

 private:
  Result<std::vector<mappings::Told>> told_of(std::span<const store::RecordRow> records) const;
  Result<std::vector<mappings::Told>> words_of(std::span<const store::RecordRow> told,
                                               std::span<const store::RecordRow> gone) const;
  Status erase(std::span<Person* const> deleted);

  store::Transaction& tx_;
  const mappings::Engine& engine_;
  BatchHeld& held_;
  Timestamp run_time_;
  std::map<std::string, Person, std::less<>> people_;
};

}  // namespace muster::provision
