// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/event.h"
#include "core/result.h"
#include "store/lease.h"
#include "store/rows.h"

namespace muster::store {

// The write side, valid during one Store::write() call, on the writer's thread. Reads here see
// everything committed and everything this transaction did. Every method takes a batch, and answers
// in its order: one round trip each where the engine allows it. Errors: conflict (a unique key or a
// version), unavailable (the engine), internal. After an error of a writing method the submission
// can only be given up: it is undone, and answered with that error even when the work goes on and
// returns success. Text with the character U+0000 is refused with Fault::invalid.

class RecordTable {
 public:
  virtual ~RecordTable() = default;
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
  // New records: id and times are given, head.row is set. A taken user name within source and type
  // is a conflict with code "uniqueness" and `where` "userName"; a taken key one with code "key".
  virtual Status insert(std::span<RecordRow> rows) = 0;
  // `head.version` is the version seen; stored as one more, and set so. Another version there =
  // conflict, code "version".
  virtual Status update(std::span<RecordRow> rows) = 0;
  // Sets or clears `missing_since` without a new version.
  virtual Status mark_missing(std::span<const std::string> record_ids,
                              std::optional<Timestamp> since) = 0;
  // Live records of a source in order of `row`, behind `after_row`, at most `limit`: the walk that
  // finds absences.
  virtual Result<std::vector<RecordHead>> live(std::string_view source, ResourceType type,
                                               std::int64_t after_row, int limit) = 0;
  // Records of people, of all sources and not gone, whose evaluation has another fingerprint, in
  // order of `row`, behind `after_row`, at most `limit`: the walk that evaluates again. `linked`:
  // those that belong to a person, or those that do not.
  virtual Result<std::vector<RecordHead>> stale(std::int64_t fingerprint, bool linked,
                                                std::int64_t after_row, int limit) = 0;
  virtual Result<std::int64_t> count_stale(std::int64_t fingerprint) = 0;
  // Records of people that wait, in review or quarantine, in order of `row`, behind `after_row`, at
  // most `limit`.
  virtual Result<std::vector<RecordHead>> waiting(std::int64_t after_row, int limit) = 0;
  // Says that the evaluation which is stored is what this fingerprint gives; no new version.
  virtual Status stamp(std::span<const std::string> record_ids, std::int64_t fingerprint) = 0;
};

class IdentityTable {
 public:
  virtual ~IdentityTable() = default;
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
  // identity.version 0 = insert (version becomes 1), else the version seen (becomes one more).
  // `keys[i]` replace the identity's correlation keys. Taken user name or mail = conflict, code
  // "uniqueness", `where` "userName" or "email".
  virtual Status put(std::span<Identity> identities,
                     std::span<const std::vector<IdentityKey>> keys) = 0;
  // The correlation keys that each identity is found by, "email" and "userName" aside.
  virtual Result<std::vector<std::vector<IdentityKey>>> keys(std::span<const std::string> ids) = 0;
  // Replaces the correlation keys alone: other attributes are matched on now. No new version.
  virtual Status index(std::span<const std::string> ids,
                       std::span<const std::vector<IdentityKey>> keys) = 0;
  virtual Result<std::int64_t> active() = 0;  // how many are active; a count
};

class MembershipTable {
 public:
  virtual ~MembershipTable() = default;
  // Members that are already as wanted are left alone. `key` is what the source calls the member: a
  // record key or alias of the same source.
  virtual Result<MembershipChange> replace(std::string_view group_record_id,
                                           std::span<const Member> members) = 0;
  virtual Result<MembershipChange> change(std::string_view group_record_id,
                                          std::span<const Member> add,
                                          std::span<const std::string> remove_keys) = 0;
  virtual Result<std::vector<std::string>> member_records(std::string_view group_record_id) = 0;
  // Displays and ids of the live groups that each record is in; memberships told before the person
  // arrived included.
  virtual Result<std::vector<std::vector<GroupRow>>> groups_of(
      std::span<const std::string> record_ids) = 0;
  // Lets waiting memberships find these records, by key and aliases; call after records were
  // inserted.
  virtual Status resolve(std::span<const RecordRow> arrived) = 0;
};

// What settling a person asked about other people. Both lists are sorted.
struct ReferenceChange {
  std::string identity_id = {};
  std::vector<Reference> before = {};
  std::vector<Reference> now = {};
};

class ReferenceTable {
 public:
  virtual ~ReferenceTable() = default;
  // For each reference the person whom a live record of that name belongs to, or empty. Keys come
  // before link keys, those before aliases.
  virtual Result<std::vector<std::string>> holders(std::span<const Reference> references) = 0;
  // What each person was settled by, sorted.
  virtual Result<std::vector<std::vector<Reference>>> of(
      std::span<const std::string> identity_ids) = 0;
  // The people who were settled by any of these, sorted, each once.
  virtual Result<std::vector<std::string>> referrers(std::span<const Reference> references) = 0;
  virtual Status replace(std::span<const ReferenceChange> changes) = 0;
};

class Journal {
 public:
  virtual ~Journal() = default;
  // Whether anything comes of what it is told; where not, nobody needs to put it together.
  virtual bool keeps() const { return true; }
  virtual Status audit(std::span<const AuditEntry> entries) = 0;
  virtual Status outbox(std::span<const Event> events) = 0;
};

class RunTable {
 public:
  virtual ~RunTable() = default;
  virtual Status put(const RunRow& run) = 0;          // insert or update by id
  virtual Result<std::vector<RunRow>> running() = 0;  // in the order of their beginning
  virtual Status add_items(std::string_view run_id, std::span<const RunItem> items) = 0;
  virtual Result<std::string> cursor(std::string_view source) = 0;
  virtual Status put_cursor(std::string_view source, std::string_view cursor) = 0;
  virtual Result<std::int64_t> live_people(
      std::string_view source) = 0;  // linked user records, without counting them
  // All that were ever registered, in that order.
  virtual Result<std::vector<SourceRow>> sources() = 0;
  virtual Status put_keyed_by(std::string_view source, std::string_view keyed_by) = 0;
};

class ReviewTable {
 public:
  virtual ~ReviewTable() = default;
  virtual Result<std::optional<ReviewRow>> get(std::string_view id) = 0;
  // The newest review of each record.
  virtual Result<std::vector<std::optional<ReviewRow>>> latest(
      std::span<const std::string> record_ids) = 0;
  virtual Status put(std::span<const ReviewRow> reviews) = 0;  // insert or update by id
};

class TokenTable {
 public:
  virtual ~TokenTable() = default;
  virtual Status put(const TokenRow& token) = 0;  // insert or update by id
  // Only the time of last use; a token revoked meanwhile stays so.
  virtual Status touch(std::string_view id, Timestamp last_used) = 0;
};

class Transaction {
 public:
  virtual ~Transaction() = default;
  virtual RecordTable& records() = 0;
  virtual IdentityTable& identities() = 0;
  virtual MembershipTable& memberships() = 0;
  virtual ReferenceTable& references() = 0;
  virtual Journal& journal() = 0;
  virtual RunTable& runs() = 0;
  virtual TokenTable& tokens() = 0;
  virtual ReviewTable& reviews() = 0;
  virtual LeaseTable& leases() = 0;
  virtual Timestamp now() const = 0;  // one time for the whole transaction
};

}  // namespace muster::store
