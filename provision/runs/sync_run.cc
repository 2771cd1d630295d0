// SPDX-License-Identifier: Apache-2.0
#include "provision/runs/sync_run.h"

#include <array>
#include <optional>
#include <utility>

#include "core/uuid.h"
#include "provision/runs/guard.h"
#include "provision/runs/lifecycle.h"
#include "provision/runs/record_spool.h"
#include "provision/runs/run_tally.h"
#include "provision/runs/source_change.h"

namespace muster::provision {
namespace {

constexpr int walk_portion = 1000;
constexpr std::size_t submit_portion = 500;
// Changed records that share a transaction: fewer, larger commits write each index page less often.
constexpr std::size_t commit_portion = 2000;

// Which record rows a read has brought: one bit each.
class SeenRows {
 public:
  void add(std::int64_t row) {
    const auto place = static_cast<std::size_t>(row);
    if (place >= bits_.size()) bits_.resize(place + place / 2 + 1024);
    bits_[place] = true;
  }
  bool has(std::int64_t row) const {
    const auto place = static_cast<std::size_t>(row);
    return place < bits_.size() && bits_[place];
  }

 private:
  std::vector<bool> bits_ = {};
};

std::string noun_of(ResourceType type) { return type == ResourceType::user ? "people" : "groups"; }

bool counts_as_person(const store::RecordHead& head) {
  return head.state == store::RecordState::linked && head.enabled && !head.identity_id.empty();
}

class Run {
 public:
  Run(Provisioner& provisioner, Source& source, const RunRequest& request, const Clock& clock,
      std::stop_token stop)
      : provisioner_(provisioner),
        source_(source),
        request_(request),
        clock_(clock),
        stop_(std::move(stop)),
        changed_(request.spool_directory),
        clashes_(request.spool_directory) {}

  Result<RunReport> execute();

 private:
  struct Absences {
    std::int64_t known = 0;
    std::int64_t leaving = 0;  // would end a live word
    std::int64_t people = 0;   // of those, how many are people who are active by this source
  };

  struct Walked : Absences {
    std::int64_t missing = 0;  // absent, within the grace period
    std::vector<std::string> newly_missing = {};
    std::optional<std::int64_t> next = {};  // behind which row it goes on; nothing: it was the last
  };

  Status begin();
  Status check_keys(store::Transaction& tx);
  Result<Pull> carry_out();
  Status take_batch(Batch&& batch);
  enum class Turn { first, last };
  Status apply(RecordSpool& records, Turn turn);
  Status send(std::vector<Submission> submissions, Turn turn);
  void report_progress();
  Status submit(std::vector<Submission> submissions, const SubmitContext& how,
                std::vector<store::RunItem> items);
  void defer(Submission submission);
  store::RunItem held_item(const SourceKey& key, const std::string& where) const;
  Status flush_items(std::vector<store::RunItem> items);
  Status settle_losses(const Pull& pull);
  Result<Walked> walk(store::View& view, ResourceType type, std::int64_t after, bool mark) const;
  Result<Walked> mark_missing(ResourceType type, std::int64_t after);
  Result<Absences> survey(ResourceType type, bool mark);
  Status remove_absent(ResourceType type, bool held);
  Status name_places(const std::vector<std::string>& record_ids,
                     std::vector<store::RunItem>& items);
  Status apply_deferred(bool held);
  bool is_due(const store::RecordHead& head) const;
  bool absences_count(const Pull& pull) const;
  void conclude(const Result<Pull>& pull);
  void say(std::string sentence);

