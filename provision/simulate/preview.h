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

#include "provision/simulate/preview_file.h"
#include "provision/simulate/preview_references.h"
#include "store/transaction.h"

namespace muster::provision {

// A transaction that looks as if it were written to, over one that is only read (a snapshot): what
// is decided is seen by later reads and forgotten with the preview. Made for evaluating again what
// is stored: nobody arrives, no group changes. What changes is put aside in a file, its places, new
// keys and new names in memory. One thread; `base` must outlive it.
class Preview final : public store::Transaction {
 public:
  // `only`: an identity, when nobody else is to be looked at.
  explicit Preview(store::Transaction& base, std::string only = {});

  store::RecordTable& records() override { return records_; }
  store::IdentityTable& identities() override { return identities_; }
  store::MembershipTable& memberships() override { return memberships_; }
  store::ReferenceTable& references() override { return references_; }
  store::Journal& journal() override { return journal_; }
  store::RunTable& runs() override { return base_.runs(); }
  store::TokenTable& tokens() override { return base_.tokens(); }
  store::ReviewTable& reviews() override { return reviews_; }
  store::LeaseTable& leases() override { return base_.leases(); }
  Timestamp now() const override { return base_.now(); }

  // Everybody who was written, by id.
  const std::map<std::string, PreviewFile::Place>& people() const { return identities_.people; }
  // As they would be.
  Result<Identity> person(PreviewFile::Place place) const { return file_.identity(place); }
  // How many records would move from one state to another.
  const std::map<std::pair<store::RecordState, store::RecordState>, std::int64_t>& moves() const {
    return records_.moves;
  }
  // What reading from the base took.
  std::chrono::nanoseconds store_time() const { return store_time_; }

 private:
  class Records final : public store::RecordTable {
   public:
    explicit Records(Preview& preview) : preview_(preview) {}
    Result<std::vector<std::optional<store::RecordHead>>> heads(
        std::string_view source, ResourceType type, std::span<const std::string> keys) override;
    Result<std::vector<std::vector<store::RecordHead>>> heads_by_link_key(
        std::string_view source, ResourceType type,
        std::span<const std::string> link_keys) override;
    Result<std::vector<std::optional<store::RecordRow>>> rows(
        std::span<const std::string> record_ids) override;
    Result<std::vector<std::vector<store::RecordRow>>> of_identities(
        std::span<const std::string> identity_ids) override;
    Result<std::vector<std::vector<store::RecordRow>>> silent_of_identities(
        std::span<const std::string> identity_ids) override;
    Status insert(std::span<store::RecordRow> rows) override;
    Status update(std::span<store::RecordRow> rows) override;
    Status mark_missing(std::span<const std::string> record_ids,
                        std::optional<Timestamp> since) override;
    Result<std::vector<store::RecordHead>> live(std::string_view source, ResourceType type,
                                                std::int64_t after_row, int limit) override;
    Result<std::vector<store::RecordHead>> stale(std::int64_t fingerprint, bool linked,
                                                 std::int64_t after_row, int limit) override;
    Result<std::int64_t> count_stale(std::int64_t fingerprint) override;
    Result<std::vector<store::RecordHead>> waiting(std::int64_t after_row, int limit) override;
    Status stamp(std::span<const std::string> record_ids, std::int64_t fingerprint) override;

    std::map<std::pair<store::RecordState, store::RecordState>, std::int64_t> moves = {};

   private:
    // What a record was before, as far as the present batch saw it.
    struct Seen {
      std::int64_t row = 0;
      store::RecordState state = store::RecordState::linked;
      std::string identity_id = {};
    };
    // What a record is now.
    struct Changed {
      PreviewFile::Place place = {};  // without the document
      std::int64_t evaluated_with = 0;
      Seen now = {};
    };

    // Makes a stored record what it is now.
    Status refresh(store::RecordRow& stored);
    Result<std::set<std::string>> bring_up_to_date(std::vector<store::RecordRow>& rows);
    Result<store::RecordRow> read(const Changed& changed) const;
    void see(const store::RecordHead& head) {
      seen_[head.id] = {head.row, head.state, head.identity_id};
    }
    void mark_done(std::int64_t row);
    bool is_done(std::int64_t row) const;

