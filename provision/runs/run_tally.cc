// SPDX-License-Identifier: Apache-2.0
#include "provision/runs/run_tally.h"

#include "core/log.h"

namespace muster::provision {

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
  if (outcome->held) return;  // counted when the guard has spoken
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
  items.push_back(
      {.action = std::string(name_of(decision.verb)),
       .result = bad                             ? "error"
                 : decision.verb == Verb::review ? "waiting"
                                                 : "done",
       .code = bad && !decision.findings.empty() ? decision.findings.back().code : std::string{},
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
}

}  // namespace muster::provision
