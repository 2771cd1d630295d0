// SPDX-License-Identifier: Apache-2.0
#include "mappings/file_test_comparison.h"

#include <algorithm>
#include <optional>

#include "core/text.h"

namespace muster::mappings {
namespace {

std::string text_of(const Value& value) {
  if (value.is_bool()) return value.as_bool() ? "true" : "false";
  if (value.is_int()) return std::to_string(value.as_int());
  if (value.is_text()) return value.as_text();
  if (!value.is_list()) return "none";
  std::string out = "[";
  for (const auto& item : value.as_list()) out += (out.size() > 1 ? ", " : "") + text_of(item);
  return out + "]";
}

std::string text_of(const YamlNode& node) {
  if (node.kind == YamlNode::Kind::scalar) return node.text;
  if (node.kind != YamlNode::Kind::sequence) return "none";
  std::string out = "[";
  for (const auto& item : node.items) out += (out.size() > 1 ? ", " : "") + text_of(item);
  return out + "]";
}

std::string joined(const std::vector<std::string>& words) {
  std::string out;
  for (const auto& word : words) out += (out.empty() ? "" : ", ") + word;
  return out;
}

// Names that are no attributes and can be expected all the same.
constexpr const char* own_words[] = {"state", "groups", "findings"};

bool is_known(const Model& model, const std::string& name) {
  return model.schema.find(name) ||
         std::find(std::begin(own_words), std::end(own_words), name) != std::end(own_words);
}

void report_unknown(Report& report, const Model& model, const YamlNode::Entry& entry) {
  auto names = model.schema.names();
  names.insert(names.end(), std::begin(own_words), std::end(own_words));
  report.error(entry.line, entry.column, "E-NAME",
               "unknown attribute '" + entry.key + "'" + did_you_mean(entry.key, names));
}

// The groups that are expected, as "role path"; nullopt after a report.
std::optional<std::vector<std::string>> expected_groups(Report& report, const YamlNode& node) {
  std::vector<std::string> expected;
  if (node.kind == YamlNode::Kind::null) return expected;
  if (!report.is_sequence(node, "tests.expect.groups")) return std::nullopt;
  for (const auto& item : node.items) {
    if (item.kind == YamlNode::Kind::scalar) {
      expected.push_back("member " + item.text);
      continue;
    }
    if (!report.has_only(item, "tests.expect.groups", {"group", "role"})) return std::nullopt;
    auto path = report.text(item, "group", "tests.expect.groups");
    if (!path) {
      report.error(item, "E-MISSING", "an expected group needs 'group': its path");
      return std::nullopt;
    }
    auto role = report.text(item, "role", "tests.expect.groups").value_or("member");
    expected.push_back(std::move(role) + " " + *path);
  }
  return expected;
}

// Compares one ending with one `expect` and its `because`.
class Comparison {
 public:
  Comparison(Report& report, const Model& model, const std::string& name, const Ending& ending)
      : report_(report), model_(model), name_(name), ending_(ending) {}

  void expect(const YamlNode& expected) {
    for (const auto& entry : expected.entries) {
      if (entry.key == "groups")
        expect_groups(entry.value);
      else if (entry.key == "findings")
        expect_findings(entry.value);
      else
        expect_text(entry);
    }
  }

  void because(const YamlNode& rules) {
    for (const auto& entry : rules.entries) {
      if (entry.key == "groups") {
        because_groups(entry.value);
        continue;
      }
      const auto rule = rule_of(entry.key);
      if (!is_decided_by(entry.value.text, rule))
        fail(entry.value, entry.key + " was decided by '" + rule + "'" + text_after(rule) +
                              ", expected '" + entry.value.text + "'");
    }
  }

 private:
  // What the ending has under that name, as text; nullopt: none.
  std::optional<std::string> fact(const std::string& name) const {
    const Identity& identity = ending_.identity;
    if (name == "state") return ending_.state;
    if (name == "external")
      return identity.classification == Classification::external ? "true" : "false";
    if (name == "enabled") return identity.state == IdentityState::active ? "true" : "false";
    const auto* attribute = identity.find(name);
    if (!attribute || attribute->value.absent()) return std::nullopt;
    return text_of(attribute->value);
  }

  std::string rule_of(const std::string& name) const {
    if (name == "external") return ending_.identity.classification_rule;
    if (name == "state" || name == "enabled") return ending_.why;
    const auto* attribute = ending_.identity.find(name);
    if (attribute) return attribute->rule;
    return ending_.why.empty() ? "no rule" : ending_.why;
  }

