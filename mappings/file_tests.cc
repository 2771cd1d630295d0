// SPDX-License-Identifier: Apache-2.0
#include "mappings/file_tests.h"

#include "core/text.h"
#include "mappings/file_test_comparison.h"
#include "mappings/model.h"
#include "mappings/record_schema.h"
#include "mappings/test_world.h"

namespace muster::mappings {
namespace {

// The run time of tests that name none, so that they give the same answer on every day.
constexpr std::string_view default_time = "2026-01-01T00:00:00Z";

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
    if (!has_groups(source)) return given;
    if (const Value* groups = given.record.attributes.find("groups"); groups && groups->is_list())
      for (const auto& group : groups->as_list())
        if (const Value* display = group.find("display"); display && display->is_text())
          given.groups.push_back(display->as_text());
    given.record.attributes.erase("groups");
    return given;
  }

  // A file has no groups of its own: there, `groups` is a column like others.
  static bool has_groups(const SourceModel& source) { return source.info.kind != "csv"; }

  // A test may also name the key, declared or not.
  static std::shared_ptr<const Fields> given_fields(const SourceModel& source) {
    auto fields = std::make_shared<Fields>(has_groups(source) ? *with_groups(*source.fields)
                                                              : *source.fields);
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
      const Ending& ending = endings[i];
      compare_ending(report_, model_, name_, ending, several ? expected.items[i] : expected);
      if (!because) continue;
      if (!several)
        compare_reasons(report_, model_, name_, ending, *because);
      else if (i < because->items.size())
        compare_reasons(report_, model_, name_, ending, because->items[i]);
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
