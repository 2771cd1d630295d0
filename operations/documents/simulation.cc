// SPDX-License-Identifier: Apache-2.0
#include "operations/documents/simulation.h"

#include "operations/documents/run.h"

namespace muster::operations {
namespace {

Value text_or_none(std::string text) { return text.empty() ? Value() : Value(std::move(text)); }

std::string name_of(const std::pair<store::RecordState, store::RecordState>& move) {
  return std::string(store::name_of(move.first)) + " -> " +
         std::string(store::name_of(move.second));
}

Value document_of(const std::map<std::string, std::int64_t>& counts) {
  Value document{Value::Object{}};
  for (const auto& [name, count] : counts) document.set(name, count);
  return document;
}

// In the order of the states.
Value moves_document(const provision::Simulation& simulation) {
  Value document{Value::Object{}};
  for (const auto& [move, count] : simulation.moves) document.set(name_of(move), count);
  return document;
}

Value as_document(const Difference& difference) {
  Value document;
  document.set("what", difference.what);
  document.set("before", difference.before);
  document.set("after", difference.after);
  if (!difference.source.empty()) document.set("source", difference.source);
  if (!difference.rule.empty()) document.set("rule", difference.rule);
  return document;
}

Value as_document(const provision::SourceChange& change) {
  Value document;
  document.set("source", change.source);
  document.set("change", name_of(change.what));
  document.set("people", change.people);
  document.set("message", change.message);
  return document;
}

}  // namespace

std::map<std::string, std::int64_t> moves_of(const provision::Simulation& simulation) {
  std::map<std::string, std::int64_t> moves;
  for (const auto& [move, count] : simulation.moves) moves[name_of(move)] = count;
  return moves;
}

Value as_document(const PersonDifferences& person) {
  Value document;
  document.set("userName", person.user_name);
  document.set("id", text_or_none(person.id));
  document.set("change", person.is_new ? "new" : "changed");
  Value::List list;
  for (const auto& one : person.differences) list.push_back(as_document(one));
  document.set("differences", std::move(list));
  return document;
}

Value summary_of(const SimulationOutcome& outcome, bool timing) {
  const auto& simulation = outcome.simulation;
  const auto& counts = outcome.counts;
  Value document;
  document.set("config", "sha256:" + outcome.sha256);
  document.set("people", simulation.people);
  document.set("changed", simulation.changed - counts.new_people);
  document.set("new", counts.new_people);
  document.set("attributes", document_of(counts.attributes));
  document.set("classes", document_of(counts.classes));
  document.set("states", document_of(counts.states));
  document.set("groupsJoined", document_of(counts.joined));
  document.set("groupsLeft", document_of(counts.left));
  document.set("recordsMoved", moves_document(simulation));
  document.set("records", as_document(simulation.counts));
  document.set("findings", as_document(simulation.findings));
  document.set("userNames", Value::List(counts.names.begin(), counts.names.end()));
  document.set("active", simulation.active);
  document.set("leaving", simulation.leaving);
  document.set("held", text_or_none(simulation.hold));
  Value::List sources;
  for (const auto& one : outcome.sources) sources.push_back(as_document(one));
  document.set("sources", std::move(sources));
  if (timing) {
    const std::chrono::duration<double> took = simulation.took, store = simulation.store;
    document.set("seconds", took.count());
    document.set("storeSeconds", store.count());
  }
  return document;
}

Value as_document(const ApplyOutcome& outcome, const std::string& mapping,
                  const std::string& refused, bool timing) {
  Value document;
  document.set("simulation", summary_of(outcome.seen, timing));
  if (!refused.empty()) {
    document.set("refused", refused);
    return document;
  }
  document.set("mapping", mapping);
  if (!outcome.previous.empty()) document.set("previous", outcome.previous.string());
  document.set("service", outcome.service_follows ? "reloaded" : "not running");
  if (outcome.run) document.set("run", as_document(outcome.run->row));
  return document;
}

}  // namespace muster::operations