  // The expression of the rule of that name, or empty.
  std::string expression_of(const std::string& rule) const {
    for (const auto& source : model_.sources)
      for (const auto& line : source.lines)
        if (line.rule.id == rule) return line.rule.program.text();
    for (const auto& decides : model_.classify.rules)
      if (decides.rule.id == rule) return decides.rule.program.text();
    return {};
  }

  std::string text_after(const std::string& rule) const {
    const auto text = expression_of(rule);
    return text.empty() ? text : " (" + text + ")";
  }

  // An id is given whole; the name of a line or pattern, a sentence or an expression may be cut.
  bool is_decided_by(const std::string& wanted, const std::string& rule) const {
    const bool is_id = rule == ending_.identity.classification_rule;
    return rule == wanted || (!is_id && rule.starts_with(wanted)) ||
           expression_of(rule).starts_with(wanted);
  }

  void because_groups(const YamlNode& node) {
    for (const auto* wanted : report_.scalars(node, "tests.because.groups")) {
      std::vector<std::string> rules;
      for (const auto& group : ending_.identity.groups) rules.push_back(group.rule);
      const bool found = std::any_of(rules.begin(), rules.end(), [&](const std::string& rule) {
        return rule == wanted->text || rule == "groups.rules." + wanted->text;
      });
      if (!found)
        fail(*wanted, "no group comes from the rule '" + wanted->text + "', only from [" +
                          joined(rules) + "]");
    }
  }

  void expect_text(const YamlNode::Entry& entry) {
    std::optional<std::string> expected;
    if (entry.value.kind != YamlNode::Kind::null) expected = text_of(entry.value);
    const auto actual = fact(entry.key);
    if (expected == actual) return;
    auto why = entry.key == "state" ? ending_.why : rule_of(entry.key);
    const auto shown = [](const std::optional<std::string>& value) {
      return value ? "'" + *value + "'" : std::string("none");
    };
    fail(entry.value, entry.key + " is " + shown(actual) + ", expected " + shown(expected) +
                          (why.empty() ? "" : " (" + why + ")"));
  }

  void expect_groups(const YamlNode& node) {
    auto expected = expected_groups(report_, node);
    if (!expected) return;
    std::vector<std::string> actual;
    for (const auto& group : ending_.identity.groups)
      actual.push_back(group.role + " " + group.path);
    std::sort(expected->begin(), expected->end());
    std::sort(actual.begin(), actual.end());
    if (*expected != actual)
      fail(node, "groups are [" + joined(actual) + "], expected [" + joined(*expected) + "]");
  }

  void expect_findings(const YamlNode& node) {
    for (const auto* code : report_.scalars(node, "tests.expect.findings")) {
      std::vector<std::string> codes;
      for (const auto& finding : ending_.findings) codes.push_back(finding.code);
      if (std::find(codes.begin(), codes.end(), code->text) == codes.end())
        fail(*code, "the finding " + code->text + " was not made, only [" + joined(codes) + "]");
    }
  }

  void fail(const YamlNode& at, const std::string& message) {
    report_.error(at, "E-TEST", "test '" + name_ + "': " + message);
  }

  Report& report_;
  const Model& model_;
  const std::string& name_;
  const Ending& ending_;
};

}  // namespace

void check_expected(Report& report, const Model& model, const YamlNode& expected) {
  if (!report.is_mapping(expected, "tests.expect")) return;
  for (const auto& entry : expected.entries) {
    if (!is_known(model, entry.key)) {
      report_unknown(report, model, entry);
    } else if (entry.key == "groups") {
      expected_groups(report, entry.value);
    } else if (entry.key == "findings") {
      report.scalars(entry.value, "tests.expect.findings");
    } else if (entry.key == "state") {
      report.word(expected, "state", "tests.expect",
                  {"active", "inactive", "review", "quarantined", "skipped"}, "");
    } else if (entry.value.kind == YamlNode::Kind::mapping) {
      report.error(entry.value, "E-TYPE", "tests.expect." + entry.key + " needs a value or a list");
    }
  }
}

void check_because(Report& report, const Model& model, const YamlNode& because) {
  if (!report.is_mapping(because, "tests.because")) return;
  for (const auto& entry : because.entries) {
    if (!is_known(model, entry.key) || entry.key == "findings")
      report_unknown(report, model, entry);
    else if (entry.key != "groups")
      report.is_scalar(entry.value, "tests.because." + entry.key);
  }
}

void compare_ending(Report& report, const Model& model, const std::string& test,
                    const Ending& ending, const YamlNode& expected, const YamlNode* because) {
  Comparison comparison(report, model, test, ending);
  comparison.expect(expected);
  if (because) comparison.because(*because);
}

}  // namespace muster::mappings
