// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "core/text.h"
#include "mappings/load.h"
#include "mappings/record_schema.h"

namespace muster::mappings {
namespace {

bool is_source_name(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
  });
}

// Several environments see the same attributes, any of which may be missing.
std::shared_ptr<const Fields> optional_fields(const Schema& schema) {
  auto fields = std::make_shared<Fields>(*schema.fields());
  for (auto& field : fields->fields) field.type = as_optional(field.type);
  return fields;
}

void keep_empty(Report& report, const YamlNode& node, const std::string& what, Fields& fields) {
  for (const auto* name : report.scalars(node, what)) {
    if (auto position = fields.find(name->text)) {
      fields.fields[*position].keep_empty = true;
      continue;
    }
    std::vector<std::string> names;
    for (const auto& field : fields.fields) names.push_back(field.name);
    report.error(*name, "E-NAME",
                 "unknown attribute '" + name->text + "'" + did_you_mean(name->text, names));
  }
}

std::shared_ptr<const Fields> fields_of(Loading& loading, const YamlNode& node,
                                        const std::string& kind, const std::string& what) {
  Report& report = loading.report;
  const YamlNode* records = node.find("records");
  if (!records) {
    report.error(node, "E-MISSING", what + " needs 'records'");
    return std::make_shared<Fields>();
  }
  std::shared_ptr<const Fields> fields = scim_user_fields();
  if (kind != "scim")
    fields = read_records(report, *records, kind, what + ".records");
  else if (records->kind != YamlNode::Kind::scalar || records->text != "scim.user")
    report.error(*records, "E-VALUE", what + ".records of a source of kind scim is scim.user");
  if (const auto* names = node.find("keep_empty")) {
    auto changed = std::make_shared<Fields>(*fields);
    keep_empty(report, *names, what + ".keep_empty", *changed);
    fields = changed;
  }
  return fields;
}

// What names a SCIM record is one of its attributes. Others may have columns and attributes that
// are declared nowhere (entryUUID); one that is declared in other letters is meant.
void check_key(Report& report, const YamlNode& node, const SourceModel& source) {
  const YamlNode* key = node.find("key");
  if (!key || source.fields->find(key->text)) return;
  std::vector<std::string> names;
  bool meant = source.info.kind == "scim";
  for (const auto& field : source.fields->fields) {
    names.push_back(field.name);
    meant = meant || ascii_equal_fold(field.name, key->text);
  }
  if (meant)
    report.error(*key, "E-NAME",
                 "unknown attribute '" + key->text + "' (source " + source.info.name + ")" +
                     did_you_mean(key->text, names));
}

void declare_source(Loading& loading, const YamlNode::Entry& entry) {
  Report& report = loading.report;
  auto what = "sources." + entry.key;
  if (!is_source_name(entry.key))
    report.error(entry.line, entry.column, "E-NAME",
                 "'" + entry.key + "' cannot be the name of a source: a-z, 0-9, _ and -");
  if (!report.has_only(entry.value, what,
                       {"kind", "tag", "records", "key", "key_match", "scope", "map", "keep_empty",
                        "primary", "trust"}))
    return;
  SourceModel source;
  source.info.name = entry.key;
  loading.need(entry.value, "kind", what);
  // With a misspelt kind the records still say what they are.
  const YamlNode* records = entry.value.find("records");
  const bool scim = records && records->kind == YamlNode::Kind::scalar;
  source.info.kind =
      report.word(entry.value, "kind", what, {"scim", "ldap", "csv"}, scim ? "scim" : "csv");
  source.info.tag = report.text(entry.value, "tag", what).value_or(entry.key);
  source.info.key = loading.need(entry.value, "key", what).value_or("");
  if (entry.value.find("key_match")) {
    const auto match = report.word(entry.value, "key_match", what, {"fold", "exact"}, "exact");
    source.info.declared_match = match == "fold" ? KeyMatch::fold : KeyMatch::exact;
  }
  source.info.match = source.info.key_match(source.info.key);
  source.declared_trust = report.integer(entry.value, "trust", what);
  if (loading.model.source_of_tag(source.info.tag))
    report.error(entry.line, entry.column, "E-DUP",
                 "the tag '" + source.info.tag + "' belongs to another source already");
  source.fields = fields_of(loading, entry.value, source.info.kind, what);
  check_key(report, entry.value, source);
  source.environment.library = loading.model.library;
  source.environment.title = "source " + entry.key;
  source.environment.record = source.fields;
  source.environment.out = optional_fields(loading.model.schema);
  loading.model.sources.push_back(std::move(source));
  loading.model.from_reads.emplace_back();
}

