// SPDX-License-Identifier: Apache-2.0
#include "provision/runs/run_journal.h"

#include <utility>

#include "core/uuid.h"
#include "provision/runs/run_tally.h"
#include "provision/runs/standing.h"

namespace muster::provision {
namespace {

store::RunState state_of(const RunEnd& end, const store::RunCounts& counts, bool found_errors) {
  if (end.error) return store::RunState::failed;
  if (!end.stopped.empty()) return store::RunState::cancelled;
  if (!end.incomplete.empty()) return store::RunState::incomplete;
  if (end.held) return store::RunState::held;
  const bool errors =
      end.with_errors || found_errors || counts.problems > 0 || counts.quarantined > 0;
  return errors ? store::RunState::done_with_errors : store::RunState::done;
}

}  // namespace

RunJournal::RunJournal(store::Store& store, const Clock& clock, store::RunRow row, bool only_news)
    : store_(store), clock_(clock), only_news_(only_news), row_(std::move(row)) {
  row_.started = clock_.now();
  row_.id = new_uuid(row_.started);
}

Status RunJournal::begin(const store::Store::Work& also) {
  if (only_news_ && !also) return {};
  return store_.write([&](store::Transaction& tx) -> Status {
    if (!only_news_) MUSTER_CHECK(tx.runs().put(row_));
    return also ? also(tx) : Status{};
  });
}

Status RunJournal::note(store::Transaction& tx, std::span<const Result<Outcome>> outcomes,
                        Tally how, std::vector<store::RunItem> items) {
  noted_ = row_.counts;
  found_.begin();
  for (const auto& outcome : outcomes) {
    found_.add(row_.source, outcome);
    const auto known = items.size();
    if (how == Tally::stored && (!outcome || outcome->applied())) ++noted_.read;
    tally(outcome, noted_, items);
    if (how == Tally::stored && outcome && outcome->repeated) items.resize(known);
  }
  for (const auto& change : follow_ups_) found_.follow(change);
  noted_news_ = !items.empty();
  if (only_news_ && !news_ && !noted_news_) return {};
  auto row = row_;
  row.counts = noted_;
  show_found(row);
  MUSTER_CHECK(tx.runs().put(row));
  return items.empty() ? Status{} : tx.runs().add_items(row_.id, items);
}

void RunJournal::found(std::span<const ItemProblem> problems) {
  for (const auto& problem : problems) found_.add(row_.source, problem);
  if (problems.empty()) return;
  found_.keep();
  show_found(row_);
}

void RunJournal::show_found(store::RunRow& row) const {
  row.counts.findings = found_.count();
  row.findings = found_.groups();
}

void RunJournal::keep() {
  row_.counts = noted_;
  found_.keep();
  show_found(row_);
  news_ = news_ || noted_news_;
}

Status RunJournal::add(std::vector<store::RunItem> items) {
  if (items.empty()) return {};
  news_ = true;
  return store_.write([&](store::Transaction& tx) -> Status {
    MUSTER_CHECK(tx.runs().put(row_));
    return tx.runs().add_items(row_.id, items);
  });
}

Status RunJournal::hold(std::vector<store::RunItem> items) {
  row_.counts.held += static_cast<std::int64_t>(items.size());
  return add(std::move(items));
}

void RunJournal::say(std::string sentence) {
  if (sentence.empty()) return;
  if (!row_.detail.empty()) row_.detail += ' ';
  row_.detail += std::move(sentence);
  if (row_.detail.back() != '.') row_.detail += '.';
}

Result<RunReport> RunJournal::end(const RunEnd& end) {
  row_.ended = clock_.now();
  row_.state = state_of(end, row_.counts, found_.has_errors());
  if (row_.state == store::RunState::failed) {
    say(describe(*end.error));
    row_.code = end.error->code;
  }
  if (row_.state == store::RunState::cancelled) say(end.stopped);
  if (row_.state == store::RunState::incomplete) say(end.incomplete);
  say(end.remark);
  RunReport report{row_, end.error};
  if (!is_news()) return report;
  // Only told: a run does not fail for it.
  if (end.engine != nullptr) {
    auto standing = standing_findings(store_, *end.engine, row_.source);
    if (standing) row_.standing = *std::move(standing);
    report.row = row_;
  }
  MUSTER_CHECK(store_.write([this](store::Transaction& tx) { return tx.runs().put(row_); }));
  log_end(row_);
  return report;
}

bool RunJournal::is_news() const {
  return !only_news_ || news_ || row_.state == store::RunState::held ||
         row_.state == store::RunState::failed;
}

store::RunItem held_item(const SourceKey& key, std::string where, std::string identity_id,
                         std::string message) {
  return {
      .action = std::string(name_of(key.type == ResourceType::user ? Verb::deactivate : Verb::end)),
      .result = "held",
      .code = "GUARD",
      .where = std::move(where),
      .record_key = key.key,
      .identity_id = std::move(identity_id),
      .message = std::move(message)};
}

}  // namespace muster::provision
