// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/clock.h"
#include "core/contribution.h"
#include "core/diagnostic.h"
#include "core/identity.h"
#include "core/key_match.h"
#include "core/record.h"
#include "core/result.h"

namespace muster::mappings {

// What Engine::map makes of one record.
struct Mapped {
  bool in_scope = true;
  std::string scope_rule = {};  // the `skip` rule that held, when not in scope
  Contribution contribution = {};
  std::string link_key = {};  // the stable id inside the source (the source's `key:`); may be empty
  bool enabled = true;  // what the source's map says about `enabled`; true when it says nothing
  bool quarantined = false;  // an `on_error: quarantine` line failed; `findings` says which
  std::vector<Finding> findings = {};
};

// What the same record told before, and what it contributed by that: of several values where one is
// read, the one that was read then stays while it is there.
struct Earlier {
  const Contribution* said = nullptr;  // nullptr: nothing is known
  std::string_view document = {};      // empty: not known, or what is mapped now
};

// One question of the correlation: who holds this value? `key` is in comparison form.
struct MatchKey {
  std::string attribute = {};  // "email", "userName", "employeeId"
  std::string key = {};

  friend bool operator==(const MatchKey&, const MatchKey&) = default;
};

// Somebody already there.
struct Candidate {
  std::string identity_id = {};
  std::string user_name = {};
  // Names of the configured sources that have a live record linked to it.
  std::vector<std::string> sources = {};
  std::vector<std::string> groups = {};  // platform groups; for never_link_to
  // Names of sources that had a record of it, and none that lives.
  std::vector<std::string> former = {};
};

// What the rest of the world holds, as the engine needs to know it. Implemented over a store
// transaction and, for the tests in a mapping file, in memory. Not thread-safe; used during one
// call.
class World {
 public:
  virtual ~World() = default;
  virtual Result<std::vector<Candidate>> find(const MatchKey& key) const = 0;
  // Whether a user name (comparison form) is in use, was ever used, or is promised, by anybody but
  // `except_identity`.
  virtual Result<bool> name_taken(std::string_view folded_name,
                                  std::string_view except_identity) const = 0;
  // Who holds a taken name, for people: "user juergen.gross, inactive". Empty: nobody knows any
  // more. Asked only where somebody reads it.
  virtual Result<std::string> name_holder(std::string_view) const { return std::string(); }
  // The person whom a record of a source belongs to, by a name that other records of that source
  // have for it: key, link key or alias. A reference without a source is "user:" and a user name
  // in comparison form. nullopt: nobody, or nobody yet.
  virtual Result<std::optional<Identity>> refer(const Reference&) const {
    return std::optional<Identity>();
  }
};

// What became of one tier's question.
struct TierAnswer {
  std::string id = {};
  std::string at = {};                  // place in the file
  std::string skipped = {};             // why it was not asked; empty when it was
  std::vector<MatchKey> keys = {};      // what was asked
  std::vector<std::string> found = {};  // user names (or ids) of those who match
};

// What correlation decided for a record that has no link yet, and why.
struct Correlation {
  enum class Outcome {
    create,   // nobody matches
    link,     // exactly one, and the tier may link
    suggest,  // exactly one, but the tier only proposes: a person decides
    review,   // several, or one that must not be linked
  };
  Outcome outcome = Outcome::create;
  std::string identity_id = {};  // link, suggest
  std::string tier = {};         // the tier that had hits
  std::vector<Candidate> candidates = {};
  std::string reason = {};             // a sentence: "tier mail: anna (link)"
  std::vector<TierAnswer> tiers = {};  // up to and including the one that decided
};

// A group of a source that a person is in.
struct SourceGroup {
  std::string display = {};
  std::string value = {};  // what the source calls it for good: externalId, entryUUID; else its key
  bool nested = false;     // only by another group that is a member of it
};

// One source's word about a person: its contribution and what rules may read beside it.
struct Told {
  Contribution contribution = {};
  // In its place, when somebody else keeps it for as long as the engine is asked.
  const Contribution* kept = nullptr;
  // The record was not in the source's last complete reads, since then; it still speaks.
  std::optional<Timestamp> missing_since = {};
  // The source does not have the record any more, since then; only its last word is left, for
  // rules that hold it. See Engine::hears_gone().
  std::optional<Timestamp> gone_since = {};
  Value record = {};                     // the raw record; only filled when Engine::reads_records()
  std::vector<SourceGroup> groups = {};  // sorted; nested ones only when Engine::flattens()
  bool enabled = true;
  std::string correlated_by = {};  // tier or "key"

  const Contribution& said() const { return kept != nullptr ? *kept : contribution; }
};

// A settled person, or the reason why nothing may change.
struct Settled {
  Identity identity = {};    // id, version and times are the held one's, or empty for somebody new
  bool quarantined = false;  // a validation error, a refused user name: keep what is held
  std::string reason = {};   // when quarantined: which rule, which attribute, what to do
  // Of somebody whose time is over: the person as it is until a run deletes it.
  std::optional<Identity> until_deleted = {};
};

struct SourceInfo {
  std::string name = {};
  std::string kind = {};  // scim, ldap, csv
  std::string tag = {};
  std::string key = {};                         // attribute that is the stable id inside the source
  std::optional<KeyMatch> declared_match = {};  // `key_match`
  KeyMatch match = KeyMatch::exact;             // how what stands in `key` is compared
  // Raw attribute names that rules touch, the key included: ask for these.
  std::vector<std::string> reads = {};
  std::vector<std::string> reads_one =
      {};  // those of which one value is read, though it had several