void make_identity_environment(Model& model) {
  model.identity.library = model.library;
  model.identity.title = "the identity";
  model.identity.record = model.schema.fields();
  model.identity.sources = true;
  for (const auto& source : model.sources)
    model.identity.from.push_back({source.info.tag, with_groups(*source.fields)});
}

void load_scope(Loading& loading, const YamlNode& node, SourceModel& source) {
  auto what = "sources." + source.info.name + ".scope";
  if (!loading.report.is_sequence(node, what)) return;
  std::vector<std::string> ids;
  for (const auto& item : node.items) {
    if (!loading.report.has_only(item, what, {"id", "skip"})) continue;
    auto id = loading.need_id(item, what, ids);
    if (!loading.need(item, "skip", what)) continue;
    if (auto rule = loading.rule_at(item, "skip", id.value_or(""), source.environment, condition(),
                                    source.layout))
      source.scope.push_back(*std::move(rule));
  }
}

// Which account speaks first: a yes or no, or something with an order.
void load_primary(Loading& loading, const YamlNode& written, SourceModel& source) {
  auto rule = loading.rule_at(written, "primary", "sources." + source.info.name + ".primary",
                              source.environment, Expected{}, source.layout);
  if (!rule) return;
  switch (rule->program.type().kind) {
    case Type::Kind::boolean:
    case Type::Kind::integer:
    case Type::Kind::date:
    case Type::Kind::text:
      source.primary = *std::move(rule);
      return;
    default:
      loading.report.error(*written.find("primary"), "E-TYPE",
                           "primary is a condition, a number, a date or a text: the account for "
                           "which it is true, or smallest, speaks first");
  }
}

void load_line(Loading& loading, const YamlNode::Entry& entry, SourceModel& source) {
  Report& report = loading.report;
  auto what = "sources." + source.info.name + ".map." + entry.key;
  const Schema& schema = loading.model.schema;
  auto position = schema.position(entry.key);
  if (!position)
    return report.error(entry.line, entry.column, "E-NAME",
                        "unknown attribute '" + entry.key + "' of the identity" +
                            did_you_mean(entry.key, schema.names()));
  const Attribute& attribute = schema.attributes[*position];
  if (attribute.settled)
    return report.error(entry.line, entry.column, "E-NAME",
                        "'" + entry.key + "' cannot be mapped: " +
                            (entry.key == "userName" ? "the patterns of 'username' make it"
                                                     : "the rules of 'classify' make it"));
  OnError on_error = OnError::none;
  const bool says_on_error =
      entry.value.kind == YamlNode::Kind::mapping && entry.value.find("on_error") != nullptr;
  When when = When::always;
  const YamlNode* expr = &entry.value;
  if (entry.value.kind == YamlNode::Kind::mapping) {
    report.has_only(entry.value, what, {"expr", "on_error", "when"});
    auto word = report.word(entry.value, "on_error", what, {"none", "keep", "quarantine"}, "none");
    on_error = word == "keep"         ? OnError::keep
               : word == "quarantine" ? OnError::quarantine
                                      : OnError::none;
    word = report.word(entry.value, "when", what, {"always", "create", "empty"}, "always");
    when = word == "create" ? When::create : word == "empty" ? When::empty : When::always;
    if (!loading.need(entry.value, "expr", what)) return;
    expr = entry.value.find("expr");
  }
  Expected expected{as_optional(attribute.type), true};
  auto rule = loading.rule(*expr, what, source.environment, expected, source.layout);
  if (!rule) return;
  MapLine line{*std::move(rule), attribute.name, *position, on_error};
  line.says_on_error = says_on_error;
  line.sensitive = attribute.sensitive;
  line.trim = attribute.trim;
  line.when = when;
  source.lines.push_back(std::move(line));
}

