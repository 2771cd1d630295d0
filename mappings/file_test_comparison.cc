// SPDX-License-Identifier: Apache-2.0
#include "mappings/file_test_comparison.h"

#include <algorithm>

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

// Compares one ending with one `expect` and its `because`.
class Comparison {
 public:
  Comparison(Report& report, const Model& model, const std::string& name, const Ending& ending)
      : report_(report), model_(model), name_(name), ending_(ending) {}

  void expect(const YamlNode& expected) {
    if (!report_.is_mapping(expected, "tests.expect")) return;
    for (const auto& entry : expected.entries) {
      if (entry.key == "groups")
        expect_groups(entry.value);
      else if (entry.key == "findings")
        expect_findings(entry.value);
      else if (auto actual = fact(entry.key))
        expect_text(entry, *actual);
      else
        unknown(entry);
    }
  }

  void because(const YamlNode& rules) {
    if (!report_.is_mapping(rules, "tests.because")) return;
    for (const auto& entry : rules.entries) {
      if (!fact(entry.key)) {
        unknown(entry);
        continue;
      }
      auto rule = rule_of(entry.key);
      if (!rule.starts_with(entry.value.text))
        fail(entry.value,
             entry.key + " was decided by '" + rule + "', expected '" + entry.value.text + "'");
    }
  }

 private:
  void unknown(const YamlNode::Entry& entry) {
    auto names = model_.schema.names();
    for (const char* word : {"state", "groups", "findings"}) names.emplace_back(word);
    report_.error(entry.line, entry.column, "E-NAME",
                  "unknown attribute '" + entry.key + "'" + did_you_mean(entry.key, names));
  }

  // What the ending has under that name, as text; nullopt for names that nobody knows.
  std::optional<std::string> fact(const std::string& name) const {
    const Identity& identity = ending_.identity;
    if (name == "state") return ending_.state;
    if (name == "external")
      return identity.classification == Classification::external ? "true" : "false";
    if (name == "enabled") return identity.state == IdentityState::active ? "true" : "false";
    if (!model_.schema.find(name)) return std::nullopt;
    const auto* attribute = identity.find(name);
    return attribute ? text_of(attribute->value) : "none";
  }

  std::string rule_of(const std::string& name) const {
    if (name == "external") return ending_.identity.classification_rule;
    if (name == "state" || name == "enabled") return ending_.why;
    const auto* attribute = ending_.identity.find(name);
    return attribute ? attribute->rule : "no rule";
  }

  void expect_text(const YamlNode::Entry& entry, const std::string& actual) {
    auto expected = text_of(entry.value);
    if (expected == actual) return;
    auto why = entry.key == "state" ? ending_.why : rule_of(entry.key);
    fail(entry.value, entry.key + " is '" + actual + "', expected '" + expected + "'" +
                          (why.empty() ? "" : " (" + why + ")"));
  }

  void expect_groups(const YamlNode& node) {
    if (!report_.is_sequence(node, "tests.expect.groups")) return;
    std::vector<std::string> expected;
    for (const auto& item : node.items) {
      if (item.kind == YamlNode::Kind::scalar) {
        expected.push_back("member " + item.text);
      } else if (report_.has_only(item, "tests.expect.groups", {"group", "role"})) {
        auto role = report_.text(item, "role", "groups").value_or("member");
        expected.push_back(role + " " + report_.text(item, "group", "groups").value_or(""));
      }
    }
    std::vector<std::string> actual;
    for (const auto& group : ending_.identity.groups)
      actual.push_back(group.role + " " + group.path);
    std::sort(expected.begin(), expected.end());
    std::sort(actual.begin(), actual.end());
    if (expected != actual)
      fail(node, "groups are [" + joined(actual) + "], expected [" + joined(expected) + "]");
  }

  void expect_findings(const YamlNode& node) {
    for (const auto* code : report_.scalars(node, "tests.expect.findings")) {
      std::vector<std::string> codes;
      for (const auto& finding : ending_.findings) codes.push_back(finding.code);
      if (std::find(codes.begin(), codes.end(), code->text) == codes.end())
        fail(*code, "the finding " + code->text + " was not made, only [" + joined(codes) + "]");
    }
  }

  static std::string joined(const std::vector<std::string>& words) {
    std::string out;
    for (const auto& word : words) out += (out.empty() ? "" : ", ") + word;
    return out;
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

void compare_ending(Report& report, const Model& model, const std::string& test,
                    const Ending& ending, const YamlNode& expected) {
  Comparison(report, model, test, ending).expect(expected);
}

void compare_reasons(Report& report, const Model& model, const std::string& test,
                     const Ending& ending, const YamlNode& rules) {
  Comparison(report, model, test, ending).because(rules);
}

}  // namespace muster::mappings
