// SPDX-License-Identifier: Apache-2.0
#include "mappings/file_tests.h"

#include <algorithm>

#include "core/text.h"
#include "mappings/model.h"
#include "mappings/record_schema.h"
#include "mappings/test_world.h"

namespace muster::mappings {
namespace {

// The run time of tests that name none, so that they give the same answer on every day.
constexpr std::string_view default_time = "2026-01-01T00:00:00Z";

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

// One test of the file.
class FileTest {
 public:
  FileTest(Report& report, const YamlNode& node, const Engine& engine)
      : report_(report),
        node_(node),
        engine_(engine),
        model_(engine.impl().model),
        world_(engine),
        before_(report.diagnostics().size()) {}

  void run() {
    if (!report_.has_only(node_, "tests",
                          {"name", "at", "taken", "held", "given", "expect", "because"}))
      return;
    name_ = report_.text(node_, "name", "tests").value_or("line " + std::to_string(node_.line));
    auto run_time = time();
    if (const auto* taken = node_.find("taken"))
      for (const auto* name : report_.scalars(*taken, "tests.taken")) world_.burn_name(name->text);
    if (const auto* held = node_.find("held"); held && report_.is_sequence(*held, "tests.held"))
      for (const auto& person : held->items) add_held(person);
    auto given = read_given();
    const YamlNode* expected = node_.find("expect");
    if (!expected) report_.error(node_, "E-MISSING", "the test '" + name_ + "' needs 'expect'");
    if (!expected || report_.diagnostics().size() > before_) return;
    auto endings = world_.take(std::move(given), run_time);
    if (!endings)
      return report_.error(node_, "E-TEST", "test '" + name_ + "': " + endings.error().detail);
    compare(*expected, *endings);
  }

 private:
  Timestamp time() {
    auto written = report_.text(node_, "at", "tests");
    auto time = parse_timestamp(written.value_or(std::string(default_time)));
    if (time) return *time;
    report_.error(*node_.find("at"), "E-DATE",
                  "'" + *written + "' is no time: " + time.error().detail);
    return {};
  }

  std::vector<GivenRecord> read_given() {
    std::vector<GivenRecord> all;
    const YamlNode* given = node_.find("given");
    if (!given || !report_.is_mapping(*given, "tests.given")) {
      if (!given) report_.error(node_, "E-MISSING", "the test '" + name_ + "' needs 'given'");
      return all;
    }
    for (const auto& entry : given->entries) {
      const SourceModel* source = model_.source(entry.key);
      if (!source) {
        std::vector<std::string> names;
        for (const auto& info : engine_.sources()) names.push_back(info.name);
        report_.error(entry.line, entry.column, "E-NAME",
                      "unknown source '" + entry.key + "'" + did_you_mean(entry.key, names));
      } else if (entry.value.kind == YamlNode::Kind::sequence) {
        for (const auto& record : entry.value.items) all.push_back(read_one(record, *source));
      } else {
        all.push_back(read_one(entry.value, *source));
      }
    }
    return all;
  }

  GivenRecord read_one(const YamlNode& node, const SourceModel& source) {
    GivenRecord given;
    given.record.key.source = source.info.name;
    given.record.attributes =
        read_record(report_, node, *given_fields(source), "source " + source.info.name);
    if (const Value* groups = given.record.attributes.find("groups"); groups && groups->is_list())
      for (const auto& group : groups->as_list())
        if (const Value* display = group.find("display"); display && display->is_text())
          given.groups.push_back(display->as_text());
    given.record.attributes.erase("groups");
    return given;
  }

  // A test may also name the key, declared or not.
  static std::shared_ptr<const Fields> given_fields(const SourceModel& source) {
    auto fields = std::make_shared<Fields>(*with_groups(*source.fields));
    if (!fields->find(source.info.key)) {
      Field key;
      key.name = source.info.key;
      key.type = text_type(true);
      fields->fields.push_back(std::move(key));
    }
    return fields;
  }

  void add_held(const YamlNode& node) {
    if (!report_.is_mapping(node, "tests.held")) return;
    Identity identity;
    Told told;
    identity.id = "held-" + std::to_string(++held_);
    auto tag = report_.text(node, "owner", "tests.held").value_or("");
    auto owner = tag.empty() ? std::optional<std::size_t>(0) : model_.source_of_tag(tag);
    if (!owner) return report_.error(*node.find("owner"), "E-NAME", "unknown tag '" + tag + "'");
    const SourceInfo& info = model_.sources[*owner].info;
    told.contribution.tag = info.tag;
    told.contribution.key.source = info.name;
    told.contribution.key.key = report_.text(node, "key", "tests.held").value_or(identity.id);
    identity.sources = {info.tag};
    for (const auto& attribute : model_.schema.attributes) {
      const YamlNode* value = node.find(attribute.name);
      if (!value || value->kind == YamlNode::Kind::null) continue;
      add_attribute(attribute, *value, identity, told);
    }
    for (const auto& entry : node.entries)
      if (entry.key != "owner" && entry.key != "key" && !model_.schema.find(entry.key))
        report_.error(entry.line, entry.column, "E-NAME",
                      "unknown attribute '" + entry.key + "'" +
                          did_you_mean(entry.key, model_.schema.names()));
    world_.add_held(std::move(identity), std::move(told));
  }

  void add_attribute(const Attribute& attribute, const YamlNode& node, Identity& identity,
                     Told& told) {
    Value value;
    if (attribute.type.kind == Type::Kind::list) {
      Value::List items;
      for (const auto* item : report_.scalars(node, "tests.held")) items.emplace_back(item->text);
      value = std::move(items);
    } else if (attribute.type.kind == Type::Kind::boolean) {
      value = parse_boolean(node.text).value_or(false);
    } else {
      value = node.text;
    }
    if (attribute.name == "userName") identity.user_name = node.text;
    if (attribute.name == "email") identity.email = node.text;
    identity.attributes.push_back({attribute.name, value, told.contribution.tag, "tests.held"});
    if (!attribute.settled)
      told.contribution.offers.push_back({attribute.name, Flow::value, std::move(value)});
  }

  void compare(const YamlNode& expected, const std::vector<Ending>& endings) {
    bool several = expected.kind == YamlNode::Kind::sequence;
    std::size_t count = several ? expected.items.size() : 1;
    if (endings.size() != count) {
      std::string states;
      for (const auto& ending : endings) states += (states.empty() ? "" : ", ") + ending.state;
      return report_.error(expected, "E-TEST",
                           "test '" + name_ + "': " + std::to_string(endings.size()) +
                               " people came out (" + states + "), expected " +
                               std::to_string(count));
    }
    const YamlNode* because = node_.find("because");
    for (std::size_t i = 0; i < endings.size(); ++i) {
      Comparison comparison(report_, model_, name_, endings[i]);
      comparison.expect(several ? expected.items[i] : expected);
      if (because && because->kind != YamlNode::Kind::sequence && !several)
        comparison.because(*because);
      if (because && because->kind == YamlNode::Kind::sequence && i < because->items.size())
        comparison.because(because->items[i]);
    }
  }

  Report& report_;
  const YamlNode& node_;
  const Engine& engine_;
  const Model& model_;
  TestWorld world_;
  std::size_t before_;
  std::string name_;
  std::size_t held_ = 0;
};

}  // namespace

void run_file_tests(Report& report, const YamlNode& tests, const Engine& engine) {
  if (!report.is_sequence(tests, "tests")) return;
  for (const auto& test : tests.items) FileTest(report, test, engine).run();
}

}  // namespace muster::mappings
