// SPDX-License-Identifier: Apache-2.0
#include "provision/runs/sync_run.h"

#include <array>
#include <future>
#include <memory>
#include <utility>

#include "provision/runs/absences.h"
#include "provision/runs/guard.h"
#include "provision/runs/record_spool.h"
#include "provision/runs/run_journal.h"
#include "provision/runs/source_change.h"

namespace muster::provision {
namespace {

constexpr std::size_t submit_portion = 500;
// Changed records that share a transaction: fewer, larger commits write each index page less often.
constexpr std::size_t commit_portion = 2000;
// Of items that could not be read, so many stand in the run one by one; all of them are counted, by
// what is wrong with them.
constexpr std::int64_t most_problem_items = 10'000;

std::string noun_of(ResourceType type) { return type == ResourceType::user ? "people" : "groups"; }

class Run {
 public:
  Run(Provisioner& provisioner, Source& source, const RunRequest& request, const Clock& clock,
      std::stop_token stop)
      : provisioner_(provisioner),
        source_(source),
        request_(request),
        clock_(clock),
        stop_(std::move(stop)),
        journal_(provisioner.store(), clock,
                 {.source = request.source, .kind = request.kind, .actor = request.actor}),
        changed_(request.spool_directory),
        clashes_(std::make_unique<RecordSpool>(request.spool_directory)) {}

  Result<RunReport> execute();

 private:
  // Submissions that share a transaction, on their way: written by a thread of its own. Whatever it
  // touches is not touched here until finish(): the journal's note, and the portion itself.
  struct Portion {
    explicit Portion(PreparedBatch prepared) : batch(std::move(prepared)) {}

    PreparedBatch batch;
    SubmitContext context = {};
    std::vector<store::RunItem> items = {};  // beside those of the outcomes
    bool noted = false;
    std::future<Result<std::vector<Result<Outcome>>>> under_way = {};  // ends before the rest
  };

  Status begin();
  Status check_keys(store::Transaction& tx);
  Result<Pull> carry_out();
  Status take_batch(Batch&& batch);
  enum class Turn { early, last };
  Status apply(RecordSpool& records, Turn turn);
  Status apply_clashes(Turn turn);
  Result<std::unique_ptr<Portion>> read_portion(RecordSpool& records, Turn turn);
  std::unique_ptr<Portion> prepare(std::vector<Submission> submissions, SubmitContext how);
  void start(Portion& portion);
  Status finish(Portion& portion);
  Status submit(std::vector<Submission> submissions);
  Status note_put_aside(const std::vector<ItemProblem>& problems);
  void report_progress();
  void defer(Submission submission);
  Status settle_losses(const Pull& pull);
  Status settle_late_losses();
  Absences absences(ResourceType type) const;
  Result<AbsenceCounts> survey(ResourceType type, bool mark);
  Status remove_absent(ResourceType type, bool held);
  Status apply_deferred(bool held);
  bool absences_count(const Pull& pull) const;
  RunEnd end_of(const Result<Pull>& pull);

