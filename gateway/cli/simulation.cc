// SPDX-License-Identifier: Apache-2.0
#include "gateway/cli/simulation.h"

#include <algorithm>
#include <cstdio>
#include <set>

#include "core/json.h"
#include "gateway/cli/report.h"

namespace muster::gateway::cli {
namespace {

std::string text_of(const Value& value) {
  if (value.is_none()) return {};
  return value.is_text() ? value.as_text() : write_json(value);
}

Value text_or_none(std::string text) { return text.empty() ? Value() : Value(std::move(text)); }

std::string text_of(const GroupMembership& one) {
  return one.role == "member" ? one.path : one.path + " (" + one.role + ")";
}

std::set<std::string> groups_of(const Identity& identity) {
  std::set<std::string> groups;
  for (const auto& one : identity.groups) groups.insert(text_of(one));
  return groups;
}

// For somebody who stays in the same groups: what else is different about them.
std::set<std::string> groups_in_detail(const Identity& identity) {
  std::set<std::string> groups;
  for (const auto& one : identity.groups)
    groups.insert(text_of(one) + " by " + one.rule + (one.create ? ", created if missing" : ""));
  return groups;
}

Value list_of(const std::set<std::string>& texts) {
  return Value::List(texts.begin(), texts.end());
}

Value list_of(const std::vector<std::string>& texts) {
  return Value::List(texts.begin(), texts.end());
}

Value counts_of(const std::map<std::string, std::int64_t>& counts) {
  Value document{Value::Object{}};
  for (const auto& [name, count] : counts) document.set(name, count);
  return document;
}

std::string rules_of_groups(const Identity& identity) {
  std::set<std::string> rules;
  for (const auto& one : identity.groups) rules.insert(one.rule);
  std::string text;
  for (const auto& one : rules) text += (text.empty() ? "" : ", ") + one;
  return text;
}

void print_counts(const char* what, const std::map<std::string, std::int64_t>& counts) {
  if (counts.empty()) return;
  std::string text;
  for (const auto& [name, count] : counts)
    text += (text.empty() ? "" : ", ") + name + " " + std::to_string(count);
  std::printf("  %-11s %s\n", what, printable(text).c_str());
}

}  // namespace

Result<std::vector<provision::SourceChange>> changed_sources(Runtime& runtime,
                                                             const provision::KeyedBy& in_force) {
  MUSTER_TRY(const auto snapshot, runtime.store().snapshot());
  const auto now = keyed_by(runtime.config(), *runtime.provisioner().engine());
  return provision::source_changes(*snapshot, now, in_force);
}

SimulationReport::SimulationReport(Format format, const mappings::Engine& engine, const Veil& veil,
                                   std::optional<std::size_t> limit)
    : format_(format), engine_(engine), veil_(veil), limit_(limit) {
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

SimulationReport::Difference SimulationReport::attribute(const provision::PersonChange& change,
                                                         const std::string& name) const {
  const auto* old = change.before ? change.before->find(name) : nullptr;
  const auto* now = change.after.find(name);
  const bool hidden = engine_.sensitive(name);
  const auto shown = [&](const IdentityAttribute* one) {
    if (one == nullptr) return Value();
    return hidden ? veil_(one->value) : one->value;
  };
  return {.what = name,
          .before = shown(old),
          .after = shown(now),
          .source = now == nullptr ? std::string{} : now->source,
          .rule = now == nullptr ? std::string{} : now->rule};
}

std::vector<SimulationReport::Difference> SimulationReport::differences_of(
    const provision::PersonChange& change) const {
  std::vector<Difference> all;
  const auto& after = change.after;
  auto names = change.changed;
  if (!change.before) {
    for (const auto& one : after.attributes) names.push_back(one.name);
    names.insert(names.end(), {"state", "classification"});
    if (!after.groups.empty()) names.emplace_back("groups");
  }
  const auto* before = change.before ? &*change.before : nullptr;
  for (const auto& name : names) {
    Difference one{.what = name};
    if (name == "state") {
      if (before != nullptr) one.before = name_of(before->state);
      one.after = name_of(after.state);
      one.rule = after.state_reason;
    } else if (name == "classification") {
      one.what = "class";
      if (before != nullptr) one.before = name_of(before->classification);
      one.after = name_of(after.classification);
      one.rule = after.classification_rule;
    } else if (name == "groups") {
      const bool same = before != nullptr && groups_of(*before) == groups_of(after);
      const auto shown = same ? groups_in_detail : groups_of;
      if (before != nullptr) one.before = list_of(shown(*before));
      one.after = list_of(shown(after));
      one.rule = rules_of_groups(after);
    } else if (name == "sources") {
      if (before != nullptr) one.before = list_of(before->sources);
      one.after = list_of(after.sources);
    } else if (name == "findings") {
      std::set<std::string> old, now;
      for (const auto& finding : before->findings) old.insert(finding.code);
      for (const auto& finding : after.findings) now.insert(finding.code);
      one.before = list_of(old);
      one.after = list_of(now);
    } else {
      one = attribute(change, name);
    }
    all.push_back(std::move(one));
  }
  return all;
}

void SimulationReport::count(const provision::PersonChange& change,
                             const std::vector<Difference>& differences) {
  const auto& after = change.after;
  if (!change.before) {
    ++new_people_;
    names_.push_back(after.user_name);
    ++classes_["new -> " + std::string(name_of(after.classification))];
    ++states_["new -> " + std::string(name_of(after.state))];
    for (const auto& group : groups_of(after)) ++joined_[group];
    return;
  }
  const auto& before = *change.before;
  for (const auto& one : differences) {
    if (one.what != "state" && one.what != "class" && one.what != "groups") ++attributes_[one.what];
  }
  if (before.classification != after.classification)
    ++classes_[std::string(name_of(before.classification)) + " -> " +
               std::string(name_of(after.classification))];
  if (before.state != after.state)
    ++states_[std::string(name_of(before.state)) + " -> " + std::string(name_of(after.state))];
  const auto old = groups_of(before), now = groups_of(after);
  for (const auto& group : now) {
    if (!old.contains(group)) ++joined_[group];
  }
  for (const auto& group : old) {
    if (!now.contains(group)) ++left_[group];
  }
}

void SimulationReport::show(const provision::PersonChange& change,
                            const std::vector<Difference>& differences) {
  const std::string_view verb = change.before ? "changed" : "new";
  const auto id = change.before ? change.after.id : std::string{};
  Value document;
  document.set("userName", change.after.user_name);
  document.set("id", text_or_none(id));
  document.set("change", verb);
  Value::List list;
  for (const auto& one : differences) {
    Value item;
    item.set("what", one.what);
    item.set("before", one.before);
    item.set("after", one.after);
    if (!one.source.empty()) item.set("source", one.source);
    if (!one.rule.empty()) item.set("rule", one.rule);
    list.push_back(std::move(item));
  }
  document.set("differences", std::move(list));
  if (format_ == Format::json) {
    std::printf("%s\n%s", shown_ == 1 ? "" : ",", write_json(document).c_str());
    return;
  }
  if (format_ == Format::jsonl) {
    rows_->add({}, std::move(document));
    return;
  }
  for (const auto& one : differences)
    rows_->add({change.after.user_name, id, std::string(verb), one.what, text_of(one.before),
                text_of(one.after), one.source, one.rule});
}

void SimulationReport::add(const provision::PersonChange& change) {
  const auto differences = differences_of(change);
  count(change, differences);
  if (limit_ && shown_ >= *limit_) return;
  ++shown_;
  show(change, differences);
}

Value SimulationReport::summary(const provision::Simulation& simulation, bool timing) const {
  Value document;
  document.set("config", "sha256:" + engine_.sha256());
  document.set("people", simulation.people);
  document.set("changed", simulation.changed - new_people_);
  document.set("new", new_people_);
  document.set("attributes", counts_of(attributes_));
  document.set("classes", counts_of(classes_));
  document.set("states", counts_of(states_));
  document.set("groupsJoined", counts_of(joined_));
  document.set("groupsLeft", counts_of(left_));
  Value moves{Value::Object{}};
  for (const auto& [move, count] : simulation.moves)
    moves.set(
        std::string(store::name_of(move.first)) + " -> " + std::string(store::name_of(move.second)),
        count);
  document.set("recordsMoved", std::move(moves));
  document.set("records", counts_document(simulation.counts));
  document.set("userNames", list_of(names_));
  document.set("active", simulation.active);
  document.set("leaving", simulation.leaving);
  document.set("held", text_or_none(simulation.hold));
  Value::List sources;
  for (const auto& one : sources_) {
    Value source;
    source.set("source", one.source);
    source.set("change", name_of(one.what));
    source.set("people", one.people);
    source.set("message", one.message);
    sources.push_back(std::move(source));
  }
  document.set("sources", std::move(sources));
  if (timing) {
    const std::chrono::duration<double> took = simulation.took, store = simulation.store;
    document.set("seconds", took.count());
    document.set("storeSeconds", store.count());
  }
  return document;
}

void SimulationReport::print_summary(const provision::Simulation& simulation) const {
  std::printf("%lld people looked at, %lld would change, %lld new\n",
              static_cast<long long>(simulation.people),
              static_cast<long long>(simulation.changed - new_people_),
              static_cast<long long>(new_people_));
  print_counts("attributes", attributes_);
  print_counts("classes", classes_);
  print_counts("states", states_);
  print_counts("joining", joined_);
  print_counts("leaving", left_);
  std::map<std::string, std::int64_t> moves;
  for (const auto& [move, count] : simulation.moves)
    moves[std::string(store::name_of(move.first)) + " -> " +
          std::string(store::name_of(move.second))] = count;
  print_counts("records", moves);
  std::string names;
  for (std::size_t i = 0; i < std::min<std::size_t>(names_.size(), 20); ++i)
    names += (i == 0 ? "" : ", ") + names_[i];
  if (names_.size() > 20) names += " and " + std::to_string(names_.size() - 20) + " more";
  if (!names.empty()) std::printf("  %-11s %s\n", "user names", printable(names).c_str());
  for (const auto& one : sources_)
    std::printf("  ATTENTION   %s\n", printable(one.message).c_str());
  if (!simulation.hold.empty())
    std::printf("  the guard would hold this: %s\n", simulation.hold.c_str());
}

void SimulationReport::finish(const provision::Simulation& simulation, bool timing) {
  if (format_ == Format::json) {
    std::printf("%s],\n\"summary\": %s}\n", shown_ == 0 ? "" : "\n",
                write_json(summary(simulation, timing)).c_str());
    std::fflush(stdout);
    return;
  }
  if (format_ == Format::table) {
    print_summary(simulation);
    if (shown_ > 0) std::printf("\n");
  }
  if (format_ != Format::table || shown_ > 0) rows_->finish();
  const auto all = static_cast<std::size_t>(simulation.changed);
  if (format_ == Format::table && all > shown_)
    std::printf("and %zu more people (--limit N, or -o json)\n", all - shown_);
  if (timing) {
    const std::chrono::duration<double> took = simulation.took, store = simulation.store;
    std::fprintf(stderr, "%.2f s, of which %.2f s the store (%.0f %%)\n", took.count(),
                 store.count(), took.count() > 0 ? 100 * store.count() / took.count() : 0.0);
  }
}

}  // namespace muster::gateway::cli