    Preview& preview_;
    std::unordered_map<std::string, Changed> changed_ = {};  // by id
    // Identity -> records that the store would not give for it, or among others.
    std::unordered_map<std::string, std::vector<std::string>> joined_ = {};
    std::unordered_map<std::string, Seen> seen_ = {};
    std::vector<bool> done_ = {};                       // by row
    std::map<std::int64_t, std::string> waiting_ = {};  // row -> id, of those that changed
  };

  class Identities final : public store::IdentityTable {
   public:
    explicit Identities(Preview& preview) : preview_(preview) {}
    Result<std::vector<std::optional<Identity>>> get(std::span<const std::string> ids) override;
    Result<std::vector<std::vector<store::CandidateRow>>> find(
        std::span<const store::IdentityKey> keys) override;
    Result<std::vector<std::string>> name_holders(
        std::span<const std::string> folded_names) override;
    Result<std::vector<store::DueRow>> due(Timestamp until, const store::DueRow& after,
                                           int limit) override;
    Status put(std::span<Identity> identities,
               std::span<const std::vector<store::IdentityKey>> keys) override;
    Result<std::vector<std::vector<store::IdentityKey>>> keys(
        std::span<const std::string> ids) override;
    Status index(std::span<const std::string> ids,
                 std::span<const std::vector<store::IdentityKey>> keys) override;
    Result<std::int64_t> active() override;

    void begin_batch() { stored_.clear(); }

    std::map<std::string, PreviewFile::Place> people = {};

   private:
    // By what the store finds somebody without being told to.
    struct Stored {
      std::string email = {};
      std::string user_name = {};
    };
    using Key = std::pair<std::string, std::string>;
    void set_keys(const std::string& id, const std::vector<store::IdentityKey>& keys, bool whole);
    bool is_held_by(const std::string& id, const store::IdentityKey& key) const;
    // `former`: sources that had nothing but tombstones of the person before; nothing adds to them
    // here.
    Result<store::CandidateRow> candidate(const std::string& id, std::vector<std::string> former);

    Preview& preview_;
    std::unordered_map<std::string, Stored> stored_ = {};  // of the present batch
    // Of those alone whose keys or name are not what is stored:
    std::map<Key, std::vector<std::string>> holders_ = {};
    std::unordered_map<std::string, std::vector<store::IdentityKey>> keys_ = {};
    std::unordered_set<std::string> whole_ = {};  // whose keys_ say their name and mail too
    std::unordered_map<std::string, std::string> names_ = {};  // folded -> identity
  };

  class Memberships final : public store::MembershipTable {
   public:
    explicit Memberships(Preview& preview) : preview_(preview) {}
    Result<store::MembershipChange> replace(std::string_view group_record_id,
                                            std::span<const Member> members) override;
    Result<store::MembershipChange> change(std::string_view group_record_id,
                                           std::span<const Member> add,
                                           std::span<const std::string> remove_keys) override;
    Result<std::vector<std::string>> member_records(std::string_view group_record_id) override;
    Result<std::vector<std::vector<store::GroupRow>>> groups_of(
        std::span<const std::string> record_ids) override;
    Status resolve(std::span<const store::RecordRow> arrived) override;

   private:
    Preview& preview_;
  };

  class Journal final : public store::Journal {
   public:
    bool keeps() const override { return false; }
    Status audit(std::span<const AuditEntry> entries) override;
    Status outbox(std::span<const Event> events) override;
  };

  // Each record is looked at once, so what is written here is asked for by nobody.
  class Reviews final : public store::ReviewTable {
   public:
    explicit Reviews(Preview& preview) : preview_(preview) {}
    Result<std::optional<store::ReviewRow>> get(std::string_view id) override;
    Result<std::vector<std::optional<store::ReviewRow>>> latest(
        std::span<const std::string> record_ids) override;
    Status put(std::span<const store::ReviewRow> reviews) override;

   private:
    Preview& preview_;
  };

  // Asks the base, and keeps the time.
  template <class Ask>
  auto ask(Ask question) {
    const auto from = std::chrono::steady_clock::now();
    auto answer = question(base_);
    store_time_ += std::chrono::steady_clock::now() - from;
    return answer;
  }

  store::Transaction& base_;
  std::string only_;
  std::chrono::nanoseconds store_time_{0};
  PreviewFile file_;
  Records records_{*this};
  Identities identities_{*this};
  Memberships memberships_{*this};
  PreviewReferences references_{*this, base_};
  Journal journal_;
  Reviews reviews_{*this};
};

}  // namespace muster::provision