  // The same for another attribute that takes its place.
  KeyMatch key_match(std::string_view attribute) const {
    return declared_match ? *declared_match : usual_key_match(kind, attribute);
  }
};

struct AbsencePolicy {
  std::chrono::seconds grace{0};  // between first missing and the end of the contribution
  // How long somebody whom no source has any more is kept before `remove` is asked for.
  std::optional<std::chrono::seconds> retain = {};
  bool remove = false;  // then: deleted, else kept for good
};

struct GuardLimits {
  double share = 0.05;     // of the source's people
  std::int64_t count = 5;  // held only above both
};

// A value that is drawn for somebody new and told to the platform, never kept (`generate`).
struct Generated {
  std::string name = {};
  std::size_t length = 20;
  std::vector<std::string> classes = {"lower", "upper", "digit"};  // and "symbol"
};

class Engine;

// What became of the `tests:` of a file.
struct TestSummary {
  std::size_t run = 0;
  std::size_t failed = 0;
  std::size_t covered = 0;  // rules that they exercise
};

struct Loaded {
  std::shared_ptr<const Engine> engine;  // null when there are errors
  std::vector<Diagnostic> diagnostics;
  std::string sha256 = {};  // of the file and everything it includes, hex
  std::size_t sources = 0;
  std::size_t rules = 0;  // that tests can exercise
  TestSummary tests = {};
};

struct LoadOptions {
  bool run_tests = true;  // the `tests:` of the file gate loading
};

// A mapping file (format mapping/v1), loaded, checked and compiled: decides what each record
// contributes and who a person is. Immutable; every method is const, pure and thread-safe. Same
// file, records, run time and taken names give the same answer, byte for byte.
class Engine {
 public:
  static Loaded load_file(const std::filesystem::path& path, const LoadOptions& options = {});
  static Loaded load_text(std::string_view yaml, std::string file_name,
                          const LoadOptions& options = {});

  ~Engine();

  const std::vector<SourceInfo>& sources() const;
  const SourceInfo* source(std::string_view name) const;

  // Of the file and everything it includes, in the order it was read: hex. One file alone: what
  // `sha256sum` says.
  const std::string& sha256() const;
  // Tells a stored evaluation from one by another configuration or (when rules read run_date)
  // another day.
  std::int64_t fingerprint(Timestamp run_time) const;
  // Identity attributes that correlation tiers match on: the store keeps an index of their values.
  const std::vector<std::string>& match_attributes() const;
  // All attributes that an identity may have, sorted as identities hold them.
  std::vector<std::string> attribute_names() const;
  // Whether an attribute's values are not to be shown.
  bool sensitive(std::string_view attribute) const;
  // Whether settling reads raw records: `from.<tag>.x`, or lines of a map that wait for other
  // people (deref).
  bool reads_records() const;
  // Whether rules read group displays (`from.<tag>.groups`).
  bool reads_groups() const;
  // Whether rules read the run time: then evaluations of another day are made again.
  bool reads_clock() const;
  // Whether settle() wants records that are gone among the told (`gone: hold`, `retain`).
  bool hears_gone() const;
  // Whether rules read groups that a person is in by another group.
  bool flattens() const;
  // Whether anything of a person follows from other people: attributes of type ref, deref.
  bool refers() const;
  // Attributes of other people that rules read by deref, sorted.
  const std::vector<std::string>& dereferenced() const;
  // What settling will ask World::refer about this contribution, as far as that is known now: lets
  // a caller fetch the answers for a whole batch.
  std::vector<Reference> references(const Contribution& contribution) const;
  AbsencePolicy absence() const;
  const std::vector<Generated>& generated() const;
  GuardLimits guard() const;

  // Why nobody may be given this user name (the profile's limits, `username.reserved`), as the end
  // of a sentence; empty: nothing speaks against it but, perhaps, that it is taken.
  std::string user_name_problem(std::string_view name) const;

  // scope -> map. `record.key.source` must be a source of this engine.
  Mapped map(const SourceRecord& record, Timestamp run_time, const Earlier& before = {}) const;

  // `now` as it is to be stored when `before` is what the same record contributed until now: with
  // the values that were dropped and that `absent: hold`, `absent: keep` or `keep` still want.
  Contribution carry(const Contribution& before, Contribution now, Timestamp run_time) const;

  // The keys that correlate() will ask `held` about, strongest tier first: lets a caller fetch them
  // for a whole batch.
  std::vector<MatchKey> match_keys(const Contribution& contribution) const;
  Result<Correlation> correlate(const Contribution& contribution, const World& world) const;
  // Why a record of `source` may not be linked to that person, whoever asks for it (a second record
  // of the source only where its `primary:` orders them); empty when it may.
  std::string link_refusal(std::string_view source, const Candidate& person) const;

  // The keys under which a settled identity is to be found by correlation.
  std::vector<MatchKey> index_keys(const Identity& identity) const;

  // merge -> username (only when `before` is null or has none) -> classify -> groups -> validate.
  // `told` holds every contribution, in any order; with no live one left the person becomes
  // inactive and keeps what is held, until the retention period is over: then `finally: delete`
  // leaves an id and a user name in state deleted. `identity.due` says when time alone may change
  // the answer.
  Result<Settled> settle(std::span<const Told> told, const Identity* before, const World& world,
                         Timestamp run_time) const;

  class Impl;
  explicit Engine(std::unique_ptr<const Impl> impl);
  const Impl& impl() const { return *impl_; }

 private:
  std::unique_ptr<const Impl> impl_;
};

}  // namespace muster::mappings
