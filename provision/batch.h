// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "mappings/engine.h"
#include "mappings/record_mapper.h"
#include "provision/decide.h"
#include "provision/held.h"
#include "provision/people.h"
#include "provision/provisioner.h"
#include "provision/review_items.h"

namespace muster::provision {

// A submission with everything about it that needs no store: done before the transaction, on the
// caller's thread.
struct Prepared {
  Submission submission = {};
  std::string document = {};  // JSON of the attributes
  std::int64_t hash = 0;
  mappings::Mapped mapped = {};  // users only
};

Result<Prepared> prepare(Submission submission, const mappings::Engine& engine, Timestamp run_time);

// What the store compares to tell an unchanged record.
std::int64_t hash_of(const SourceRecord& record, std::string_view document);

// Nothing about the record or the rules changed since it was stored, and it was not missing
// meanwhile. Records in review or quarantine are never current: what hindered them may be gone.
bool is_current(const store::RecordHead& head, std::int64_t hash, std::int64_t fingerprint);

// Why a record is out of scope, and why it waits in quarantine, as stored with it: one wording
// whatever brings the record, so that the same trouble is seen to be the same.
std::string scope_reason(const mappings::Mapped& mapped);
std::string refusal_reason(const mappings::Mapped& mapped);

// The question who has the mail address that a record tells; nullopt when it tells none. Addresses
// are unique among people, so it is asked whatever the tiers match on.
std::optional<mappings::MatchKey> mail_key(const Contribution& contribution);

// A stored record as somebody who is asked to take it would get it; its attributes stay text.
SourceRecord record_of(const store::RecordRow& row);

// A stored record on its way in once more.
Result<Prepared> prepare_again(store::RecordRow row, mappings::RecordMapper& mapper,
                               Timestamp run_time);

// One submit() inside its transaction: users first, then groups; no record key twice. Used once.
class UserBatch {
 public:
  UserBatch(store::Transaction& tx, const mappings::Engine& engine, const SubmitContext& context,
            Timestamp run_time)
      : tx_(tx),
        engine_(engine),
        context_(context),
        run_time_(run_time),
        held_(tx),
        people_(tx, engine, held_, run_time),
        reviews_(tx) {}

  // Decides and writes; the outcomes stand in the order of `items`. Others who look at these people
  // follow.
  Result<std::vector<Result<Outcome>>> run(std::span<const Prepared* const> items);

  // The same for a caller who sees to those others: moved() says whom they look at.
  Result<std::vector<Result<Outcome>>> run_alone(std::span<const Prepared* const> items);
  std::vector<Reference> moved() const { return people_.moved(); }

 private:
  // One record on its way through the batch.
  struct Case {
    const Prepared* item = nullptr;
    std::optional<store::RecordHead> head = {};  // as stored
    std::string linked_to = {};                  // identity, when a link exists
    std::vector<store::RecordHead> twins =
        {};                     // live records of the same source with the same link key
    store::RecordRow row = {};  // as it will be stored
    std::string tier = {};      // review: the tier that had hits
    std::vector<std::string> candidates = {};  // review: identity ids
    std::optional<Contribution> last = {};     // of a record that was gone: what it said before
    bool write = false;
    std::optional<Error> refused = {};
    std::vector<Reference> asked = {};  // about other people, by a person whom a rule refused
    Outcome outcome = {};
  };

  const SourceRecord& record(const Case& c) const { return c.item->submission.record; }

  Status look_up(std::vector<Case>& cases);
  Status find_links(std::vector<Case>& cases);
  Status fetch_people(std::vector<Case>& cases);
  Status fetch_returning(std::vector<Case>& cases);
  Status fetch_leavers(std::vector<Case>& cases);
  Status decide_one(Case& c);
  Status decide_gone(Case& c);
  Status decide_put(Case& c);
  Status leave_scope(Case& c);
  Status correlate(Case& c);
  Status create_person(Case& c);
  Status settle_into(Case& c, Person& person, Bond bond);
  Status end_word(Case& c, store::RecordState state, std::string reason);
  Status keep_aside(Case& c, store::RecordState state, Verb verb, std::string reason,
                    std::string code);
  void start_row(Case& c);
  void take(Case& c, const Effect& effect);
  // user_batch_review.cc
  Status load_reviews(const std::vector<Case>& cases);
  Status wait(Case& c, mappings::Correlation found);
  bool is_kept_out(const Case& c) const;
  Status keep_out(Case& c, std::string reason);
  Status obey(Case& c);
  Status link_as_told(Case& c);
  Status take_back(Case& c);
  void forget(Person& person);
  void note_review(const Case& c);
  Result<std::string> title_of(const std::string& identity_id);

  Status decide_all(std::span<const Prepared* const> items);
  Status write_all(std::vector<Case>& cases);
  Status keep_waits_of(const std::vector<Case>& cases);
  Status resettle_arrived(const std::vector<Case>& cases);
  std::vector<Result<Outcome>> take_outcomes();

  store::Transaction& tx_;
  const mappings::Engine& engine_;
  const SubmitContext& context_;
  Timestamp run_time_;
  BatchHeld held_;
  People people_;
  ReviewItems reviews_;
  std::vector<Case> cases_ = {};
};

// Groups: no mapping, members as rows; whoever joins or leaves is settled again when rules read
// groups.
class GroupBatch {
 public:
  GroupBatch(store::Transaction& tx, const mappings::Engine& engine, const SubmitContext& context,
             Timestamp run_time)
      : tx_(tx), engine_(engine), context_(context), run_time_(run_time) {}

  Result<std::vector<Result<Outcome>>> run(std::span<const Prepared* const> items);

 private:
  Result<Outcome> apply(const Prepared& item);
  Result<std::optional<store::RecordRow>> stored(const SourceRecord& record);
  Result<store::MembershipChange> change_members(const Prepared& item,
                                                 const std::string& record_id);
  Status resettle();

  store::Transaction& tx_;
  const mappings::Engine& engine_;
  const SubmitContext& context_;
  Timestamp run_time_;
  std::vector<std::string> touched_records_ = {};  // of people whose groups changed
  std::vector<AuditEntry> audit_ = {};
};

// Settles the people behind these records again, in portions; for changes that came from groups.
Status resettle_records(store::Transaction& tx, const mappings::Engine& engine,
                        const SubmitContext& context, Timestamp run_time,
                        std::span<const std::string> record_ids);

}  // namespace muster::provision
