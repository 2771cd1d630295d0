// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"
#include "store/rows.h"

namespace muster::store {

// What can be read of a store at one moment: in a Store::read() or a snapshot everything that is
// committed, in a Transaction also what it did itself. One thread at a time. Every method takes a
// batch, and answers in its order: one round trip each where the engine allows it. Errors:
// unavailable (the engine), internal. Text with the character U+0000 is refused with
// Fault::invalid.

// Records by their names.
class RecordView {
 public:
  virtual ~RecordView() = default;
  virtual Result<std::vector<std::optional<RecordHead>>> heads(
      std::string_view source, ResourceType type, std::span<const std::string> keys) = 0;
  // By link key, live records and tombstones, oldest first.
  virtual Result<std::vector<std::vector<RecordHead>>> heads_by_link_key(
      std::string_view source, ResourceType type, std::span<const std::string> link_keys) = 0;
  virtual Result<std::vector<std::optional<RecordRow>>> rows(
      std::span<const std::string> record_ids) = 0;
  // The live (linked or quarantined) records of each identity.
  virtual Result<std::vector<std::vector<RecordRow>>> of_identities(
      std::span<const std::string> identity_ids) = 0;
  // The records of each identity that do not speak any more: gone, or out of scope.
  virtual Result<std::vector<std::vector<RecordRow>>> silent_of_identities(
      std::span<const std::string> identity_ids) = 0;
};

// Records one after the other: in order of `row`, behind `after_row`, at most `limit`.
class RecordWalks {
 public:
  virtual ~RecordWalks() = default;
  // Live records of a source: the walk that finds absences.
  virtual Result<std::vector<RecordHead>> live(std::string_view source, ResourceType type,
                                               std::int64_t after_row, int limit) = 0;
  // Records of people, of all sources and not gone, whose evaluation has another fingerprint: the
  // walk that evaluates again. `linked`: those that belong to a person, or those that do not.
  virtual Result<std::vector<RecordHead>> stale(std::int64_t fingerprint, bool linked,
                                                std::int64_t after_row, int limit) = 0;
  virtual Result<std::int64_t> count_stale(std::int64_t fingerprint) = 0;
  // Records of people that wait, in review or quarantine.
  virtual Result<std::vector<RecordHead>> waiting(std::int64_t after_row, int limit) = 0;
};

class IdentityView {
 public:
  virtual ~IdentityView() = default;
  virtual Result<std::vector<std::optional<Identity>>> get(std::span<const std::string> ids) = 0;
  // By the keys that put() was given; "email" and "userName" are found whether given or not.
  virtual Result<std::vector<std::vector<CandidateRow>>> find(
      std::span<const IdentityKey> keys) = 0;
  // For each user name in comparison form the identity that has or ever had it, or empty. Names are
  // never given back.
  virtual Result<std::vector<std::string>> name_holders(
      std::span<const std::string> folded_names) = 0;
  // Who is due at `until` or before, in order of (due, row), behind `after`, at most `limit`.
  virtual Result<std::vector<DueRow>> due(Timestamp until, const DueRow& after, int limit) = 0;
  // People whom no source has any more and who are not deleted, in order of row, behind
  // `after_row`, at most `limit`.
  virtual Result<std::vector<DueRow>> left(std::int64_t after_row, int limit) = 0;
  // The correlation keys that each identity is found by, "email" and "userName" aside.
  virtual Result<std::vector<std::vector<IdentityKey>>> keys(std::span<const std::string> ids) = 0;
  virtual Result<std::int64_t> active() = 0;  // how many are active; a count
};

class MembershipView {
 public:
  virtual ~MembershipView() = default;
  virtual Result<std::vector<std::string>> member_records(std::string_view group_record_id) = 0;
  // Displays and ids of the live groups that each record is in; memberships told before the person
  // arrived included.
  virtual Result<std::vector<std::vector<GroupRow>>> groups_of(
      std::span<const std::string> record_ids) = 0;
};

class ReferenceView {
 public:
  virtual ~ReferenceView() = default;
  // For each reference the person whom a live record of that name belongs to, or empty. Keys come
  // before link keys, those before aliases.
  virtual Result<std::vector<std::string>> holders(std::span<const Reference> references) = 0;
  // What each person was settled by, sorted.
  virtual Result<std::vector<std::vector<Reference>>> of(
      std::span<const std::string> identity_ids) = 0;
  // The people who were settled by any of these, sorted, each once.
  virtual Result<std::vector<std::string>> referrers(std::span<const Reference> references) = 0;
};

class RunView {
 public:
  virtual ~RunView() = default;
  virtual Result<std::vector<RunRow>> running() = 0;  // in the order of their beginning
  virtual Result<std::string> cursor(std::string_view source) = 0;
  virtual Result<std::int64_t> live_people(
      std::string_view source) = 0;  // linked user records, without counting them
  // All that were ever registered, in that order.
  virtual Result<std::vector<SourceRow>> sources() = 0;
  // Kept as it changes, and read without a look at a record or a person. What the transaction
  // itself changes is not in it yet.
  virtual Result<AllStanding> standing() = 0;
};

class ReviewView {
 public:
  virtual ~ReviewView() = default;
  virtual Result<std::optional<ReviewRow>> get(std::string_view id) = 0;
  // The newest review of each record.
  virtual Result<std::vector<std::optional<ReviewRow>>> latest(
      std::span<const std::string> record_ids) = 0;
};

class View {
 public:
  virtual ~View() = default;
  virtual RecordView& records() = 0;
  virtual RecordWalks& walks() = 0;
  virtual IdentityView& identities() = 0;
  virtual MembershipView& memberships() = 0;
  virtual ReferenceView& references() = 0;
  virtual RunView& runs() = 0;
  virtual ReviewView& reviews() = 0;
  virtual Timestamp now() const = 0;  // one time for the whole view
};

}  // namespace muster::store
