// SPDX-License-Identifier: Apache-2.0
#include "provision/runs/run_tally.h"

#include <algorithm>

#include "core/log.h"

namespace muster::provision {

namespace {

// What refuses a record.
std::string code_of(const std::vector<Finding>& findings) {
  std::string code;
  for (const auto& finding : findings) {
    if (finding.severity == Severity::error || code.empty()) code = finding.code;
  }
  return code;
}

}  // namespace

void tally(const Result<Outcome>& outcome, store::RunCounts& counts,
           std::vector<store::RunItem>& items) {
  if (!outcome) {
    ++counts.problems;
    items.push_back({.action = "problem",
                     .result = "error",
                     .code = outcome.error().code,
                     .where = outcome.error().where,
                     .message = outcome.error().detail});
    return;
  }
  if (!outcome->applied()) return;  // counted when that is decided
  const auto& decision = outcome->decision;
  switch (decision.verb) {
    case Verb::create:
      ++counts.created;
      break;
    case Verb::link:
      ++counts.linked;
      break;
    case Verb::update:
      ++counts.updated;
      break;
    case Verb::unchanged:
      ++counts.unchanged;
      return;
    case Verb::deactivate:
      ++counts.deactivated;
      break;
    case Verb::reactivate:
      ++counts.reactivated;
      break;
    case Verb::end:
    case Verb::remove:
      ++counts.ended;
      break;
    case Verb::review:
      ++counts.review;
      break;
    case Verb::quarantine:
      ++counts.quarantined;
      break;
    case Verb::skip:
      ++counts.skipped;
      return;
  }
  const bool bad = decision.verb == Verb::quarantine;
  items.push_back({.action = std::string(name_of(decision.verb)),
                   .result = bad                             ? "error"
                             : decision.verb == Verb::review ? "waiting"
                                                             : "done",
                   .code = bad ? code_of(decision.findings) : std::string{},
                   .where = decision.where,
                   .record_key = decision.key.key,
                   .identity_id = decision.identity_id,
                   .message = decision.reason});
}

void log_end(const store::RunRow& run) {
  std::vector<log::Field> fields{{"run", run.id},
                                 {"source", run.source},
                                 {"kind", store::name_of(run.kind)},
                                 {"state", store::name_of(run.state)}};
  for (const auto& counter : store::run_counters)
    fields.push_back({counter.name, run.counts.*counter.member});
  log::write_fields(run.state == store::RunState::failed ? log::Level::error : log::Level::info,
                    "provision", "run ended", fields);
  // Neither messages nor values: they may be about a person.
  constexpr std::size_t most_lines = 20;
  for (std::size_t i = 0; i < std::min(most_lines, run.findings.size()); ++i) {
    const auto& group = run.findings[i];
    const auto& shown = group.example;
    log::write_fields(shown.severity == Severity::info ? log::Level::info : log::Level::warning,
                      "provision", "run found",
                      std::vector<log::Field>{{"run", run.id},
                                              {"source", group.source},
                                              {"code", shown.code},
                                              {"severity", name_of(shown.severity)},
                                              {"attribute", shown.attribute},
                                              {"rule", shown.rule},
                                              {"count", group.count}});
  }
}

}  // namespace muster::provision
