// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <set>
#include <string>
#include <vector>

#include "mappings/engine.h"

namespace muster::mappings {

// A record that a test gives: what the source said, and the groups that the person is in there.
struct GivenRecord {
  SourceKey key = {};
  Value attributes = {};
  std::vector<SourceGroup> groups = {};
};

// Where one given record or person ended.
struct Ending {
  std::string state = {};  // active inactive review quarantined skipped
  Identity identity = {};  // active, inactive, quarantined
  std::vector<Finding> findings = {};
  std::string why = {};  // a sentence for review, quarantined and skipped
};

// People in memory: what the store is to the gateway, for the tests in a mapping file. Not
// thread-safe.
class TestWorld : public World {
 public:
  explicit TestWorld(const Engine& engine) : engine_(engine) {}

  void burn_name(std::string_view name);
  // Somebody who is there already and was brought by `record`.
  void add_held(Identity identity, Told told);

  // The rules of the first part of the road that have decided something: "sources.entra.map.email",
  // "sources.entra.scope.guest", "correlate.tiers.mail".
  const std::set<std::string>& rules() const { return rules_; }

  // Takes the records along the whole road, in the order that a run has: by authority of their
  // sources, then key.
  Result<std::vector<Ending>> take(std::vector<GivenRecord> given, Timestamp run_time);

  Result<std::vector<Candidate>> find(const MatchKey& key) const override;
  Result<bool> name_taken(std::string_view folded_name,
                          std::string_view except_identity) const override;
  Result<std::string> name_holder(std::string_view folded_name) const override;
  Result<std::optional<Identity>> refer(const Reference& reference) const override;

 private:
  struct Person {
    Identity identity = {};
    std::vector<Told> told = {};
    std::vector<Finding> findings = {};  // of the records
    bool quarantined = false;
    bool refused = false;  // the mail address belongs to somebody else
    bool touched = false;
    std::string why = {};
  };
  struct Arrival {
    Mapped mapped = {};
    Told told = {};
  };

  Arrival arrive(GivenRecord given, Timestamp run_time, std::size_t number);
  Person* linked(const SourceKey& key);
  Status place(Arrival arrival, Timestamp run_time);
  std::string mail_holder(const Identity& identity, const std::string& id) const;
  Status tell(Person& person, Arrival arrival, Timestamp run_time);
  Status settle(Person& person, std::vector<Told> told, Timestamp run_time);
  Status settle_references(Timestamp run_time);
  void end(const Arrival& arrival, std::string state, std::string why);

  const Engine& engine_;
  std::vector<std::string> burnt_;
  std::vector<Person> people_;
  std::vector<Ending> endings_;
  std::set<std::string> rules_;
};

}  // namespace muster::mappings
