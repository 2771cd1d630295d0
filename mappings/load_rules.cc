// SPDX-License-Identifier: Apache-2.0
// Loads the rules about the identity as a whole: classify, groups, lifecycle, validate.
#include <algorithm>

#include "mappings/language/ast.h"
#include "mappings/language/code.h"
#include "mappings/load.h"
#include "mappings/stages.h"

namespace muster::mappings {
namespace {

std::optional<Classification> classification(Loading& loading, const YamlNode& node,
                                             const std::string& what) {
  if (!loading.need(node, "class", what)) return std::nullopt;
  auto word = loading.report.word(node, "class", what, {"internal", "external"}, "");
  if (word.empty()) return std::nullopt;
  return word == "internal" ? Classification::internal : Classification::external;
}

void load_class_rule(Loading& loading, const YamlNode& node, std::vector<std::string>& ids) {
  const std::string what = "classify.rules";
  if (!loading.report.has_only(node, what, {"id", "class", "when"})) return;
  auto id = loading.need_id(node, what, ids);
  auto decided = classification(loading, node, what);
  if (!loading.need(node, "when", what)) return;
  auto rule = loading.rule_at(node, "when", id.value_or(""), loading.model.identity, condition(),
                              loading.model.identity_layout);
  if (!rule || !id || !decided) return;
  const auto& reads = rule->program.reads().record;
  if (std::find(reads.begin(), reads.end(), "external") != reads.end())
    loading.report.error(
        *node.find("when"), "E-CYCLE",
        "'external' is what these rules decide: external -> " + *id + " -> external");
  loading.model.classify.rules.push_back({*std::move(rule), *decided});
}

// The text when the expression is nothing but one.
std::optional<std::string> constant_text(const Program& program) {
  const Code& code = program.code();
  if (code.instructions.size() != 2 || code.instructions[0].op != Op::constant) return std::nullopt;
  const Datum& datum = code.constants[code.instructions[0].k];
  if (datum.tag != Datum::Tag::text) return std::nullopt;
  return std::string(datum.text());
}

// The text with which every value of the expression begins.
std::string constant_beginning(const Program& program) {
  SyntaxError error;
  const auto tree = parse(program.text(), error);
  if (!tree || tree->kind != Node::Kind::pattern || tree->children[0].kind != Node::Kind::text)
    return {};
  return tree->children[0].text;
}

void check_path(Loading& loading, const YamlNode& to, const Program& program) {
  const GroupsModel& groups = loading.model.groups;
  if (const auto constant = constant_text(program)) {
    if (const auto problem = path_problem(groups, *constant); !problem.empty())
      loading.report.error(to, "E-VALUE", "'" + *constant + "' " + problem);
    return;
  }
  const auto beginning = constant_beginning(program);
  const bool fits = std::any_of(groups.managed.begin(), groups.managed.end(), [&](const auto& one) {
    return one.starts_with(beginning) || beginning.starts_with(one);
  });
  if (!fits && !groups.managed.empty())
    loading.report.error(to, "E-VALUE", "'" + beginning + "...' lies outside the managed prefixes");
}

std::optional<GroupRule> load_group_rule(Loading& loading, const YamlNode& node,
                                         std::vector<std::string>& ids) {
  const std::string what = "groups.rules";
  Model& model = loading.model;
  if (!loading.report.has_only(node, what,
                               {"id", "for", "when", "to", "role", "create", "flatten"}))
    return std::nullopt;
  auto id = loading.need_id(node, what, ids);
  if (!loading.need(node, "to", what)) return std::nullopt;
  auto path = "groups.rules." + id.value_or("");
  auto when = loading.rule_at(node, "when", path + ".when", model.identity, condition(),
                              model.identity_layout);
  auto each =
      loading.rule_at(node, "for", path + ".for", model.identity, {}, model.identity_layout);
  Environment environment = model.identity;
  if (each) {
    const Type& type = each->program.type();
    environment.item = as_required(type.kind == Type::Kind::list ? *type.element : type);
  } else if (node.find("for")) {
    environment.item = text_type();  // what is wrong with `for` is no error of `to`
  }
  auto to = loading.rule_at(node, "to", path + ".to", environment, {text_type(true), false},
                            model.identity_layout);
  if (!to || !id || (node.find("for") && !each) || (node.find("when") && !when))
    return std::nullopt;
  check_path(loading, *node.find("to"), to->program);
  auto role = loading.report.text(node, "role", path).value_or("member");
  const bool create = loading.report.boolean(node, "create", path).value_or(false);
  const bool flatten = loading.report.boolean(node, "flatten", path).value_or(false);
  model.groups.flattens = model.groups.flattens || flatten;
  const bool slugs = each && to->program.reads().slugs;
  return GroupRule{*id,
                   loading.report.place(node),
                   std::move(when),
                   std::move(each),
                   *std::move(to),
                   std::move(role),
                   create,
                   flatten,
                   slugs};
}

void load_check(Loading& loading, const YamlNode& node, std::vector<std::string>& ids) {
  const std::string what = "validate";
  Model& model = loading.model;
  if (!loading.report.has_only(node, what, {"id", "severity", "check", "message"})) return;
  auto id = loading.need_id(node, what, ids);
  auto word = loading.report.word(node, "severity", what, {"error", "warning", "info"}, "error");
  if (!loading.need(node, "check", what)) return;
  auto rule = loading.rule_at(node, "check", id.value_or(""), model.identity, condition(),
                              model.identity_layout);
  if (!rule || !id) return;
  auto severity = word == "error"     ? Severity::error
                  : word == "warning" ? Severity::warning
                                      : Severity::info;
  const auto& reads = rule->program.reads().record;
  auto attribute = reads.empty() ? std::string() : reads.front();
  auto message = loading.report.text(node, "message", what).value_or("");
  model.checks.push_back({*std::move(rule), severity, std::move(attribute), std::move(message)});
}

void load_guard(Loading& loading, const YamlNode& node) {
  const std::string what = "lifecycle.guard";
  GuardLimits& guard = loading.model.lifecycle.guard;
  if (!loading.report.has_only(node, what, {"max_deactivate", "min_count"})) return;
  guard.share = loading.report.share(node, "max_deactivate", what).value_or(guard.share);
  guard.count = loading.report.integer(node, "min_count", what).value_or(guard.count);
}

// `then: disable` is all that happens to people at once; only `finally` may delete.
void only_disable(Loading& loading, const YamlNode& node, const std::string& what) {
  loading.report.word(node, "then", what, {"disable"}, "disable");
}

}  // namespace

void load_classify(Loading& loading, const YamlNode& root) {
  Report& report = loading.report;
  ClassifyModel& classify = loading.model.classify;
  const YamlNode* node = root.find("classify");
  if (!node) {
    report.error(root, "E-MISSING", "the file needs 'classify' with at least 'otherwise'");
    return;
  }
  if (!report.has_only(*node, "classify", {"sets", "rules", "otherwise"})) return;
  report.word(*node, "sets", "classify", {"external"}, "external");
  std::vector<std::string> ids;
  if (const auto* rules = node->find("rules");
      rules && report.is_sequence(*rules, "classify.rules"))
    for (const auto& rule : rules->items) load_class_rule(loading, rule, ids);
  const YamlNode* otherwise = node->find("otherwise");
  if (!otherwise)
    return report.error(*node, "E-MISSING",
                        "classify needs 'otherwise': { id: unknown, class: external }");
  if (!report.has_only(*otherwise, "classify.otherwise", {"id", "class"})) return;
  classify.otherwise_id = loading.need_id(*otherwise, "classify.otherwise", ids).value_or("");
  classify.otherwise_at = report.place(*otherwise);
  classify.otherwise =
      classification(loading, *otherwise, "classify.otherwise").value_or(Classification::external);
}

void load_groups(Loading& loading, const YamlNode& root) {
  Report& report = loading.report;
  const YamlNode* node = root.find("groups");
  if (!node || !report.has_only(*node, "groups", {"managed", "rules"})) return;
  GroupsModel& groups = loading.model.groups;
  if (const auto* managed = node->find("managed"))
    for (const auto* prefix : report.scalars(*managed, "groups.managed")) {
      if (!prefix->text.starts_with('/') || !prefix->text.ends_with('/'))
        report.error(*prefix, "E-VALUE", "a managed prefix begins and ends with '/'");
      groups.managed.push_back(prefix->text);
    }
  const YamlNode* rules = node->find("rules");
  if (!rules || !report.is_sequence(*rules, "groups.rules")) return;
  if (groups.managed.empty())
    report.error(*node, "E-MISSING", "groups needs 'managed': the prefixes that rules may fill");
  std::vector<std::string> ids;
  for (const auto& written : rules->items)
    if (auto rule = load_group_rule(loading, written, ids))
      groups.rules.push_back(*std::move(rule));
}

void load_lifecycle(Loading& loading, const YamlNode& root) {
  Report& report = loading.report;
  Model& model = loading.model;
  const YamlNode* node = root.find("lifecycle");
  if (!node || !report.has_only(*node, "lifecycle", {"inactive", "absent", "expired", "guard"}))
    return;
  if (const auto* inactive = node->find("inactive");
      inactive && report.has_only(*inactive, "lifecycle.inactive", {"then"}))
    only_disable(loading, *inactive, "lifecycle.inactive");
  if (const auto* absent = node->find("absent");
      absent &&
      report.has_only(*absent, "lifecycle.absent", {"grace", "then", "retain", "finally"})) {
    only_disable(loading, *absent, "lifecycle.absent");
    AbsencePolicy& policy = model.lifecycle.absence;
    policy.grace = report.duration(*absent, "grace", "lifecycle.absent").value_or(policy.grace);
    policy.retain = report.duration(*absent, "retain", "lifecycle.absent");
    policy.remove =
        report.word(*absent, "finally", "lifecycle.absent", {"keep", "delete"}, "keep") == "delete";
    if (policy.remove && !absent->find("retain"))
      report.error(*absent, "E-MISSING",
                   "lifecycle.absent with 'finally: delete' needs 'retain': how long people are "
                   "kept before they are deleted, such as 400d");
  }
  if (const auto* expired = node->find("expired");
      expired && report.has_only(*expired, "lifecycle.expired", {"when", "then"})) {
    only_disable(loading, *expired, "lifecycle.expired");
    if (loading.need(*expired, "when", "lifecycle.expired"))
      model.lifecycle.expired = loading.rule_at(*expired, "when", "lifecycle.expired",
                                                model.identity, condition(), model.identity_layout);
  }
  if (const auto* guard = node->find("guard")) load_guard(loading, *guard);
}

void load_checks(Loading& loading, const YamlNode& root) {
  const YamlNode* node = root.find("validate");
  if (!node || !loading.report.is_sequence(*node, "validate")) return;
  std::vector<std::string> ids;
  for (const auto& check : node->items) load_check(loading, check, ids);
}

}  // namespace muster::mappings
