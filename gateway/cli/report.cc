// SPDX-License-Identifier: Apache-2.0
#include "gateway/cli/report.h"

#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <memory>

#include "gateway/cli/finding_text.h"
#include "operations/documents/run.h"

namespace muster::gateway::cli {
namespace {

bool on_terminal() { return ::isatty(STDERR_FILENO) == 1; }

double seconds_of(const store::RunRow& run) {
  return std::chrono::duration<double>(run.ended.value_or(run.started) - run.started).count();
}

}  // namespace

void print_run(const store::RunRow& run, const std::vector<store::RunItem>& items, bool dry_run,
               std::size_t shown, std::int64_t left_out) {
  std::string counts;
  for (const auto& counter : store::run_counters) {
    const auto value = run.counts.*counter.member;
    if (value == 0) continue;
    counts += (counts.empty() ? "" : ", ") + std::to_string(value) + " ";
    counts += counter.name;
  }
  const auto whose = run.source.empty() ? std::string{} : " of source " + run.source;
  std::printf("%s %s%s: %s (%.1f s)\n", dry_run ? "dry run:" : "run",
              std::string(store::name_of(run.kind)).c_str(), whose.c_str(),
              std::string(store::name_of(run.state)).c_str(), seconds_of(run));
  std::printf("  %s\n", counts.empty() ? "nothing was read" : counts.c_str());
  if (!run.server.empty()) std::printf("  from %s\n", printable(run.server).c_str());
  if (!run.detail.empty()) std::printf("  %s\n", printable(run.detail).c_str());
  print_findings(run);
  if (!dry_run) std::printf("  run id %s\n", run.id.c_str());
  if (items.empty()) return;
  RowWriter table(Format::table, {{"action", "ACTION"},
                                  {"result", "RESULT"},
                                  {"where", "WHERE"},
                                  {"code", "CODE"},
                                  {"message", "MESSAGE"}});
  for (std::size_t i = 0; i < std::min(shown, items.size()); ++i) {
    const auto& item = items[i];
    table.add({item.action, item.result, item.where.empty() ? item.record_key : item.where,
               item.code, item.message});
  }
  table.finish();
  const auto more =
      static_cast<std::int64_t>(items.size() - std::min(shown, items.size())) + left_out;
  if (more > 0) {
    std::printf("and %lld more%s\n", static_cast<long long>(more),
                dry_run ? "" : (": muster runs show " + run.id).c_str());
  }
}

std::function<void(const provision::RunProgress&)> progress_line(bool quiet) {
  if (quiet || !on_terminal()) return {};
  const auto last = std::make_shared<std::chrono::steady_clock::time_point>();
  return [last](const provision::RunProgress& progress) {
    const auto now = std::chrono::steady_clock::now();
    if (now - *last < std::chrono::milliseconds(100)) return;
    *last = now;
    if (progress.to_apply > 0) {
      std::fprintf(stderr, "\r%llu read, %llu of %llu changes applied ",
                   static_cast<unsigned long long>(progress.records),
                   static_cast<unsigned long long>(progress.applied),
                   static_cast<unsigned long long>(progress.to_apply));
      return;
    }
    std::string share;
    if (progress.total_bytes > 0)
      share = " " + std::to_string(100 * progress.bytes / progress.total_bytes) + " %";
    std::fprintf(stderr, "\r%llu read%s, %llu problems ",
                 static_cast<unsigned long long>(progress.records), share.c_str(),
                 static_cast<unsigned long long>(progress.problems));
  };
}

std::function<void(const provision::ReevaluationProgress&)> reevaluation_line(bool quiet) {
  if (quiet || !on_terminal()) return {};
  const auto last = std::make_shared<std::chrono::steady_clock::time_point>();
  return [last](const provision::ReevaluationProgress& progress) {
    const auto now = std::chrono::steady_clock::now();
    if (now - *last < std::chrono::milliseconds(100)) return;
    *last = now;
    std::fprintf(stderr, "\r%lld of %lld records ", static_cast<long long>(progress.records),
                 static_cast<long long>(progress.total));
  };
}

void end_progress(bool quiet) {
  if (!quiet && on_terminal()) std::fprintf(stderr, "\r\x1b[K");
}

}  // namespace muster::gateway::cli
