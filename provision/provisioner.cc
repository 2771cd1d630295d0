// SPDX-License-Identifier: Apache-2.0
#include "provision/provisioner.h"

#include <iterator>
#include <set>
#include <string_view>
#include <tuple>

#include "provision/road/group_batch.h"
#include "provision/road/prepared.h"
#include "provision/road/user_batch.h"
#include "provision/road/wave.h"

namespace muster::provision {
namespace {

using Outcomes = std::vector<Result<Outcome>>;

using Items = std::vector<const Result<Prepared>*>;

// What a part must not hold twice: the record's key, and the stable id by which its source knows
// it.
class Claims {
 public:
  void clear() { seen_.clear(); }

  // False when one of them is there already; then nothing is added.
  bool add(const Prepared& item) {
    const auto& key = item.submission.record.key;
    const Claim by_key{key.source, key.type, false, key.key};
    const Claim by_link{key.source, key.type, true, item.mapped.link_key};
    if (seen_.contains(by_key) || seen_.contains(by_link)) return false;
    for (const auto& claim : {by_key, by_link})
      if (!std::get<3>(claim).empty()) seen_.insert(claim);
    return true;
  }

 private:
  using Claim = std::tuple<std::string_view, ResourceType, bool, std::string_view>;
  std::set<Claim> seen_;
};

// A record at most once in a part, so that a later word about a record, or about the stable id of
// one, sees what the earlier one did. Users come before groups within a part.
std::vector<std::vector<std::size_t>> parts_of(const Items& items) {
  std::vector<std::vector<std::size_t>> parts;
  Claims claims;
  for (std::size_t i = 0; i < items.size(); ++i) {
    if (!*items[i]) continue;
    if (parts.empty() || !claims.add(**items[i])) {
      parts.emplace_back();
      claims.clear();
      claims.add(**items[i]);
    }
    parts.back().push_back(i);
  }
  return parts;
}

// The records of one type of a part, and whoever follows from them.
template <class Batch>
Status run_kind(store::Transaction& tx, const mappings::Engine& engine,
                const SubmitContext& context, Timestamp run_time, ResourceType type,
                const std::vector<std::size_t>& part, const Items& items, Outcomes& outcomes) {
  std::vector<const Prepared*> chosen;
  std::vector<std::size_t> places;
  for (const auto i : part) {
    if ((*items[i])->submission.record.key.type != type) continue;
    chosen.push_back(&**items[i]);
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
               Timestamp run_time, const Items& items, Outcomes& outcomes) {
  outcomes.clear();
  for (const auto* item : items) {
    if (*item) {
      outcomes.emplace_back(Outcome{});
    } else {
      outcomes.emplace_back(fail(item->error()));
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

// A batch on its way through the store, alone or together with others that are understood alike.
class PreparedBatch::Work : public store::JointWork {
 public:
  Work(const Contents& told, const SubmitContext& context)
      : told_(told), context_(context), fingerprint_(told.engine->fingerprint(told.run_time)) {}

  bool joins(const store::JointWork& other) const override {
    const auto* beside = dynamic_cast<const Work*>(&other);
    return beside != nullptr && told_.engine == beside->told_.engine &&
           fingerprint_ == beside->fingerprint_ && may_join(context_, beside->context_);
  }

  Status run(store::Transaction& tx, std::span<store::JointWork* const> parts) override {
    Items items;
    for (auto* part : parts) {
      for (const auto& item : static_cast<const Work*>(part)->told_.items) items.push_back(&item);
    }
    Outcomes all;
    MUSTER_CHECK(run_all(tx, *told_.engine, context_, told_.run_time, items, all));
    auto next = std::make_move_iterator(all.begin());
    for (auto* part : parts) {
      auto& own = *static_cast<Work*>(part);
      const auto end = next + static_cast<std::ptrdiff_t>(own.told_.items.size());
      own.outcomes_.assign(next, end);
      next = end;
    }
    return {};
  }

  Outcomes take() { return std::move(outcomes_); }

 private:
  const Contents& told_;
  const SubmitContext& context_;
  std::int64_t fingerprint_;
  Outcomes outcomes_ = {};
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
  PreparedBatch::Work together(told, context);
  auto done = store_.write_jointly(together);
  if (done) return together.take();
  if (told.items.size() == 1 || !of_a_record(done.error())) return fail(std::move(done).error());

  // One record of many ran into a unique key (a race with another process, two records that claim
  // one name): let each stand for itself, so that only the culprit is refused.
  Outcomes outcomes;
  for (auto& item : told.items) {
    PreparedBatch::Contents one{told.engine, told.run_time, {}};
    one.items.push_back(std::move(item));
    PreparedBatch::Work alone(one, context);
    auto ended = store_.write_jointly(alone);
    item = std::move(one.items.front());
    if (ended) {
      outcomes.push_back(std::move(alone.take().front()));
    } else if (of_a_record(ended.error())) {
      outcomes.emplace_back(fail(std::move(ended).error()));
    } else {
      return fail(std::move(ended).error());
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
