// SPDX-License-Identifier: Apache-2.0
#include "provision/road/wave.h"

#include <algorithm>
#include <utility>

#include "mappings/record_mapper.h"
#include "provision/road/prepared.h"
#include "provision/road/user_batch.h"
#include "provision/road/waits.h"

namespace muster::provision {
namespace {

// How many people are read, settled and written at a time.
constexpr std::size_t portion = 500;

void sort_each_once(std::vector<std::string>& ids) {
  std::sort(ids.begin(), ids.end());
  ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
}

template <class Work>
Status in_portions(std::span<const std::string> ids, Work work) {
  for (std::size_t from = 0; from < ids.size(); from += portion)
    MUSTER_CHECK(work(ids.subspan(from, std::min(portion, ids.size() - from))));
  return {};
}

}  // namespace

Wave::Wave(store::Transaction& tx, const mappings::Engine& engine, const SubmitContext& context,
           Timestamp run_time)
    : tx_(tx),
      engine_(engine),
      context_{.actor = context.actor,
               .run = context.run,
               .stored = true,
               .hold_deactivations = context.hold_deactivations,
               .follow_ups = context.follow_ups},
      run_time_(run_time) {}

Status Wave::moved(const People& people) {
  const auto names = people.moved();
  if (names.empty()) return {};
  MUSTER_TRY(const auto ids, tx_.references().referrers(names));
  std::copy_if(ids.begin(), ids.end(), std::back_inserter(followers_),
               [&](const std::string& id) { return !people.holds(id); });
  return {};
}

void Wave::regrouped(std::span<const std::string> record_ids) {
  if (!engine_.reads_groups()) return;
  regrouped_.insert(regrouped_.end(), record_ids.begin(), record_ids.end());
}

// Each turn takes what moved in the turn before. There is a last one: a mapping file in which
// people could follow from each other in a circle is refused (E-CYCLE), a record leaves quarantine
// once, and a group is opened once, so that groups that contain each other end too.
Status Wave::settle() {
  for (;;) {
    regrouped(tx_.memberships().take_news().moved);
    if (followers_.empty() && regrouped_.empty()) break;
    MUSTER_CHECK(settle_all(std::exchange(followers_, {})));
    MUSTER_CHECK(settle_regrouped(std::exchange(regrouped_, {})));
  }
  opened_.clear();
  return {};
}

Status Wave::settle_all(std::vector<std::string> ids) {
  sort_each_once(ids);
  return in_portions(ids, [this](auto part) { return settle_portion(part); });
}

Status Wave::settle_portion(std::span<const std::string> ids) {
  BatchWorld world(tx_);
  People people(tx_, engine_, world, run_time_);
  MUSTER_CHECK(people.load(ids));
  std::vector<std::string> records;
  for (const auto& id : ids) {
    if (Person* person = people.find(id))
      MUSTER_CHECK(people.settle_again(*person));
    else
      records.push_back(id);
  }
  MUSTER_CHECK(people.flush(tx_));
  MUSTER_CHECK(moved(people));
  tell_findings(people, ids);
  return records.empty() ? Status{} : decide_again(records);
}

// What is found about followers by now, and was not, and the other way round.
void Wave::tell_findings(People& people, std::span<const std::string> ids) const {
  if (context_.follow_ups == nullptr) return;
  for (const auto& id : ids) {
    const Person* person = people.find(id);
    if (person == nullptr || !person->replaced || person->told.empty()) continue;
    if (person->replaced->findings == person->now.findings) continue;
    context_.follow_ups->push_back({.source = person->told.front().head.key.source,
                                    .subject = id,
                                    .before = person->replaced->findings,
                                    .now = person->now.findings});
  }
}

// The same of records that left quarantine, or stayed there for another reason.
void Wave::tell_findings(const std::map<std::string, std::vector<Finding>>& before,
                         std::span<const Result<Outcome>> outcomes) const {
  if (context_.follow_ups == nullptr) return;
  for (const auto& outcome : outcomes) {
    if (!outcome || !outcome->applied()) continue;
    const auto& decision = outcome->decision;
    const auto known = before.find(outcome->head.id);
    if (known == before.end()) continue;
    context_.follow_ups->push_back({.source = decision.key.source,
                                    .record_key = decision.key.key,
                                    .subject = outcome->head.id,
                                    .before = known->second,
                                    .now = decision.findings});
    context_.follow_ups->push_back({.source = decision.key.source,
                                    .subject = decision.identity_id,
                                    .now = decision.person_findings});
  }
}

// Records that waited in quarantine for what moved.
Status Wave::decide_again(std::span<const std::string> record_ids) {
  MUSTER_TRY(auto rows, tx_.records().rows(record_ids));
  mappings::RecordMapper mapper(engine_);
  std::vector<Prepared> items;
  std::vector<Wait> over;
  std::map<std::string, std::vector<Finding>> findings;  // by record id, so far
  for (auto& row : rows) {
    if (!row || engine_.source(row->head.key.source) == nullptr) continue;
    if (row->head.state != store::RecordState::quarantined) {
      over.push_back({row->head.id, {}});
      continue;
    }
    findings.emplace(row->head.id, row->findings);
    MUSTER_TRY(items.emplace_back(), prepare_again(*std::move(row), mapper, run_time_));
  }
  MUSTER_CHECK(keep_waits(tx_, over));
  std::vector<const Prepared*> chosen;
  for (const auto& item : items) chosen.push_back(&item);
  MUSTER_TRY(const auto decided, UserBatch(tx_, engine_, context_, run_time_, *this).run(chosen));
  tell_findings(findings, decided);
  return {};
}

// The people behind these records, and those inside of them where they are groups: level by level.
Status Wave::settle_regrouped(std::vector<std::string> record_ids) {
  while (!record_ids.empty()) {
    sort_each_once(record_ids);
    std::vector<std::string> members;
    MUSTER_CHECK(in_portions(record_ids, [&](auto part) -> Status {
      MUSTER_TRY(const auto rows, tx_.records().rows(part));
      std::vector<std::string> ids;
      for (const auto& row : rows) {
        if (!row) continue;
        if (!row->head.identity_id.empty()) ids.push_back(row->head.identity_id);
        // A rule about groups may be what it waits for.
        if (row->head.state == store::RecordState::quarantined) ids.push_back(row->head.id);
        const bool group = row->head.key.type == ResourceType::group;
        if (!group || !engine_.flattens() || !opened_.insert(row->head.id).second) continue;
        MUSTER_TRY(auto inside, tx_.memberships().member_records(row->head.id));
        members.insert(members.end(), std::make_move_iterator(inside.begin()),
                       std::make_move_iterator(inside.end()));
      }
      return settle_all(std::move(ids));
    }));
    record_ids = std::move(members);
  }
  return {};
}

}  // namespace muster::provision
