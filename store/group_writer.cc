// SPDX-License-Identifier: Apache-2.0
#include "store/group_writer.h"

#include <algorithm>
#include <exception>

#include "core/log.h"
#include "store/sql/failure.h"
#include "store/tables/sql_transaction.h"

namespace muster::store {
namespace {

constexpr int kRepetitions = 5;

Error stopped() { return {Fault::unavailable, "the store is closing: try again later", {}, {}}; }

template <class Work>
Status call(const Work& work) {
  try {
    return work();
  } catch (const std::exception& error) {
    return fail(Fault::internal, std::string("a submission failed unexpectedly: ") + error.what());
  }
}

}  // namespace

void GroupWriter::Submission::wait() {
  std::unique_lock lock(mutex);
  answered.wait(lock, [this] { return done; });
}

// Notifies under the lock: the waiter's stack, and this object with it, may be gone right after.
void GroupWriter::Submission::answer() {
  const std::lock_guard lock(mutex);
  done = true;
  answered.notify_one();
}

GroupWriter::GroupWriter(Connections& connections, Catalog& catalog,
                         std::shared_ptr<Session> session, Options options)
    : connections_(connections),
      catalog_(catalog),
      session_(std::move(session)),
      options_(std::move(options)) {
  thread_ = std::thread([this] { run(); });
}

GroupWriter::~GroupWriter() { stop(); }

Status GroupWriter::write(const Store::Work& work) {
  Submission submission;
  submission.work = &work;
  return wait_for(submission);
}

Status GroupWriter::write_jointly(JointWork& work) {
  Submission submission;
  submission.joint = &work;
  return wait_for(submission);
}

Status GroupWriter::wait_for(Submission& submission) {
  {
    std::lock_guard lock(mutex_);
    if (stopping_) return fail(stopped());
    waiting_.push_back(&submission);
  }
  arrived_.notify_one();
  submission.wait();
  return std::move(submission.result);
}

void GroupWriter::stop() {
  {
    std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  arrived_.notify_one();
  if (thread_.joinable()) thread_.join();
}

Store::Counters GroupWriter::counters() const {
  std::lock_guard lock(mutex_);
  return {commits_.load(), submissions_.load(), waiting_.size()};
}

// What was accepted is finished even when the store closes.
GroupWriter::Group GroupWriter::next_group() {
  std::unique_lock lock(mutex_);
  arrived_.wait(lock, [&] { return stopping_ || !waiting_.empty(); });
  auto count = std::min(waiting_.size(), static_cast<std::size_t>(std::max(1, options_.max_group)));
  auto end = waiting_.begin() + static_cast<std::ptrdiff_t>(count);
  Group group(waiting_.begin(), end);
  waiting_.erase(waiting_.begin(), end);
  return group;
}

void GroupWriter::run() {
  for (Group group = next_group(); !group.empty(); group = next_group()) {
    {
      std::unique_lock<std::mutex> shared;
      if (options_.shared_session != nullptr) shared = std::unique_lock(*options_.shared_session);
      run_group(group);
    }
    submissions_ += group.size();
    for (auto* submission : group) submission->answer();
    if (options_.between_groups) options_.between_groups();
  }
}

void GroupWriter::run_group(Group& group) {
  Status ended;
  bool committing = false;
  for (int i = 0; i < kRepetitions; ++i) {
    ended = try_group(group, committing);
    if (ended) return;
    // A commit that failed half-way may have happened: it is not repeated.
    bool again = !committing && (wants_repetition(ended.error()) || lost_connection(ended.error()));
    if (lost_connection(ended.error()) && !reconnect()) break;
    if (!again) break;
  }
  // One submission that the engine cannot bear must not take its neighbours along.
  if (!committing && group.size() > 1 && ended.error().fault != Fault::unavailable)
    return run_one_by_one(group);
  log::write(
      log::Level::error, "store", "commit_failed",
      {{"submissions", static_cast<std::int64_t>(group.size())}, {"reason", ended.error().detail}});
  for (auto* submission : group) submission->result = fail(without_internal_code(ended.error()));
}

void GroupWriter::run_one_by_one(Group& group) {
  for (auto* submission : group) {
    Group one{submission};
    run_group(one);
  }
}

// An error means that nothing of the group is stored, unless it came while committing.
Status GroupWriter::try_group(Group& group, bool& committing) {
  committing = false;
  for (auto* submission : group) submission->result = {};
  MUSTER_CHECK(connections_.begin(*session_));
  bool changed = false;
  Status ended = run_submissions(group, changed);
  if (ended && changed) {
    committing = true;
    ended = connections_.commit(*session_);
    if (ended) {
      ++commits_;
      return {};
    }
  }
  if (session_->in_transaction() || !ended) (void)connections_.rollback(*session_);
  return ended;
}

Status GroupWriter::Turn::run(Transaction& tx) const {
  const auto& first = *submissions.front();
  if (first.joint == nullptr) return call([&] { return (*first.work)(tx); });
  std::vector<JointWork*> parts;
  for (const auto* submission : submissions) parts.push_back(submission->joint);
  return call([&] { return first.joint->run(tx, parts); });
}

// Each joint work goes with the first turn whose work it joins.
std::vector<GroupWriter::Turn> GroupWriter::turns_of(const Group& group) {
  std::vector<Turn> turns;
  for (auto* submission : group) {
    const auto joined = std::find_if(turns.begin(), turns.end(), [&](const Turn& turn) {
      const auto* first = turn.submissions.front()->joint;
      return submission->joint != nullptr && first != nullptr && first->joins(*submission->joint);
    });
    (joined != turns.end() ? *joined : turns.emplace_back()).submissions.push_back(submission);
  }
  return turns;
}

Status GroupWriter::run_submissions(Group& group, bool& changed) {
  WriteScope scope(*session_, catalog_, options_.clock->now());
  SqlTransaction transaction(scope);
  for (const auto& turn : turns_of(group)) {
    MUSTER_CHECK(take_turn(turn, scope, transaction));
    if (turn.submissions.size() == 1 || turn.submissions.front()->result) continue;
    // One that the engine cannot bear must not take those along that it joined.
    for (auto* submission : turn.submissions) {
      submission->result = {};
      MUSTER_CHECK(take_turn({{submission}}, scope, transaction));
    }
  }
  changed = scope.changed();
  if (!changed) return {};
  MUSTER_CHECK(scope.flush());
  // PostgreSQL answers the commit of a failed transaction with a rollback and no error.
  if (!session_->in_transaction())
    return fail(Fault::unavailable, "the store gave the transaction up; try again");
  return {};
}

// The turn's own error is the result of its submissions; one that is returned ends the transaction.
Status GroupWriter::take_turn(const Turn& turn, WriteScope& scope, Transaction& tx) {
  scope.begin();
  Status done = turn.run(tx);
  if (done) done = scope.keep();
  if (done) return {};
  for (auto* submission : turn.submissions) submission->result = done;
  if (wants_repetition(done.error()) || lost_connection(done.error())) return done;
  bool lost_all = false;
  MUSTER_CHECK(scope.undo(lost_all));
  if (lost_all) {
    (void)connections_.rollback(*session_);
    MUSTER_CHECK(connections_.begin(*session_));
  }
  return session_->in_transaction() ? Status{} : done;
}

Status GroupWriter::reconnect() {
  auto fresh = connections_.writer();
  if (!fresh) return fail(fresh.error());
  session_ = *std::move(fresh);
  return {};
}

}  // namespace muster::store
