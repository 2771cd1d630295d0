// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

#include "store/overlay/leases.h"
#include "store/overlay/references.h"
#include "store/overlay/row_file.h"
#include "store/transaction.h"

namespace muster::store {

// A transaction that looks as if it were written to, over one that is only read (a snapshot): what
// is decided is seen by later reads and forgotten with the overlay. Made for evaluating again what
// is stored: nobody arrives, no group changes. What changes is put aside in a file, its places, new
// keys and new names in memory. One thread; `base` must outlive it.
class Overlay final : public Transaction {
 public:
  // `only`: an identity, when nobody else is to be looked at.
  explicit Overlay(View& base, std::string only = {});

  RecordTable& records() override { return records_; }
  RecordWalks& walks() override { return records_; }
  IdentityTable& identities() override { return identities_; }
  MembershipTable& memberships() override { return memberships_; }
  ReferenceTable& references() override { return references_; }
  Journal& journal() override { return journal_; }
  RunTable& runs() override { return runs_; }
  TokenTable& tokens() override { return tokens_; }
  ReviewTable& reviews() override { return reviews_; }
  LeaseTable& leases() override { return leases_; }
  Timestamp now() const override { return base_.now(); }

  // Everybody who was written, by id.
  const std::map<std::string, RowFile::Place>& people() const { return identities_.people; }
  // As they would be.
  Result<Identity> person(RowFile::Place place) const { return file_.identity(place); }
  // How many records would move from one state to another.
  const std::map<std::pair<RecordState, RecordState>, std::int64_t>& moves() const {
    return records_.moves;
  }
  // What reading from the base took.
  std::chrono::nanoseconds store_time() const { return store_time_; }

 private:
  class Records final : public RecordTable, public RecordWalks {
   public:
    explicit Records(Overlay& overlay) : overlay_(overlay) {}
    Result<std::vector<std::optional<RecordHead>>> heads(
        std::string_view source, ResourceType type, std::span<const std::string> keys) override;
    Result<std::vector<std::vector<RecordHead>>> heads_by_link_key(
        std::string_view source, ResourceType type,
        std::span<const std::string> link_keys) override;
    Result<std::vector<std::optional<RecordRow>>> rows(
        std::span<const std::string> record_ids) override;
    Result<std::vector<std::vector<RecordRow>>> of_identities(
        std::span<const std::string> identity_ids) override;
    Result<std::vector<std::vector<RecordRow>>> silent_of_identities(
        std::span<const std::string> identity_ids) override;
    Status insert(std::span<RecordRow> rows) override;
    Status update(std::span<RecordRow> rows) override;
    Status mark_missing(std::span<const std::string> record_ids,
                        std::optional<Timestamp> since) override;
    Result<std::vector<RecordHead>> live(std::string_view source, ResourceType type,
                                         std::int64_t after_row, int limit) override;
    Result<std::vector<RecordHead>> stale(std::int64_t fingerprint, bool linked,
                                          std::int64_t after_row, int limit) override;
    Result<std::int64_t> count_stale(std::int64_t fingerprint) override;
    Result<std::vector<RecordHead>> waiting(std::int64_t after_row, int limit) override;
    Status stamp(std::span<const std::string> record_ids, std::int64_t fingerprint) override;

    std::map<std::pair<RecordState, RecordState>, std::int64_t> moves = {};

   private:
    // What a record was before, as far as the present batch saw it.
    struct Seen {
      std::int64_t row = 0;
      RecordState state = RecordState::linked;
      std::string identity_id = {};
    };
    // What a record is now.
    struct Changed {
      RowFile::Place place = {};  // without the document
      std::int64_t evaluated_with = 0;
      Seen now = {};
    };

    // Makes a stored record what it is now.
    Status refresh(RecordRow& stored);
    Result<std::set<std::string>> bring_up_to_date(std::vector<RecordRow>& rows);
    Result<RecordRow> read(const Changed& changed) const;
    void see(const RecordHead& head) { seen_[head.id] = {head.row, head.state, head.identity_id}; }
    void mark_done(std::int64_t row);
    bool is_done(std::int64_t row) const;

    Overlay& overlay_;
    std::unordered_map<std::string, Changed> changed_ = {};  // by id
    // Identity -> records that the store would not give for it, or among others.
    std::unordered_map<std::string, std::vector<std::string>> joined_ = {};
    std::unordered_map<std::string, Seen> seen_ = {};
    std::vector<bool> done_ = {};                       // by row
    std::map<std::int64_t, std::string> waiting_ = {};  // row -> id, of those that changed
  };

