// SPDX-License-Identifier: Apache-2.0
// References between people: which lines wait for others, and that nobody waits for ever.
#include <algorithm>
#include <map>
#include <set>

#include "mappings/load.h"

namespace muster::mappings {
namespace {

bool is_reference(const Type& type) {
  return type.kind == Type::Kind::ref ||
         (type.kind == Type::Kind::list && type.element->kind == Type::Kind::ref);
}

// A line that reads what another line gives is late when that one is. Lines stand in the order of
// their dependencies.
void mark_late(SourceModel& source) {
  auto late = [&](const std::string& name) {
    return std::any_of(source.lines.begin(), source.lines.end(),
                       [&](const MapLine& line) { return line.late && line.attribute == name; });
  };
  std::set<std::string> read;  // by late lines
  for (auto& line : source.lines) {
    const Reads& reads = line.rule.program.reads();
    line.late = !reads.deref.empty() || std::any_of(reads.out.begin(), reads.out.end(), late);
  }
  for (std::size_t i = source.lines.size(); i-- > 0;) {
    const MapLine& line = source.lines[i];
    if (!line.late && !read.contains(line.attribute)) continue;
    const auto& out = line.rule.program.reads().out;
    read.insert(out.begin(), out.end());
    source.late.insert(source.late.begin(), i);
  }
}

// Whatever follows from other people cannot be what other people follow from: people would wait for
// each other, and a cycle of managers would never come to rest.
class Circles {
 public:
  explicit Circles(Loading& loading) : loading_(loading) {
    for (const auto& source : loading.model.sources)
      for (const auto& line : source.lines)
        if (line.late) waits(line.attribute, line.rule.id);
    for (const auto& rule : loading.model.classify.rules)
      if (follows(rule.rule)) waits("external", rule.rule.id);
    const auto& expired = loading.model.lifecycle.expired;
    if (expired && follows(*expired)) waits("enabled", expired->id);
  }

  void report() const {
    for (const auto& rule : loading_.compiled) {
      for (const auto& name : rule.reads.deref)
        if (auto why = why_.find(name); why != why_.end())
          refuse(rule, "'" + name +
                           "' of another person cannot be read here, because it follows "
                           "from other people itself: " +
                           rule.id + " -> " + name + " -> " + why->second + " -> deref");
      if (!rule.id.starts_with("username.")) continue;
      for (const auto& name : rule.reads.record)
        if (why_.contains(name))
          refuse(rule, "a user name cannot wait for another person: " + name + " -> " +
                           why_.at(name) + " -> deref");
    }
  }

  void report_tiers(const YamlNode& root) const {
    for (const auto& tier : loading_.model.correlate.tiers)
      for (const auto& match : tier.match)
        if (why_.contains(match.attribute))
          loading_.report.error(*root.find("correlate"), "E-CYCLE",
                                "the tier '" + tier.id + "' cannot match '" + match.attribute +
                                    "', which follows from other people (" +
                                    why_.at(match.attribute) +
                                    ") and is known only when it is clear who the person is");
  }

 private:
  void waits(const std::string& attribute, const std::string& rule) {
    why_.try_emplace(attribute, rule);
  }

  bool follows(const Rule& rule) const {
    const Reads& reads = rule.program.reads();
    return !reads.deref.empty() ||
           std::any_of(reads.record.begin(), reads.record.end(),
                       [&](const auto& name) { return why_.contains(name); });
  }

  void refuse(const Loading::Compiled& rule, std::string message) const {
    loading_.report.error(rule.place.line, rule.place.column, "E-CYCLE", std::move(message));
  }

  Loading& loading_;
  std::map<std::string, std::string> why_;  // attribute -> the rule by which it follows from others
};

}  // namespace

std::shared_ptr<const Fields> fields_of_others(const Schema& schema) {
  auto fields = std::make_shared<Fields>(*schema.fields());
  for (auto& field : fields->fields) {
    if (is_reference(field.type))
      field.type = field.type.kind == Type::Kind::list ? list_of(text_type()) : text_type();
    field.type = as_optional(field.type);
  }
  return fields;
}

void load_references(Loading& loading, const YamlNode& root) {
  Model& model = loading.model;
  for (auto& source : model.sources) {
    mark_late(source);
    model.reads_records = model.reads_records || !source.late.empty();
  }
  const auto& attributes = model.schema.attributes;
  for (std::size_t i = 0; i < attributes.size(); ++i) {
    bool mapped = std::any_of(model.sources.begin(), model.sources.end(), [&](const auto& source) {
      return source.line_of.size() > i && source.line_of[i].has_value();
    });
    if (mapped && is_reference(attributes[i].type)) model.references.push_back(i);
  }
  std::set<std::string> names;
  for (const auto& rule : loading.compiled)
    names.insert(rule.reads.deref.begin(), rule.reads.deref.end());
  model.dereferenced.assign(names.begin(), names.end());
  model.refers = !model.references.empty() || !names.empty();
  Circles circles(loading);
  circles.report();
  circles.report_tiers(root);
}

}  // namespace muster::mappings
