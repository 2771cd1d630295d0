// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <tuple>

#include "core/json.h"
#include "mappings/explain.h"
#include "mappings/explain_parts.h"
#include "mappings/stages.h"

namespace muster::mappings {
namespace {

// A world in which nobody is known and every name is free.
class Nobody final : public World {
 public:
  Result<std::vector<Candidate>> find(const MatchKey&) const override {
    return std::vector<Candidate>();
  }
  Result<bool> name_taken(std::string_view, std::string_view) const override { return false; }
};

// `groups` of a record: its names, as rules see them under from.<tag>.groups.
std::vector<SourceGroup> groups_of_record(const SourceModel& source, const Value& record) {
  std::vector<SourceGroup> groups;
  const Value* named = source.info.kind == "csv" ? nullptr : record.find_fold("groups");
  if (!named || !named->is_list()) return groups;
  const auto text = [](const Value& group, std::string_view name) {
    const Value* found = group.find(name);
    return found && found->is_text() ? found->as_text() : std::string();
  };
  for (const auto& group : named->as_list())
    if (group.is_object()) groups.push_back({text(group, "display"), text(group, "value"), false});
  std::sort(groups.begin(), groups.end(), [](const SourceGroup& a, const SourceGroup& b) {
    return std::tie(a.display, a.value) < std::tie(b.display, b.value);
  });
  return groups;
}

Value link_of(const Engine& engine, const Correlation& found, const Mask& mask) {
  Value link = empty_object();
  link.set("how", found.tier.empty() ? "no tier" : "tier " + found.tier);
  link.set("result", found.outcome == Correlation::Outcome::create ? "create" : "review");
  link.set("reason", found.reason);
  link.set("tiers", tiers_of(engine, found, mask));
  return link;
}

// The lines of the record have their values and steps; the person knows whose word each is, and
// what else there is.
void add_person(Value& document, Value person) {
  Value* lines = document.find("attributes");
  for (auto& attribute : person.find("attributes")->as_object()) {
    Value* line = lines->find(attribute.name);
    if (line == nullptr && attribute.name != "userName") continue;
    if (line == nullptr) {
      attribute.value.set("frozen", false);
      lines->set(attribute.name, std::move(attribute.value));
      continue;
    }
    for (const auto* member : {"source", "others"})
      if (Value* known = attribute.value.find(member)) line->set(member, std::move(*known));
  }
  for (const auto* member : {"class", "groups", "checks"})
    document.set(member, std::move(*person.find(member)));
  Value::List findings = document.find("findings")->as_list();
  for (auto& finding : person.find("findings")->as_list())
    if (!(*finding.find("code") == Value("W-REF"))) findings.push_back(std::move(finding));
  document.set("findings", std::move(findings));
}

}  // namespace

Value tiers_of(const Engine& engine, const Correlation& found, const Mask& mask) {
  Value::List tiers;
  for (const auto& tier : found.tiers) {
    Value one;
    one.set("id", tier.id);
    one.set("at", tier.at);
    if (!tier.skipped.empty()) {
      one.set("skipped", tier.skipped);
    } else {
      Value::List keys;
      for (const auto& key : tier.keys) {
        Value asked;
        asked.set("attribute", key.attribute);
        asked.set("key", engine.sensitive(key.attribute) ? mask(Value(key.key)) : Value(key.key));
        keys.push_back(std::move(asked));
      }
      one.set("asked", std::move(keys));
      one.set("hits", static_cast<std::int64_t>(tier.found.size()));
      one.set("found", Value::List(tier.found.begin(), tier.found.end()));
    }
    tiers.push_back(std::move(one));
  }
  return tiers;
}

Result<Value> explain_alone(const Engine& engine, const SourceRecord& record, Timestamp run_time,
                            const Mask& mask) {
  auto document = explain_record(engine, record, run_time, mask);
  const SourceModel* source = engine.impl().model.source(record.key.source);
  const auto mapped = engine.map(record, run_time);
  if (source == nullptr || !mapped.in_scope || mapped.quarantined) return document;
  const Nobody nobody;
  MUSTER_TRY(const auto found, engine.correlate(mapped.contribution, nobody));
  document.set("link", link_of(engine, found, mask));
  MUSTER_TRY(auto attributes, parse_json(record.document));
  Told told;
  told.contribution = mapped.contribution;
  told.groups = groups_of_record(*source, attributes);
  told.record = std::move(attributes);
  told.enabled = mapped.enabled;
  told.correlated_by = "create";
  const Told all[] = {std::move(told)};
  MUSTER_TRY(const auto settled, engine.settle(all, nullptr, nobody, run_time));
  MUSTER_TRY(auto person, explain_identity(engine, all, settled.identity, nobody, run_time, mask));
  add_person(document, std::move(person));
  document.set("state", settled.quarantined ? "quarantined" : name_of(settled.identity.state));
  document.set("reason", settled.quarantined ? settled.reason : settled.identity.state_reason);
  document.set("quarantined", settled.quarantined);
  return document;
}

}  // namespace muster::mappings