  class Identities final : public IdentityTable {
   public:
    explicit Identities(Overlay& overlay) : overlay_(overlay) {}
    Result<std::vector<std::optional<Identity>>> get(std::span<const std::string> ids) override;
    Result<std::vector<std::vector<CandidateRow>>> find(std::span<const IdentityKey> keys) override;
    Result<std::vector<std::string>> name_holders(
        std::span<const std::string> folded_names) override;
    Result<std::vector<DueRow>> due(Timestamp until, const DueRow& after, int limit) override;
    Result<std::vector<DueRow>> left(std::int64_t after_row, int limit) override;
    Status put(std::span<Identity> identities,
               std::span<const std::vector<IdentityKey>> keys) override;
    Result<std::vector<std::vector<IdentityKey>>> keys(std::span<const std::string> ids) override;
    Status index(std::span<const std::string> ids,
                 std::span<const std::vector<IdentityKey>> keys) override;
    Result<std::int64_t> active() override;

    void begin_batch() { stored_.clear(); }

    std::map<std::string, RowFile::Place> people = {};

   private:
    // By what the store finds somebody without being told to.
    struct Stored {
      std::string email = {};
      std::string user_name = {};
    };
    using Key = std::pair<std::string, std::string>;
    void set_keys(const std::string& id, const std::vector<IdentityKey>& keys, bool whole);
    bool is_held_by(const std::string& id, const IdentityKey& key) const;
    // `former`: sources that had nothing but tombstones of the person before; nothing adds to them
    // here.
    Result<CandidateRow> candidate(const std::string& id, std::vector<std::string> former);

    Overlay& overlay_;
    std::unordered_map<std::string, Stored> stored_ = {};  // of the present batch
    // Of those alone whose keys or name are not what is stored:
    std::map<Key, std::vector<std::string>> holders_ = {};
    std::unordered_map<std::string, std::vector<IdentityKey>> keys_ = {};
    std::unordered_set<std::string> whole_ = {};  // whose keys_ say their name and mail too
    std::unordered_map<std::string, std::string> names_ = {};  // folded -> identity
  };

  class Memberships final : public MembershipTable {
   public:
    explicit Memberships(Overlay& overlay) : overlay_(overlay) {}
    Result<MembershipChange> replace(std::string_view group_record_id,
                                     std::span<const Member> members) override;
    Result<MembershipChange> change(std::string_view group_record_id, std::span<const Member> add,
                                    std::span<const std::string> remove_keys) override;
    Result<std::vector<std::string>> member_records(std::string_view group_record_id) override;
    Result<std::vector<std::vector<GroupRow>>> groups_of(
        std::span<const std::string> record_ids) override;
    MembershipNews take_news() override;

   private:
    Overlay& overlay_;
  };

  class NoJournal final : public Journal {
   public:
    bool keeps() const override { return false; }
    Status audit(std::span<const AuditEntry> entries) override;
    Status outbox(std::span<const Event> events) override;
  };

  class Runs final : public RunTable {
   public:
    explicit Runs(Overlay& overlay) : overlay_(overlay) {}
    Result<std::vector<RunRow>> running() override;
    Result<std::string> cursor(std::string_view source) override;
    Result<std::int64_t> live_people(std::string_view source) override;
    Result<std::vector<SourceRow>> sources() override;
    Result<AllStanding> standing() override;
    Status put(const RunRow& run) override;
    Status add_items(std::string_view run_id, std::span<const RunItem> items) override;
    Status put_cursor(std::string_view source, std::string_view cursor) override;
    Status put_keyed_by(std::string_view source, std::string_view keyed_by) override;

   private:
    Overlay& overlay_;
  };

  class Tokens final : public TokenTable {
   public:
    Status put(const TokenRow& token) override;
    Status touch(std::string_view id, Timestamp last_used) override;
  };

  // Each record is looked at once, so what is written here is asked for by nobody.
  class Reviews final : public ReviewTable {
   public:
    explicit Reviews(Overlay& overlay) : overlay_(overlay) {}
    Result<std::optional<ReviewRow>> get(std::string_view id) override;
    Result<std::vector<std::optional<ReviewRow>>> latest(
        std::span<const std::string> record_ids) override;
    Status put(std::span<const ReviewRow> reviews) override;

   private:
    Overlay& overlay_;
  };

  // Asks the base, and keeps the time.
  template <class Ask>
  auto ask(Ask question) {
    const auto from = std::chrono::steady_clock::now();
    auto answer = question(base_);
    store_time_ += std::chrono::steady_clock::now() - from;
    return answer;
  }

  View& base_;
  std::string only_;
  std::chrono::nanoseconds store_time_{0};
  RowFile file_;
  Records records_{*this};
  Identities identities_{*this};
  Memberships memberships_{*this};
  OverlayReferences references_{*this, base_};
  NoJournal journal_;
  Runs runs_{*this};
  Tokens tokens_;
  Reviews reviews_{*this};
  NoLeases leases_;
};

}  // namespace muster::store