  Provisioner& provisioner_;
  Source& source_;
  const RunRequest& request_;
  const Clock& clock_;
  std::stop_token stop_;
  store::RunRow row_ = {};
  std::int64_t people_ = 0;  // of the source, before the run
  std::int64_t unreadable_ = 0;
  std::uint64_t users_read_ = 0;
  std::uint64_t groups_read_ = 0;
  std::array<SeenRows, 2> seen_ = {};
  RecordSpool changed_;
  RecordSpool clashes_;  // what somebody else stood in the way of, as long as that may change
  std::vector<store::RunItem> pending_items_ = {};
  RunProgress progress_ = {};
  bool stopped_ = false;  // before anybody was taken away
  std::vector<Submission> deferred_ =
      {};  // records that would deactivate people, as long as the guard may let them pass
  bool held_ = false;
  std::string refusal_ = {};  // why nothing is even read
};

Status Run::begin() {
  row_.id = new_uuid(clock_.now());
  row_.source = request_.source;
  row_.kind = request_.kind;
  row_.actor = request_.actor;
  row_.started = clock_.now();
  return provisioner_.store().write([this](store::Transaction& tx) -> Status {
    MUSTER_TRY(people_, tx.runs().live_people(request_.source));
    MUSTER_CHECK(tx.runs().put(row_));
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
    refusal_ = change->message + ". If it is meant: `muster map apply FILE --accept-source " +
               known.name + "`";
  }
  return {};
}

store::RunItem Run::held_item(const SourceKey& key, const std::string& where) const {
  return {
      .action = std::string(name_of(key.type == ResourceType::user ? Verb::deactivate : Verb::end)),
      .result = "held",
      .code = "GUARD",
      .where = where,
      .record_key = key.key,
      .message = "not applied: see the run's reason"};
}

void Run::say(std::string sentence) {
  if (!row_.detail.empty()) row_.detail += " ";
  row_.detail += std::move(sentence);
  if (!row_.detail.empty() && row_.detail.back() != '.') row_.detail += '.';
}

Status Run::flush_items(std::vector<store::RunItem> items) {
  if (items.empty()) return {};
  return provisioner_.store().write([&](store::Transaction& tx) -> Status {
    MUSTER_CHECK(tx.runs().add_items(row_.id, items));
    return tx.runs().put(row_);
  });
}

// One batch as the source delivered it: what is known and unchanged costs a look-up, the rest waits
// for the end of the read.
Status Run::take_batch(Batch&& batch) {
  for (auto& problem : batch.problems) {
    const bool bad = problem.severity == Severity::error;
    if (bad) ++unreadable_, ++row_.counts.read, ++row_.counts.problems;
    pending_items_.push_back({.action = "problem",
                              .result = bad ? "error" : "warning",
                              .code = std::move(problem.code),
                              .where = std::move(problem.where),
                              .message = std::move(problem.message)});
  }
  MUSTER_TRY(auto known, provisioner_.known(batch.records));
  for (std::size_t i = 0; i < batch.records.size(); ++i) {
    auto& record = batch.records[i];
    ++row_.counts.read;
    ++(record.key.type == ResourceType::user ? users_read_ : groups_read_);
    if (known[i].head) seen_[static_cast<std::size_t>(record.key.type)].add(known[i].head->row);
    if (known[i].unchanged) {
      ++(known[i].head->state == store::RecordState::skipped ? row_.counts.skipped
                                                             : row_.counts.unchanged);
      continue;
    }
    MUSTER_CHECK(changed_.add(record));
  }
  if (pending_items_.size() >= commit_portion) MUSTER_CHECK(send({}, Turn::first));
  progress_.bytes = batch.bytes_read;
  report_progress();
  return {};
}

void Run::report_progress() {
  if (!request_.on_progress) return;
  progress_.records = static_cast<std::uint64_t>(row_.counts.read);
  progress_.total_bytes = source_.size_hint();
  progress_.problems = static_cast<std::uint64_t>(row_.counts.problems);
  request_.on_progress(progress_);
}

// What is new or changed goes down the road, a transaction per portion, in the order of the keys.
// What clashes with somebody (an address that passes from one to the other) has another turn behind
// everything else.
Status Run::apply(RecordSpool& records, Turn turn) {
  progress_.to_apply += records.size();
  std::vector<Submission> portion;
  for (;;) {
    if (portion.empty() && stop_.stop_requested()) return send({}, turn);
    MUSTER_TRY(auto record, records.next());
    if (!record) return send(std::move(portion), turn);
    portion.emplace_back().record = std::move(*record);
    ++progress_.applied;
    if (portion.size() < commit_portion) continue;
    MUSTER_CHECK(send(std::exchange(portion, {}), turn));
    report_progress();
  }
}

Status Run::send(std::vector<Submission> submissions, Turn turn) {
  auto items = std::exchange(pending_items_, {});
  if (submissions.empty()) return flush_items(std::move(items));
  const SubmitContext how{.hold_deactivations = true, .hold_clashes = turn == Turn::first};
  return submit(std::move(submissions), how, std::move(items));
}

Status Run::submit(std::vector<Submission> submissions, const SubmitContext& how,
                   std::vector<store::RunItem> items) {
  const auto told = submissions;
  const auto counts = row_.counts;
  auto context = how;
  context.actor = request_.actor;
  context.run = row_.id;
  const auto given = items;
  bool written = false;
  // The report's rows stand in the transaction of what they report. Called again from the start
  // when a transaction is repeated, or once per record when a batch had to be taken apart: then the
  // items are written at the end.
  context.also = [&](store::Transaction& tx, std::span<const Result<Outcome>> outcomes) -> Status {
    if (outcomes.size() != told.size()) return {};
    row_.counts = counts;
    items = given;
    for (const auto& outcome : outcomes) tally(outcome, row_.counts, items);
    MUSTER_CHECK(tx.runs().add_items(row_.id, items));
    MUSTER_CHECK(tx.runs().put(row_));
    written = true;
    return {};
  };
  MUSTER_TRY(auto outcomes, provisioner_.submit(std::move(submissions), context));
  if (!written) {
    row_.counts = counts;
    items = given;
    for (const auto& outcome : outcomes) tally(outcome, row_.counts, items);
    MUSTER_CHECK(flush_items(std::move(items)));
  }
  for (std::size_t i = 0; i < outcomes.size(); ++i) {
    if (!outcomes[i]) continue;
    if (outcomes[i]->head.row != 0) {
      seen_[static_cast<std::size_t>(told[i].record.key.type)].add(outcomes[i]->head.row);
    }
    if (!outcomes[i]->held) continue;
    if (outcomes[i]->decision.verb == Verb::deactivate)
      defer(told[i]);
    else
      MUSTER_CHECK(clashes_.add(told[i].record));
  }
  return {};
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

bool Run::is_due(const store::RecordHead& head) const {
  const auto grace = provisioner_.engine()->absence().grace;
  if (grace.count() == 0) return true;
  return head.missing_since && clock_.now() - *head.missing_since >= grace;
}

// A portion of the source's records, and who of them was not in the read.
Result<Run::Walked> Run::walk(store::View& view, ResourceType type, std::int64_t after,
                              bool mark) const {
  Walked walked;
  const auto& seen = seen_[static_cast<std::size_t>(type)];
  MUSTER_TRY(const auto heads, view.walks().live(request_.source, type, after, walk_portion));
  for (const auto& head : heads) {
    if (counts_as_person(head) || type == ResourceType::group) ++walked.known;
    if (seen.has(head.row)) continue;
    if (is_due(head)) {
      ++walked.leaving;
      if (counts_as_person(head)) ++walked.people;
    } else if (mark) {
      ++walked.missing;
      if (!head.missing_since) walked.newly_missing.push_back(head.id);
    }
  }
  if (heads.size() == static_cast<std::size_t>(walk_portion)) walked.next = heads.back().row;
  return walked;
}

// Starts the grace period of those who are missing now, as the transaction itself sees them.
Result<Run::Walked> Run::mark_missing(ResourceType type, std::int64_t after) {
  Walked walked;
  auto marked = provisioner_.store().write([&](store::Transaction& tx) -> Status {
    MUSTER_TRY(walked, walk(tx, type, after, true));
    if (walked.newly_missing.empty()) return {};
    MUSTER_CHECK(tx.records().mark_missing(walked.newly_missing, tx.now()));
    if (type != ResourceType::user) return {};
    return note_missing(tx, *provisioner_.engine(), clock_.now(), walked.newly_missing);
  });
  if (!marked) return fail(std::move(marked).error());
  return walked;
}

// Counts who was not in the read; with `mark`, starts the grace period of those newly missing.
Result<Run::Absences> Run::survey(ResourceType type, bool mark) {
  Absences absences;
  for (std::optional<std::int64_t> after = 0; after;) {
    Walked walked;
    MUSTER_CHECK(provisioner_.store().read([&](store::View& view) -> Status {
      MUSTER_TRY(walked, walk(view, type, *after, mark));
      return {};
    }));
    if (!walked.newly_missing.empty()) {
      MUSTER_TRY(walked, mark_missing(type, *after));
    }
    absences.known += walked.known;
    absences.leaving += walked.leaving;
    absences.people += walked.people;
    row_.counts.missing += walked.missing;
    after = walked.next;
  }
  return absences;
}

// A directory's people are known to administrators by their DN, not by their key.
Status Run::name_places(const std::vector<std::string>& record_ids,
                        std::vector<store::RunItem>& items) {
  return provisioner_.store().read([&](store::View& view) -> Status {
    MUSTER_TRY(const auto rows, view.records().rows(record_ids));
    for (std::size_t i = 0; i < rows.size(); ++i) {
      if (rows[i] && !rows[i]->aliases.empty()) items[i].where = rows[i]->aliases.front();
    }
    return {};
  });
}

Status Run::remove_absent(ResourceType type, bool held) {
  const auto& seen = seen_[static_cast<std::size_t>(type)];
  std::int64_t after = 0;
  for (;;) {
    std::vector<store::RecordHead> heads;
    MUSTER_CHECK(provisioner_.store().read([&](store::View& view) -> Status {
      MUSTER_TRY(heads,
                 view.walks().live(request_.source, type, after, static_cast<int>(submit_portion)));
      return {};
    }));
    if (heads.empty()) return {};
    after = heads.back().row;
    std::vector<Submission> leavers;
    std::vector<store::RunItem> items;
    std::vector<std::string> held_ids;
    for (const auto& head : heads) {
      if (seen.has(head.row) || !is_due(head)) continue;
      if (held) {
        items.push_back(held_item(head.key, {}));
        items.back().identity_id = head.identity_id;
        held_ids.push_back(head.id);
        continue;
      }
      Submission submission;
      submission.kind = Submission::Kind::gone;
      submission.record.key = head.key;
      leavers.push_back(std::move(submission));
    }
    row_.counts.held += static_cast<std::int64_t>(items.size());
    if (!held_ids.empty()) MUSTER_CHECK(name_places(held_ids, items));
    if (leavers.empty()) {
      MUSTER_CHECK(flush_items(std::move(items)));
    } else {
      MUSTER_CHECK(submit(std::move(leavers), {}, std::move(items)));
    }
  }
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
      MUSTER_CHECK(submit(std::move(part), {}, {}));
      continue;
    }
    std::vector<store::RunItem> items;
    for (const auto& submission : part)
      items.push_back(held_item(submission.record.key, submission.record.where));
    row_.counts.held += static_cast<std::int64_t>(items.size());
    MUSTER_CHECK(flush_items(std::move(items)));
  }
  return {};
}

bool Run::absences_count(const Pull& pull) const {
  return request_.snapshot && pull.complete && unreadable_ == 0 && !stopped_;
}

// The part of the run that takes people away, all of it after everything else was read and applied.
Status Run::settle_losses(const Pull& pull) {
  const auto limits = provisioner_.engine()->guard();
  Absences people, groups;
  const bool absent_may_leave = absences_count(pull);
  if (absent_may_leave) {
    // A read that names nobody is more likely a mistake than an exodus: nobody's grace begins.
    MUSTER_TRY(people, survey(ResourceType::user, users_read_ > 0));
    MUSTER_TRY(groups, survey(ResourceType::group, groups_read_ > 0));
  }
  const Loss people_loss{people_, static_cast<std::int64_t>(deferred_.size()) + people.people,
                         absent_may_leave && users_read_ == 0};
  const auto hold_people = reason_to_hold(limits, people_loss, "people");
  if (hold_people) say(*hold_people);
  MUSTER_CHECK(apply_deferred(hold_people.has_value()));
  if (people.leaving > 0) MUSTER_CHECK(remove_absent(ResourceType::user, hold_people.has_value()));

  const Loss groups_loss{groups.known, groups.leaving, absent_may_leave && groups_read_ == 0};
  const auto hold_groups = reason_to_hold(limits, groups_loss, noun_of(ResourceType::group));
  if (hold_groups) say(*hold_groups);
  if (groups.leaving > 0) MUSTER_CHECK(remove_absent(ResourceType::group, hold_groups.has_value()));
  held_ = hold_people || hold_groups;
  return {};
}

void Run::conclude(const Result<Pull>& pull) {
  row_.ended = clock_.now();
  if (!pull) {
    row_.state = store::RunState::failed;
    say(describe(pull.error()));
    return;
  }
  row_.server = pull->server;
  if (stopped_) {
    const bool whole = progress_.applied == progress_.to_apply;
    row_.state = store::RunState::cancelled;
    say(std::string("the run was stopped; ") +
        (whole ? "what had been read is applied" : "a part of what had been read is applied") +
        ", nobody was taken away for being absent");
  } else if (!pull->complete && request_.snapshot) {
    row_.state = store::RunState::incomplete;
    say("the read is not complete, so nobody was taken away for being absent: " +
        pull->why_incomplete);
  } else if (held_) {
    row_.state = store::RunState::held;
  } else if (row_.counts.problems > 0 || row_.counts.quarantined > 0 || !pull->complete) {
    row_.state = store::RunState::done_with_errors;
    if (!pull->complete) say(pull->why_incomplete);
  } else {
    row_.state = store::RunState::done;
  }
  if (pull->complete && request_.snapshot && unreadable_ > 0) {
    say(std::to_string(unreadable_) +
        " item(s) could not be read, so absence proves nothing and nobody was taken away for it");
  }
}

Result<Pull> Run::carry_out() {
  MUSTER_TRY(auto pull,
             source_.pull([this](Batch&& batch) { return take_batch(std::move(batch)); }, stop_));
  MUSTER_CHECK(apply(changed_, Turn::first));
  MUSTER_CHECK(apply(clashes_, Turn::last));
  stopped_ = stop_.stop_requested();
  MUSTER_CHECK(settle_losses(pull));
  return pull;
}

Result<RunReport> Run::execute() {
  MUSTER_CHECK(begin());
  if (!refusal_.empty()) {
    row_.ended = clock_.now();
    row_.state = store::RunState::held;
    say(refusal_);
    MUSTER_CHECK(
        provisioner_.store().write([this](store::Transaction& tx) { return tx.runs().put(row_); }));
    log_end(row_);
    return RunReport{row_, {}};
  }
  auto pull = carry_out();
  conclude(pull);
  MUSTER_CHECK(
      provisioner_.store().write([this](store::Transaction& tx) { return tx.runs().put(row_); }));
  log_end(row_);
  RunReport report{row_, {}};
  if (!pull) report.error = pull.error();
  return report;
}

}  // namespace

Result<RunReport> run_source(Provisioner& provisioner, Source& source, const RunRequest& request,
                             const Clock& clock, std::stop_token stop) {
  return Run(provisioner, source, request, clock, std::move(stop)).execute();
}

}  // namespace muster::provision
