// SPDX-License-Identifier: Apache-2.0
#include "provision/provisioner.h"

#include <set>
#include <tuple>

#include "provision/road/group_batch.h"
#include "provision/road/prepared.h"
#include "provision/road/user_batch.h"
#include "provision/road/wave.h"

namespace muster::provision {
namespace {

using Outcomes = std::vector<Result<Outcome>>;

// A record key at most once in a part, so that a later word about a record sees what the earlier
// one did. Users come before groups within a part.
std::vector<std::vector<std::size_t>> parts_of(const std::vector<Result<Prepared>>& items) {
  std::vector<std::vector<std::size_t>> parts;
  std::set<std::tuple<std::string, ResourceType, std::string>> seen;
  for (std::size_t i = 0; i < items.size(); ++i) {
    if (!items[i]) continue;
    const auto& key = items[i]->submission.record.key;
    const bool repeated = !key.key.empty() && !seen.insert({key.source, key.type, key.key}).second;
    if (parts.empty() || repeated) {
      parts.emplace_back();
      seen.clear();
      if (!key.key.empty()) seen.insert({key.source, key.type, key.key});
    }
    parts.back().push_back(i);
  }
  return parts;
}

// The records of one type of a part, and whoever follows from them.
template <class Batch>
Status run_kind(store::Transaction& tx, const mappings::Engine& engine,
                const SubmitContext& context, Timestamp run_time, ResourceType type,
                const std::vector<std::size_t>& part, const std::vector<Result<Prepared>>& items,
                Outcomes& outcomes) {
  std::vector<const Prepared*> chosen;
  std::vector<std::size_t> places;
  for (const auto i : part) {
    if (items[i]->submission.record.key.type != type) continue;
    chosen.push_back(&*items[i]);
    places.push_back(i);
  }
  if (chosen.empty()) return {};
  Wave wave(tx, engine, context, run_time);
  MUSTER_TRY(auto results, Batch(tx, engine, context, run_time, wave).run(chosen));
  MUSTER_CHECK(wave.settle());
  for (std::size_t i = 0; i < places.size(); ++i) outcomes[places[i]] = std::move(results[i]);
  return {};
}

Status run_all(store::Transaction& tx, const mappings::Engine& engine, const SubmitContext& context,
               Timestamp run_time, const std::vector<Result<Prepared>>& items, Outcomes& outcomes) {
  outcomes.clear();
  for (const auto& item : items) {
    if (item) {
      outcomes.emplace_back(Outcome{});
    } else {
      outcomes.emplace_back(fail(item.error()));
    }
  }
  for (const auto& part : parts_of(items)) {
    MUSTER_CHECK(run_kind<UserBatch>(tx, engine, context, run_time, ResourceType::user, part, items,
                                     outcomes));
    MUSTER_CHECK(run_kind<GroupBatch>(tx, engine, context, run_time, ResourceType::group, part,
                                      items, outcomes));
  }
  return context.also ? context.also(tx, outcomes) : Status{};
}

// Whether one record of many may be to blame: not when nothing may be written at all any more.
bool of_a_record(const Error& error) {
  return error.fault == Fault::conflict && !store::lost_lease(error);
}

}  // namespace

struct PreparedBatch::Contents {
  std::shared_ptr<const mappings::Engine> engine = {};
  Timestamp run_time = {};
  std::vector<Result<Prepared>> items = {};
};

PreparedBatch::PreparedBatch(std::unique_ptr<Contents> contents) : contents_(std::move(contents)) {}
PreparedBatch::PreparedBatch(PreparedBatch&&) noexcept = default;
PreparedBatch& PreparedBatch::operator=(PreparedBatch&&) noexcept = default;
PreparedBatch::~PreparedBatch() = default;

std::size_t PreparedBatch::size() const { return contents_->items.size(); }

Submission PreparedBatch::take(std::size_t place) {
  return std::move(contents_->items[place]->submission);
}

Provisioner::Provisioner(store::Store& store, std::shared_ptr<const mappings::Engine> engine,
                         const Clock& clock)
    : store_(store), clock_(clock), engine_(std::make_shared<EngineInForce>(std::move(engine))) {}

Provisioner::Provisioner(store::Store& store, const Provisioner& other)
    : store_(store), clock_(other.clock_), engine_(other.engine_) {}

void Provisioner::use(std::shared_ptr<const mappings::Engine> engine) {
  engine_->store(std::move(engine));
}

std::shared_ptr<const mappings::Engine> Provisioner::engine() const { return engine_->load(); }

PreparedBatch Provisioner::prepare(std::vector<Submission> batch) const {
  auto contents = std::make_unique<PreparedBatch::Contents>();
  contents->engine = engine();
  contents->run_time = clock_.now();
  contents->items.reserve(batch.size());
  for (auto& submission : batch)
    contents->items.push_back(
        provision::prepare(std::move(submission), *contents->engine, contents->run_time));
  return PreparedBatch(std::move(contents));
}

Result<std::vector<Result<Outcome>>> Provisioner::submit(std::vector<Submission> batch,
                                                         const SubmitContext& context) {
  auto prepared = prepare(std::move(batch));
  return submit(prepared, context);
}

Result<std::vector<Result<Outcome>>> Provisioner::submit(PreparedBatch& batch,
                                                         const SubmitContext& context) {
  auto& told = *batch.contents_;
  if (context.follow_ups != nullptr) context.follow_ups->clear();
  Outcomes outcomes;
  auto done = store_.write([&](store::Transaction& tx) {
    return run_all(tx, *told.engine, context, told.run_time, told.items, outcomes);
  });
  if (done) return outcomes;
  if (told.items.size() == 1 || !of_a_record(done.error())) return fail(std::move(done).error());

  // One record of many ran into a unique key (a race with another process, two records that claim
  // one name): let each stand for itself, so that only the culprit is refused.
  outcomes.clear();
  for (auto& item : told.items) {
    std::vector<Result<Prepared>> one;
    one.push_back(std::move(item));
    Outcomes single;
    auto alone = store_.write([&](store::Transaction& tx) {
      return run_all(tx, *told.engine, context, told.run_time, one, single);
    });
    item = std::move(one.front());
    if (alone) {
      outcomes.push_back(std::move(single[0]));
    } else if (of_a_record(alone.error())) {
      outcomes.emplace_back(fail(std::move(alone).error()));
    } else {
      return fail(std::move(alone).error());
    }
  }
  return outcomes;
}

Result<Outcome> Provisioner::submit_one(Submission submission, const SubmitContext& context) {
  std::vector<Submission> batch;
  batch.push_back(std::move(submission));
  MUSTER_TRY(auto outcomes, submit(std::move(batch), context));
  return std::move(outcomes[0]);
}

Result<std::vector<Provisioner::Known>> Provisioner::known(
    std::span<const SourceRecord> records) const {
  const auto fingerprint = engine()->fingerprint(clock_.now());
  std::vector<Known> answer(records.size());
  std::map<std::pair<std::string, ResourceType>, std::vector<std::size_t>> by_kind;
  for (std::size_t i = 0; i < records.size(); ++i) {
    by_kind[{records[i].key.source, records[i].key.type}].push_back(i);
  }
  auto done = store_.read([&](store::View& view) -> Status {
    for (const auto& [kind, places] : by_kind) {
      std::vector<std::string> keys;
      for (const auto i : places) keys.push_back(records[i].key.key);
      MUSTER_TRY(auto heads, view.records().heads(kind.first, kind.second, keys));
      for (std::size_t i = 0; i < places.size(); ++i) answer[places[i]].head = std::move(heads[i]);
    }
    return {};
  });
  if (!done) return fail(std::move(done).error());
  for (std::size_t i = 0; i < records.size(); ++i) {
    const auto& head = answer[i].head;
    if (!head) continue;
    answer[i].unchanged = is_current(*head, hash_of(records[i]), fingerprint);
  }
  return answer;
}

}  // namespace muster::provision