  Provisioner& provisioner_;
  Source& source_;
  const RunRequest& request_;
  const Clock& clock_;
  std::stop_token stop_;
  RunJournal journal_;
  std::int64_t people_ = 0;  // of the source, before the run
  std::int64_t unreadable_ = 0;
  std::uint64_t users_read_ = 0;
  std::uint64_t groups_read_ = 0;
  std::array<SeenRows, 2> seen_ = {};
  RecordSpool changed_;
  // What somebody else stood in the way of, as long as that may change.
  std::unique_ptr<RecordSpool> clashes_;
  std::vector<store::RunItem> pending_items_ = {};
  RunProgress progress_ = {};
  bool stopped_ = false;  // before anybody was taken away
  std::vector<Submission> deferred_ =
      {};  // records that would deactivate people, as long as the guard may let them pass
  std::int64_t leaving_ = 0;  // people whom settle_losses() asked the guard about
  bool held_ = false;
  std::string refusal_ = {};  // why nothing is even read
};

Status Run::begin() {
  return journal_.begin([this](store::Transaction& tx) -> Status {
    MUSTER_TRY(people_, tx.runs().live_people(request_.source));
    return check_keys(tx);
  });
}

// By another key everybody would be somebody else: nothing is read then.
Status Run::check_keys(store::Transaction& tx) {
  refusal_.clear();
  if (request_.keyed_by.empty()) return {};
  MUSTER_TRY(const auto sources, tx.runs().sources());
  for (const auto& known : sources) {
    if (known.name != request_.source || known.keyed_by == request_.keyed_by) continue;
    const auto change = key_change(known, request_.keyed_by);
    if (!change) return tx.runs().put_keyed_by(known.name, request_.keyed_by);
    refusal_ = change->message +
               ". If it is meant: apply the mapping once more and accept source " + known.name +
               " by name";
  }
  return {};
}

// One batch as the source delivered it: what is known and unchanged costs a look-up, the rest waits
// for the end of the read.
Status Run::take_batch(Batch&& batch) {
  journal_.found(batch.problems);
  for (auto& problem : batch.problems) {
    if (problem.severity != Severity::error) continue;
    if (!problem.record) ++unreadable_;
    ++journal_.counts().read, ++journal_.counts().problems;
    if (journal_.counts().problems > most_problem_items) continue;
    pending_items_.push_back({.action = "problem",
                              .result = "error",
                              .code = std::move(problem.code),
                              .where = std::move(problem.where),
                              .record_key = problem.record ? problem.record->key : std::string(),
                              .message = std::move(problem.message)});
  }
  MUSTER_CHECK(note_put_aside(batch.problems));
  MUSTER_TRY(auto known, provisioner_.known(batch.records));
  for (std::size_t i = 0; i < batch.records.size(); ++i) {
    auto& record = batch.records[i];
    ++journal_.counts().read;
    ++(record.key.type == ResourceType::user ? users_read_ : groups_read_);
    if (known[i].head) seen_[static_cast<std::size_t>(record.key.type)].add(known[i].head->row);
    if (known[i].unchanged) {
      auto& counts = journal_.counts();
      ++(known[i].head->state == store::RecordState::skipped ? counts.skipped : counts.unchanged);
      continue;
    }
    MUSTER_CHECK(changed_.add(record));
  }
  if (pending_items_.size() >= commit_portion)
    MUSTER_CHECK(journal_.add(std::exchange(pending_items_, {})));
  progress_.bytes = batch.bytes_read;
  report_progress();
  return {};
}

// Somebody whose record could not be read is there all the same.
Status Run::note_put_aside(const std::vector<ItemProblem>& problems) {
  std::vector<SourceRecord> aside;
  for (const auto& problem : problems) {
    if (problem.record) aside.emplace_back().key = *problem.record;
  }
  if (aside.empty()) return {};
  MUSTER_TRY(const auto known, provisioner_.known(aside));
  for (const auto& one : known) {
    if (one.head) seen_[static_cast<std::size_t>(one.head->key.type)].add(one.head->row);
  }
  return {};
}

void Run::report_progress() {
  if (!request_.on_progress) return;
  progress_.records = static_cast<std::uint64_t>(journal_.row().counts.read);
  progress_.total_bytes = source_.size_hint();
  progress_.problems = static_cast<std::uint64_t>(journal_.row().counts.problems);
  request_.on_progress(progress_);
}

// What is new or changed goes down the road, a transaction per portion, in the order of the keys;
// while one is written, the next is read and mapped. What clashes with somebody (an address that
// passes from one to the other) waits for apply_clashes().
Status Run::apply(RecordSpool& records, Turn turn) {
  progress_.to_apply += records.size();
  std::unique_ptr<Portion> written;
  for (;;) {
    auto next = read_portion(records, turn);
    if (written) {
      MUSTER_CHECK(finish(*written));
      progress_.applied += written->batch.size();
      report_progress();
    }
    if (!next) return fail(std::move(next).error());
    if (*next) start(**next);
    written = *std::move(next);
    if (!written) return journal_.add(std::exchange(pending_items_, {}));
  }
}

// What clashed has another turn behind those who may have given way, and the last one behind those
// who left.
Status Run::apply_clashes(Turn turn) {
  const auto again =
      std::exchange(clashes_, std::make_unique<RecordSpool>(request_.spool_directory));
  return apply(*again, turn);
}

// Nothing behind the last record, or when the run is to stop.
Result<std::unique_ptr<Run::Portion>> Run::read_portion(RecordSpool& records, Turn turn) {
  std::vector<Submission> submissions;
  while (submissions.size() < commit_portion) {
    if (submissions.empty() && stop_.stop_requested()) break;
    MUSTER_TRY(auto record, records.next());
    if (!record) break;
    submissions.emplace_back().record = std::move(*record);
  }
  if (submissions.empty()) return std::unique_ptr<Portion>();
  return prepare(std::move(submissions),
                 {.hold_deactivations = true, .postpone_clashes = turn == Turn::early});
}

std::unique_ptr<Run::Portion> Run::prepare(std::vector<Submission> submissions, SubmitContext how) {
  auto portion = std::make_unique<Portion>(provisioner_.prepare(std::move(submissions)));
  portion->items = std::exchange(pending_items_, {});
  portion->context = std::move(how);
  portion->context.actor = request_.actor;
  portion->context.run = journal_.row().id;
  portion->context.follow_ups = &journal_.follow_ups();
  return portion;
}

// The report's rows stand in the transaction of what they report; when a batch had to be taken
// apart, and this is called once per record, they are written at the end.
void Run::start(Portion& portion) {
  portion.context.also = [this, &portion](store::Transaction& tx,
                                          std::span<const Result<Outcome>> outcomes) -> Status {
    portion.noted = outcomes.size() == portion.batch.size();
    return portion.noted ? journal_.note(tx, outcomes, RunJournal::Tally::delivered, portion.items)
                         : Status{};
  };
  portion.under_way = std::async(std::launch::async, [this, &portion] {
    return provisioner_.submit(portion.batch, portion.context);
  });
}

// Waits for the portion, and takes in what became of it.
Status Run::finish(Portion& portion) {
  MUSTER_TRY(const auto outcomes, portion.under_way.get());
  if (!portion.noted) {
    MUSTER_CHECK(provisioner_.store().write([&](store::Transaction& tx) {
      return journal_.note(tx, outcomes, RunJournal::Tally::delivered, portion.items);
    }));
  }
  journal_.keep();
  for (std::size_t i = 0; i < outcomes.size(); ++i) {
    if (!outcomes[i]) continue;
    const auto& head = outcomes[i]->head;
    if (head.row != 0) seen_[static_cast<std::size_t>(head.key.type)].add(head.row);
    if (outcomes[i]->held) defer(portion.batch.take(i));
    if (outcomes[i]->postponed) MUSTER_CHECK(clashes_->add(portion.batch.take(i).record));
  }
  return {};
}

Status Run::submit(std::vector<Submission> submissions) {
  const auto portion = prepare(std::move(submissions), {});
  start(*portion);
  return finish(*portion);
}

// Keeps a deactivating record for the end of the run. Above the guard's limit none of them can pass
// any more, so only their keys are kept from there on: memory stays within the share of the source
// that may change.
void Run::defer(Submission submission) {
  deferred_.push_back(std::move(submission));
  const auto limit = allowed(provisioner_.engine()->guard(), people_);
  const auto count = static_cast<std::int64_t>(deferred_.size());
  if (count <= limit) return;
  const auto from = count == limit + 1 ? deferred_.begin() : deferred_.end() - 1;
  for (auto one = from; one != deferred_.end(); ++one) one->record.document = {};
}

Absences Run::absences(ResourceType type) const {
  return {provisioner_, clock_, request_.source, type, seen_[static_cast<std::size_t>(type)]};
}

Result<AbsenceCounts> Run::survey(ResourceType type, bool mark) {
  MUSTER_TRY(const auto counts, absences(type).survey(mark));
  journal_.counts().missing += counts.missing;
  return counts;
}

Status Run::remove_absent(ResourceType type, bool held) {
  const auto absent = absences(type);
  return absent.each_leaving([&](std::span<const store::RecordHead> heads) -> Status {
    if (heads.empty()) return {};
    if (held) {
      MUSTER_TRY(const auto places, absent.places(heads));
      std::vector<store::RunItem> items;
      for (std::size_t i = 0; i < heads.size(); ++i)
        items.push_back(held_item(heads[i].key, places[i], heads[i].identity_id));
      return journal_.hold(std::move(items));
    }
    std::vector<Submission> leavers;
    for (const auto& head : heads) {
      auto& leaver = leavers.emplace_back();
      leaver.kind = Submission::Kind::gone;
      leaver.record.key = head.key;
    }
    return submit(std::move(leavers));
  });
}

Status Run::apply_deferred(bool held) {
  auto deferred = std::move(deferred_);
  deferred_.clear();
  for (std::size_t from = 0; from < deferred.size(); from += submit_portion) {
    const auto end = std::min(from + submit_portion, deferred.size());
    std::vector<Submission> part(
        std::make_move_iterator(deferred.begin() + static_cast<std::ptrdiff_t>(from)),
        std::make_move_iterator(deferred.begin() + static_cast<std::ptrdiff_t>(end)));
    if (!held) {
      MUSTER_CHECK(submit(std::move(part)));
      continue;
    }
    std::vector<store::RunItem> items;
    for (const auto& submission : part)
      items.push_back(held_item(submission.record.key, submission.record.where, {}));
    MUSTER_CHECK(journal_.hold(std::move(items)));
  }
  return {};
}

bool Run::absences_count(const Pull& pull) const {
  return request_.snapshot && pull.complete && unreadable_ == 0 && !stopped_;
}

// The part of the run that takes people away, all of it after everything else was read and applied.
Status Run::settle_losses(const Pull& pull) {
  const auto limits = provisioner_.engine()->guard();
  AbsenceCounts people, groups;
  const bool absent_may_leave = absences_count(pull);
  if (absent_may_leave) {
    // A read that names nobody is more likely a mistake than an exodus: nobody's grace begins.
    MUSTER_TRY(people, survey(ResourceType::user, users_read_ > 0));
    MUSTER_TRY(groups, survey(ResourceType::group, groups_read_ > 0));
  }
  const Loss people_loss{people_, static_cast<std::int64_t>(deferred_.size()) + people.people,
                         absent_may_leave && users_read_ == 0};
  leaving_ = people_loss.leaving;
  const auto hold_people = reason_to_hold(limits, people_loss, "people");
  if (hold_people) journal_.say(*hold_people);
  MUSTER_CHECK(apply_deferred(hold_people.has_value()));
  if (people.leaving > 0) MUSTER_CHECK(remove_absent(ResourceType::user, hold_people.has_value()));

  const Loss groups_loss{groups.known, groups.leaving, absent_may_leave && groups_read_ == 0};
  const auto hold_groups = reason_to_hold(limits, groups_loss, noun_of(ResourceType::group));
  if (hold_groups) journal_.say(*hold_groups);
  if (groups.leaving > 0) MUSTER_CHECK(remove_absent(ResourceType::group, hold_groups.has_value()));
  held_ = hold_people || hold_groups;
  return {};
}

// People who would leave by a record that clashed until the others had left: they count with those.
Status Run::settle_late_losses() {
  if (deferred_.empty()) return {};
  const auto late = static_cast<std::int64_t>(deferred_.size());
  const bool hold = leaving_ + late > allowed(provisioner_.engine()->guard(), people_);
  if (hold) {
    journal_.say(std::to_string(late) +
                 " more of them would become inactive by records that clashed with somebody who "
                 "leaves; with them it is more than the limit, so they stay");
    held_ = true;
  }
  return apply_deferred(hold);
}

RunEnd Run::end_of(const Result<Pull>& pull) {
  RunEnd end{.held = held_};
  if (!pull) {
    end.error = pull.error();
    return end;
  }
  journal_.came_from(pull->server);
  end.with_errors = !pull->complete;
  if (stopped_) {
    const bool whole = progress_.applied == progress_.to_apply;
    end.stopped =
        std::string("the run was stopped; ") +
        (whole ? "what had been read is applied" : "a part of what had been read is applied") +
        ", nobody was taken away for being absent";
  } else if (!pull->complete && request_.snapshot) {
    end.incomplete = "the read is not complete, so nobody was taken away for being absent: " +
                     pull->why_incomplete;
  } else if (!pull->complete && !held_) {
    journal_.say(pull->why_incomplete);
  }
  if (pull->complete && request_.snapshot && unreadable_ > 0) {
    end.remark = std::to_string(unreadable_) +
                 " item(s) could not be read, so absence proves nothing and nobody was taken away "
                 "for it";
  }
  return end;
}

Result<Pull> Run::carry_out() {
  MUSTER_TRY(auto pull,
             source_.pull([this](Batch&& batch) { return take_batch(std::move(batch)); }, stop_));
  MUSTER_CHECK(apply(changed_, Turn::early));
  // As long as each turn clears something away for others.
  for (std::uint64_t before = 0; before != clashes_->size();) {
    before = clashes_->size();
    MUSTER_CHECK(apply_clashes(Turn::early));
  }
  stopped_ = stop_.stop_requested();
  MUSTER_CHECK(settle_losses(pull));
  MUSTER_CHECK(apply_clashes(Turn::last));
  MUSTER_CHECK(settle_late_losses());
  return pull;
}

Result<RunReport> Run::execute() {
  MUSTER_CHECK(begin());
  if (!refusal_.empty()) {
    journal_.say(refusal_);
    return journal_.end({.held = true});
  }
  const auto pull = carry_out();
  auto end = end_of(pull);
  const auto engine = provisioner_.engine();
  end.engine = engine.get();
  return journal_.end(end);
}

}  // namespace

Result<RunReport> run_source(Provisioner& provisioner, Source& source, const RunRequest& request,
                             const Clock& clock, std::stop_token stop) {
  return Run(provisioner, source, request, clock, std::move(stop)).execute();
}

}  // namespace muster::provision
