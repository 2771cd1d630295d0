// SPDX-License-Identifier: Apache-2.0
#include "gateway/cli/simulation.h"

#include <algorithm>
#include <cstdio>

#include "core/json.h"
#include "gateway/cli/finding_text.h"
#include "operations/documents/simulation.h"

namespace muster::gateway::cli {
namespace {

std::string text_of(const Value& value) {
  if (value.is_none()) return {};
  return value.is_text() ? value.as_text() : write_json(value);
}

void print_counts(const char* what, const std::map<std::string, std::int64_t>& counts) {
  if (counts.empty()) return;
  std::string text;
  for (const auto& [name, count] : counts)
    text += (text.empty() ? "" : ", ") + name + " " + std::to_string(count);
  std::printf("  %-11s %s\n", what, printable(text).c_str());
}

}  // namespace

void SimulationReport::begin() {
  if (begun_) return;
  begun_ = true;
  if (format_ == Format::json) {
    std::printf("{\"changes\": [");
    return;
  }
  rows_.emplace(format_, std::vector<RowWriter::Column>{{"userName", "USER NAME"},
                                                        {"id", "ID"},
                                                        {"change", "CHANGE"},
                                                        {"what", "WHAT"},
                                                        {"before", "BEFORE"},
                                                        {"after", "AFTER"},
                                                        {"source", "SOURCE"},
                                                        {"rule", "RULE"}});
}

void SimulationReport::add_rows(const operations::PersonDifferences& person) {
  const std::string change = person.is_new ? "new" : "changed";
  for (const auto& one : person.differences)
    rows_->add({person.user_name, person.id, change, one.what, text_of(one.before),
                text_of(one.after), one.source, one.rule});
}

void SimulationReport::add(const operations::PersonDifferences& person) {
  if (limit_ && shown_ >= *limit_) return;
  begin();
  ++shown_;
  if (format_ == Format::json)
    std::printf("%s\n%s", shown_ == 1 ? "" : ",", write_json(as_document(person)).c_str());
  else if (format_ == Format::jsonl)
    rows_->add({}, as_document(person));
  else
    add_rows(person);
}

void SimulationReport::finish_table(const operations::SimulationOutcome& outcome) {
  print_summary(outcome);
  if (shown_ == 0) return;
  std::printf("\n");
  rows_->finish();
}

void SimulationReport::finish(const operations::SimulationOutcome& outcome, bool timing) {
  begin();
  if (format_ == Format::json) {
    std::printf("%s],\n\"summary\": %s}\n", shown_ == 0 ? "" : "\n",
                write_json(summary_of(outcome, timing)).c_str());
    std::fflush(stdout);
    return;
  }
  format_ == Format::table ? finish_table(outcome) : rows_->finish();
  const auto all = static_cast<std::size_t>(outcome.simulation.changed);
  if (format_ == Format::table && all > shown_)
    std::printf("and %zu more people (--limit N, or -o json)\n", all - shown_);
  if (timing) {
    const std::chrono::duration<double> took = outcome.simulation.took,
                                        store = outcome.simulation.store;
    std::fprintf(stderr, "%.2f s, of which %.2f s the store (%.0f %%)\n", took.count(),
                 store.count(), took.count() > 0 ? 100 * store.count() / took.count() : 0.0);
  }
}

void print_summary(const operations::SimulationOutcome& outcome) {
  const auto& simulation = outcome.simulation;
  const auto& counts = outcome.counts;
  std::printf("%lld people looked at, %lld would change, %lld new\n",
              static_cast<long long>(simulation.people),
              static_cast<long long>(simulation.changed - counts.new_people),
              static_cast<long long>(counts.new_people));
  print_counts("attributes", counts.attributes);
  print_counts("classes", counts.classes);
  print_counts("states", counts.states);
  print_counts("joining", counts.joined);
  print_counts("leaving", counts.left);
  print_counts("records", operations::moves_of(simulation));
  std::string names;
  for (std::size_t i = 0; i < std::min<std::size_t>(counts.names.size(), 20); ++i)
    names += (i == 0 ? "" : ", ") + counts.names[i];
  if (counts.names.size() > 20)
    names += " and " + std::to_string(counts.names.size() - 20) + " more";
  if (!names.empty()) std::printf("  %-11s %s\n", "user names", printable(names).c_str());
  print_findings(simulation.findings, true);
  for (const auto& one : outcome.sources)
    std::printf("  ATTENTION   %s\n", printable(one.message).c_str());
  if (!simulation.hold.empty())
    std::printf("  the guard would hold this: %s\n", simulation.hold.c_str());
}

}  // namespace muster::gateway::cli
