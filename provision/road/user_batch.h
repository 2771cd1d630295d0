// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "mappings/engine.h"
#include "provision/road/batch_world.h"
#include "provision/road/decide.h"
#include "provision/road/people.h"
#include "provision/road/prepared.h"
#include "provision/road/refusal.h"
#include "provision/road/review_items.h"
#include "provision/road/submission.h"
#include "provision/road/wave.h"

namespace muster::provision {

// One submit() inside its transaction: users first, then groups; no record key twice. Used once.
class UserBatch {
 public:
  UserBatch(store::Transaction& tx, const mappings::Engine& engine, const SubmitContext& context,
            Timestamp run_time, Wave& wave)
      : tx_(tx),
        engine_(engine),
        context_(context),
        run_time_(run_time),
        wave_(wave),
        world_(tx),
        people_(tx, engine, world_, run_time),
        reviews_(tx) {}

  // Decides and writes; the outcomes stand in the order of `items`. Whom that moves is said to the
  // wave.
  Result<std::vector<Result<Outcome>>> run(std::span<const Prepared* const> items);

 private:
  // One record on its way through the batch.
  struct Case {
    const Prepared* item = nullptr;
    std::optional<Prepared> known = {};  // in its place: mapped by what the record told before
    std::optional<store::RecordHead> head = {};  // as stored
    std::string linked_to = {};                  // identity, when a link exists
    std::vector<store::RecordHead> twins =
        {};                     // live records of the same source with the same link key
    store::RecordRow row = {};  // as it will be stored
    std::string tier = {};      // review: the tier that had hits
    std::vector<std::string> candidates = {};  // review: identity ids
    std::optional<Contribution> last = {};     // of a record that was gone: what it said before
    bool write = false;
    bool decided = false;
    std::optional<Error> refused = {};
    std::vector<Reference> asked = {};  // about other people, by a person whom a rule refused
    Outcome outcome = {};
    // Of a newcomer whom a rule refuses for the sake of others: who it would be.
    std::optional<Identity> promised = {};
    std::shared_ptr<Case> aside = {};  // as it waits, while it is tried together with others
  };

  const SourceRecord& record(const Case& c) const { return c.item->submission.record; }

  Status decide_all(std::span<const Prepared* const> items);
  Status keep_choices(std::vector<Case>& cases);
  Status decide_one(Case& c);
  Status decide_by_kind(Case& c);
  Status decide_gone(Case& c);
  Status decide_put(Case& c);
  Status keep_twin(Case& c);
  Status leave_scope(Case& c);
  Status end_word(Case& c, store::RecordState state, std::string reason);
  Status keep_aside(Case& c, store::RecordState state, Verb verb, std::string reason,
                    std::string code);
  void start_row(Case& c);
  void take(Case& c, const Effect& effect);
  Status write_all(std::vector<Case>& cases);
  void tell_of_people(std::vector<Result<Outcome>>& outcomes);
  void show_people(std::vector<Result<Outcome>>& outcomes);
  Status keep_waits_of(const std::vector<Case>& cases);
  Status note_regrouped();
  std::vector<Result<Outcome>> take_outcomes();
  // user_batch_fetch.cc
  Status look_up(std::vector<Case>& cases);
  Status find_links(std::vector<Case>& cases);
  static bool goes_before(const store::RecordHead& head, const Case& c);
  void note_twins_within(std::vector<Case>& cases);
  Status fetch_people(std::vector<Case>& cases);
  Status fetch_returning(std::vector<Case>& cases);
  Status fetch_leavers(std::vector<Case>& cases);
  // user_batch_link.cc
  Status correlate(Case& c);
  Status create_person(Case& c);
  Status keep_refused(Case& c, const Person& person, mappings::Settled& settled, Refusal refusal,
                      bool newcomer);
  Status settle_into(Case& c, Person& person, Bond bond);
  // user_batch_together.cc
  enum class Promise { as_before, changed, broken };
  Status settle_together();
  Result<Promise> settle_promised(Case& c);
  void break_promise(Case& c);
  void take_promised(Case& c);
  // user_batch_exchange.cc
  std::vector<Case*> open_cases(const std::string& person_id);
  Result<std::optional<Identity>> intended(const Person& person, const std::vector<Case*>& open);
  Result<std::vector<std::string>> chain_from(const std::string& holder, const std::string& first);
  Result<bool> make_way(Case& c, const std::string& holder);
  Status end_exchange();
  Result<std::optional<Refusal>> judge(Case& c, const Person& person,
                                       const mappings::Settled& settled);
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

  store::Transaction& tx_;
  const mappings::Engine& engine_;
  const SubmitContext& context_;
  Timestamp run_time_;
  Wave& wave_;
  BatchWorld world_;
  People people_;
  ReviewItems reviews_;
  std::vector<Case> cases_ = {};
  std::unordered_map<std::string, std::vector<Case*>> cases_of_ = {};  // by person, once asked
  bool open_listed_ = false;
  const Case* exchange_of_ = nullptr;  // with whom a ring of addresses is closed
};

}  // namespace muster::provision
