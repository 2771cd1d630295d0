// SPDX-License-Identifier: Apache-2.0
#include "provision/road/settle_again.h"

#include <algorithm>

#include "provision/road/prepared.h"
#include "provision/road/user_batch.h"

namespace muster::provision {
namespace {

constexpr std::size_t portion = 500;

// One round: everybody of a list, once.
class Round {
 public:
  Round(store::Transaction& tx, const mappings::Engine& engine, const SubmitContext& context,
        Timestamp run_time)
      : tx_(tx),
        engine_(engine),
        context_{.actor = context.actor,
                 .run = context.run,
                 .stored = true,
                 .hold_deactivations = context.hold_deactivations},
        run_time_(run_time) {}

  Status settle(std::span<const std::string> ids) {
    BatchHeld held(tx_);
    People people(tx_, engine_, held, run_time_);
    MUSTER_CHECK(people.load(ids));
    std::vector<std::string> others;
    for (const auto& id : ids) {
      Person* person = people.find(id);
      if (person == nullptr) {
        others.push_back(id);
      } else {
        MUSTER_CHECK(people.settle_again(*person));
      }
    }
    MUSTER_CHECK(people.flush(tx_));
    note(people.moved());
    return others.empty() ? Status{} : decide(others);
  }

  // The names of those who are not what they were before.
  std::vector<Reference> moved() && { return std::move(moved_); }

 private:
  // Records that waited in quarantine.
  Status decide(std::span<const std::string> record_ids) {
    MUSTER_TRY(auto rows, tx_.records().rows(record_ids));
    mappings::RecordMapper mapper(engine_);
    std::vector<Prepared> items;
    std::vector<Wait> over;
    for (auto& row : rows) {
      if (!row || engine_.source(row->head.key.source) == nullptr) continue;
      if (row->head.state != store::RecordState::quarantined) {
        over.push_back({row->head.id, {}});
        continue;
      }
      MUSTER_TRY(items.emplace_back(), prepare_again(*std::move(row), mapper, run_time_));
    }
    MUSTER_CHECK(keep_waits(tx_, over));
    std::vector<const Prepared*> chosen;
    for (const auto& item : items) chosen.push_back(&item);
    UserBatch batch(tx_, engine_, context_, run_time_);
    MUSTER_CHECK(batch.run_alone(chosen));
    note(batch.moved());
    return {};
  }

  void note(std::vector<Reference> moved) {
    moved_.insert(moved_.end(), std::make_move_iterator(moved.begin()),
                  std::make_move_iterator(moved.end()));
  }

  store::Transaction& tx_;
  const mappings::Engine& engine_;
  SubmitContext context_;
  Timestamp run_time_;
  std::vector<Reference> moved_ = {};
};

}  // namespace

Status settle_again(store::Transaction& tx, const mappings::Engine& engine,
                    const SubmitContext& context, Timestamp run_time,
                    std::vector<std::string> ids) {
  // Ends, because a mapping file in which people could follow from each other in a circle is
  // refused (E-CYCLE), and a record leaves quarantine once.
  while (!ids.empty()) {
    Round round(tx, engine, context, run_time);
    for (std::size_t from = 0; from < ids.size(); from += portion) {
      MUSTER_CHECK(
          round.settle(std::span(ids).subspan(from, std::min(portion, ids.size() - from))));
    }
    ids.clear();
    const auto moved = std::move(round).moved();
    if (!moved.empty()) {
      MUSTER_TRY(ids, tx.references().referrers(moved));
    }
  }
  return {};
}

Status settle_referrers(store::Transaction& tx, const mappings::Engine& engine,
                        const SubmitContext& context, Timestamp run_time, const People& changed) {
  const auto moved = changed.moved();
  if (moved.empty()) return {};
  MUSTER_TRY(auto ids, tx.references().referrers(moved));
  std::erase_if(ids, [&](const std::string& id) { return changed.holds(id); });
  return settle_again(tx, engine, context, run_time, std::move(ids));
}

Status keep_waits(store::Transaction& tx, std::span<const Wait> waits) {
  std::vector<std::string> ids;
  for (const auto& wait : waits) ids.push_back(wait.record_id);
  if (ids.empty()) return {};
  MUSTER_TRY(auto before, tx.references().of(ids));
  std::vector<store::ReferenceChange> changes;
  for (std::size_t i = 0; i < waits.size(); ++i) {
    if (before[i] != waits[i].asked)
      changes.push_back({waits[i].record_id, std::move(before[i]), waits[i].asked});
  }
  return tx.references().replace(changes);
}

}  // namespace muster::provision
