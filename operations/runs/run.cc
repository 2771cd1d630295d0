// SPDX-License-Identifier: Apache-2.0
#include "operations/runs/run.h"

#include <memory>

#include "operations/mapping/keys.h"
#include "operations/runs/turn.h"
#include "operations/sources/read.h"

namespace muster::operations {
namespace {

bool needs_somebody(const store::RunCounts& counts) {
  return counts.problems + counts.quarantined + counts.review + counts.held > 0;
}

struct Shown {
  std::vector<store::RunItem>& items;
  std::int64_t& left_out;
};

// What everybody is shown of a run's items; those that are fine are passed over where only what
// went wrong is wanted, and the rest of the pages is read only when there is such a thing.
Status read_items(store::Store& store, const store::RunRow& run, const WantedItems& wanted,
                  Shown shown) {
  if (wanted.most == 0) return {};
  constexpr int page_size = 1000;
  MUSTER_TRY(auto reader, store.reader());
  std::int64_t after = 0;
  for (;;) {
    MUSTER_TRY(auto page, reader->runs().items(run.id, after, page_size));
    for (auto& item : page) {
      after = item.number;
      if (!wanted.all && item.result == "done") continue;
      if (shown.items.size() < wanted.most)
        shown.items.push_back(std::move(item));
      else
        ++shown.left_out;
    }
    const bool more = page.size() == static_cast<std::size_t>(page_size);
    if (!more || (!wanted.all && !needs_somebody(run.counts))) return {};
    if (wanted.all && shown.items.size() >= wanted.most) {
      MUSTER_TRY(const auto all, reader->runs().count_items(run.id));
      shown.left_out += all - after;
      return {};
    }
  }
}

// What a run works on: the store, with its turn taken, or a rehearsal.
class Stage {
 public:
  static Result<Stage> set(const Installation& here, const std::string& turn, bool dry_run,
                           std::stop_token stop) {
    Stage stage;
    stage.stop_ = stop;
    if (dry_run) {
      MUSTER_TRY(stage.rehearsal_, here.store().rehearsal());
      stage.trial_ =
          std::make_unique<provision::Provisioner>(*stage.rehearsal_, here.provisioner.engine());
    } else {
      MUSTER_TRY(stage.turn_, take_turn(here, turn, std::move(stop)));
      stage.stop_ = stage.turn_->stop_token();
    }
    return stage;
  }

  provision::Provisioner& provisioner() const { return trial_ ? *trial_ : turn_->provisioner(); }
  std::stop_token stop() const { return stop_; }
  store::Store& store() const { return provisioner().store(); }

 private:
  Turn turn_ = {};
  std::unique_ptr<store::Store> rehearsal_ = {};
  std::unique_ptr<provision::Provisioner> trial_ = {};
  std::stop_token stop_ = {};
};

}  // namespace

bool changed_anything(const store::RunCounts& counts) {
  return counts.created + counts.linked + counts.updated + counts.reactivated + counts.deactivated +
             counts.ended + counts.review + counts.quarantined + counts.held >
         0;
}

Result<RunOutcome> read_source(const Installation& here, const ReadRequest& request,
                               const RunOptions& options, std::stop_token stop) {
  MUSTER_TRY(const auto* found, find_source(here.sources, request.source));
  auto source = *found;
  if (!request.file.empty() && source.kind != SourceKind::csv) {
    return fail(Fault::invalid, "source '" + source.name +
                                    "' is not of kind csv: a file cannot be imported into it");
  }
  if (request.delimiter) source.delimiter = request.delimiter;
  const auto engine = here.provisioner.engine();
  MUSTER_TRY(auto reading, make_source(source, *engine, request.file));
  provision::RunRequest run;
  run.source = source.name;
  run.kind = source.kind == SourceKind::csv ? store::RunKind::import : store::RunKind::sync;
  run.snapshot = request.snapshot.value_or(source.kind == SourceKind::ldap || source.snapshot);
  run.actor = options.actor;
  run.keyed_by = keyed_by(here.sources, *engine)[source.name];
  run.on_progress = request.on_progress;
  run.spool_directory = here.state_directory;

  MUSTER_TRY(const auto stage, Stage::set(here, provision::source_lease(source.name),
                                          options.dry_run, std::move(stop)));
  RunOutcome outcome{.dry_run = options.dry_run};
  MUSTER_TRY(outcome.report,
             provision::run_source(stage.provisioner(), *reading, run, here.clock, stage.stop()));
  MUSTER_CHECK(read_items(stage.store(), outcome.report.row, options.items,
                          {outcome.items, outcome.items_left_out}));
  return outcome;
}

Result<LifecycleOutcome> run_lifecycle(const Installation& here, const RunOptions& options,
                                       std::stop_token stop) {
  MUSTER_TRY(const auto stage, Stage::set(here, std::string(provision::lifecycle_lease),
                                          options.dry_run, std::move(stop)));
  LifecycleOutcome outcome{.dry_run = options.dry_run};
  MUSTER_TRY(outcome.reports, provision::run_lifecycle(stage.provisioner(), options.actor,
                                                       here.clock, stage.stop()));
  for (const auto& report : outcome.reports)
    MUSTER_CHECK(read_items(stage.store(), report.row, options.items,
                            {outcome.items, outcome.items_left_out}));
  return outcome;
}

Result<RunOutcome> retry(const Installation& here, const std::vector<std::string>& names,
                         const RunOptions& options, std::stop_token stop) {
  provision::RetryRequest request{.actor = options.actor};
  MUSTER_TRY(request.records, provision::waiting_records(here.provisioner, names));
  MUSTER_TRY(const auto stage, Stage::set(here, std::string(provision::lifecycle_lease),
                                          options.dry_run, std::move(stop)));
  MUSTER_TRY(auto report,
             provision::retry_waiting(stage.provisioner(), request, here.clock, stage.stop()));
  RunOutcome outcome{.report = *std::move(report), .dry_run = options.dry_run};
  MUSTER_CHECK(read_items(stage.store(), outcome.report.row, options.items,
                          {outcome.items, outcome.items_left_out}));
  return outcome;
}

}  // namespace muster::operations