// Puts lines behind those whose `out` they read (depth first); a circle is E-CYCLE with its path.
class LineOrder {
 public:
  LineOrder(Report& report, const YamlNode& node, std::vector<MapLine>& lines)
      : report_(report), node_(node), lines_(lines), state_(lines.size(), State::fresh) {}

  void sort() {
    for (std::size_t i = 0; i < lines_.size(); ++i) visit(i);
    std::vector<MapLine> sorted;
    for (auto i : order_) sorted.push_back(std::move(lines_[i]));
    lines_ = std::move(sorted);
  }

 private:
  enum class State { fresh, open, done };

  void visit(std::size_t i) {
    if (state_[i] == State::done) return;
    if (state_[i] == State::open) return report_circle(i);
    state_[i] = State::open;
    path_.push_back(i);
    for (const auto& name : lines_[i].rule.program.reads().out)
      for (std::size_t j = 0; j < lines_.size(); ++j)
        if (lines_[j].attribute == name) visit(j);
    path_.pop_back();
    state_[i] = State::done;
    order_.push_back(i);
  }

  void report_circle(std::size_t i) {
    std::string text;
    auto begin = std::find(path_.begin(), path_.end(), i);
    for (auto at = begin; at != path_.end(); ++at) text += lines_[*at].attribute + " -> ";
    const YamlNode* line = node_.find(lines_[i].attribute);
    report_.error(*line, "E-CYCLE",
                  "these lines wait for each other: " + text + lines_[i].attribute);
  }

  Report& report_;
  const YamlNode& node_;
  std::vector<MapLine>& lines_;
  std::vector<State> state_;
  std::vector<std::size_t> path_;
  std::vector<std::size_t> order_;
};

void load_map(Loading& loading, const YamlNode& node, SourceModel& source) {
  auto what = "sources." + source.info.name + ".map";
  if (!loading.report.is_mapping(node, what)) return;
  for (const auto& entry : node.entries) load_line(loading, entry, source);
  LineOrder(loading.report, node, source.lines).sort();
  source.line_of.assign(loading.model.schema.attributes.size(), std::nullopt);
  for (std::size_t i = 0; i < source.lines.size(); ++i) {
    source.line_of[source.lines[i].out] = i;
    source.sorted.push_back(i);
  }
  std::sort(source.sorted.begin(), source.sorted.end(), [&](std::size_t a, std::size_t b) {
    return source.lines[a].attribute < source.lines[b].attribute;
  });
}

}  // namespace

void load_sources(Loading& loading, const YamlNode& root) {
  Report& report = loading.report;
  const YamlNode* node = root.find("sources");
  if (!node || node->entries.empty()) {
    report.error(node ? *node : root, "E-MISSING",
                 "the file needs 'sources' with at least one source");
    return make_identity_environment(loading.model);
  }
  if (!report.is_mapping(*node, "sources")) return make_identity_environment(loading.model);
  for (const auto& entry : node->entries) declare_source(loading, entry);
  make_identity_environment(loading.model);
  for (auto& source : loading.model.sources) {
    const YamlNode& written = *node->find(source.info.name);
    source.line_of.assign(loading.model.schema.attributes.size(), std::nullopt);
    if (const auto* scope = written.find("scope")) load_scope(loading, *scope, source);
    load_primary(loading, written, source);
    source.environment.people = fields_of_others(loading.model.schema);
    if (const auto* map = written.find("map"))
      load_map(loading, *map, source);
    else
      report.error(written, "E-MISSING", "sources." + source.info.name + " needs 'map'");
    source.environment.people.reset();
  }
}

}  // namespace muster::mappings
