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
#include "store/view.h"

namespace muster::store {

// The write side, valid during one Store::write() call, on the writer's thread: each table is what
// can be read of it (view.h) and what can be done to it. Reads here see everything committed and
// everything this transaction did. Errors of writing: conflict (a unique key or a version),
// unavailable (the engine), internal. After an error of a writing method the submission can only be
// given up: it is undone, and answered with that error even when the work goes on and returns
// success. Text with the character U+0000 is refused with Fault::invalid.

class RecordTable : public RecordView {
 public:
  // New records: id and times are given, head.row is set. A taken user name within source and type
  // is a conflict with code "uniqueness" and `where` "userName"; a taken key one with code "key".
  virtual Status insert(std::span<RecordRow> rows) = 0;
  // `head.version` is the version seen; stored as one more, and set so. Another version there =
  // conflict, code "version".
  virtual Status update(std::span<RecordRow> rows) = 0;
  // Sets or clears `missing_since` without a new version.
  virtual Status mark_missing(std::span<const std::string> record_ids,
                              std::optional<Timestamp> since) = 0;
  // Says that the evaluation which is stored is what this fingerprint gives; no new version.
  virtual Status stamp(std::span<const std::string> record_ids, std::int64_t fingerprint) = 0;
};

class IdentityTable : public IdentityView {
 public:
  // identity.version 0 = insert (version becomes 1), else the version seen (becomes one more).
  // `keys[i]` replace the identity's correlation keys. Taken user name or mail = conflict, code
  // "uniqueness", `where` "userName" or "email".
  virtual Status put(std::span<Identity> identities,
                     std::span<const std::vector<IdentityKey>> keys) = 0;
  // Replaces the correlation keys alone: other attributes are matched on now. No new version.
  virtual Status index(std::span<const std::string> ids,
                       std::span<const std::vector<IdentityKey>> keys) = 0;
};

class MembershipTable : public MembershipView {
 public:
  // Members that are already as wanted are left alone. `key` is what the source calls the member: a
  // record key or alias of the same source.
  virtual Result<MembershipChange> replace(std::string_view group_record_id,
                                           std::span<const Member> members) = 0;
  virtual Result<MembershipChange> change(std::string_view group_record_id,
                                          std::span<const Member> add,
                                          std::span<const std::string> remove_keys) = 0;
  // A membership belongs to whoever has the name it was told by now: it moves by itself when
  // records are inserted or updated. What moved since this was asked last, in this transaction.
  virtual MembershipNews take_news() = 0;
};

// What settling a person asked about other people. Both lists are sorted.
struct ReferenceChange {
  std::string identity_id = {};
  std::vector<Reference> before = {};
  std::vector<Reference> now = {};
};

class ReferenceTable : public ReferenceView {
 public:
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

class RunTable : public RunView {
 public:
  virtual Status put(const RunRow& run) = 0;  // insert or update by id
  virtual Status add_items(std::string_view run_id, std::span<const RunItem> items) = 0;
  virtual Status put_cursor(std::string_view source, std::string_view cursor) = 0;
  virtual Status put_keyed_by(std::string_view source, std::string_view keyed_by) = 0;
};

class ReviewTable : public ReviewView {
 public:
  virtual Status put(std::span<const ReviewRow> reviews) = 0;  // insert or update by id
};

class TokenTable {
 public:
  virtual ~TokenTable() = default;
  virtual Status put(const TokenRow& token) = 0;  // insert or update by id
  // Only the time of last use; a token revoked meanwhile stays so.
  virtual Status touch(std::string_view id, Timestamp last_used) = 0;
};

class Transaction : public View {
 public:
  RecordTable& records() override = 0;
  IdentityTable& identities() override = 0;
  MembershipTable& memberships() override = 0;
  ReferenceTable& references() override = 0;
  RunTable& runs() override = 0;
  ReviewTable& reviews() override = 0;
  virtual Journal& journal() = 0;
  virtual TokenTable& tokens() = 0;
  virtual LeaseTable& leases() = 0;
};

}  // namespace muster::store
