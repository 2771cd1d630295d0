// SPDX-License-Identifier: Apache-2.0
#include "mappings/file_tests.h"

#include <algorithm>
#include <functional>

#include "core/text.h"
#include "mappings/coverage.h"
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

  // Reads the test; false after a report.
  bool read() {
    if (!report_.has_only(node_, "tests",
                          {"name", "at", "taken", "held", "given", "expect", "because"}))
      return false;
    name_ = report_.text(node_, "name", "tests").value_or("line " + std::to_string(node_.line));
    run_time_ = time();
    if (const auto* taken = node_.find("taken"))
      for (const auto* name : report_.scalars(*taken, "tests.taken")) world_.burn_name(name->text);
    if (const auto* held = node_.find("held"); held && report_.is_sequence(*held, "tests.held"))
      for (const auto& person : held->items) add_held(person);
    given_ = read_given();
    read_expected();
    return report_.diagnostics().size() == before_;
  }

  // Whether its people took the road to its end, however that was.
  bool ran() const { return ran_; }

  // Whether everybody ended as expected.
  bool run(Coverage& coverage) {
    auto endings = world_.take(std::move(given_), run_time_);
    coverage.add(world_.rules());
    ran_ = endings.has_value();
    if (endings) {
      for (const auto& ending : *endings) coverage.add(ending);
      compare(*endings);
    } else {
      report_.error(node_, "E-TEST", "test '" + name_ + "': " + endings.error().detail);
    }
    return report_.diagnostics().size() == before_;
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
    given.key.source = source.info.name;
    given.attributes =
        read_given_record(report_, node, *given_fields(source), "source " + source.info.name);
    if (!has_groups(source)) return given;
    if (const Value* groups = given.attributes.find("groups"); groups && groups->is_list())
      for (const auto& group : groups->as_list())
        if (const Value* display = group.find("display"); display && display->is_text())
          given.groups.push_back({display->as_text(), value_of(group), false});
    given.attributes.erase("groups");
    return given;
  }

  // A file has no groups of its own: there, `groups` is a column like others.
  static bool has_groups(const SourceModel& source) { return source.info.kind != "csv"; }

  static std::string value_of(const Value& group) {
    const Value* value = group.find("value");
    return value && value->is_text() ? value->as_text() : std::string();
  }

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
    if (!owner || model_.sources.empty()) return report_unknown_tag(*node.find("owner"), tag);
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
    if (const YamlNode* groups = node.find("groups"))
      for (const auto* path : report_.scalars(*groups, "tests.held.groups"))
        identity.groups.push_back({path->text, "member", "tests.held"});
    auto known = model_.schema.names();
    known.insert(known.end(), {"owner", "key", "groups"});
    for (const auto& entry : node.entries)
      if (std::find(known.begin(), known.end(), entry.key) == known.end())
        report_.error(entry.line, entry.column, "E-NAME",
                      "unknown attribute '" + entry.key + "'" + did_you_mean(entry.key, known));
    world_.add_held(std::move(identity), std::move(told));
  }

  void report_unknown_tag(const YamlNode& node, const std::string& tag) {
    std::vector<std::string> tags;
    for (const auto& source : model_.sources) tags.push_back(source.info.tag);
    report_.error(node, "E-NAME", "unknown tag '" + tag + "'" + did_you_mean(tag, tags));
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

  void read_expected() {
    const YamlNode* expected = node_.find("expect");
    if (!expected)
      return report_.error(node_, "E-MISSING", "the test '" + name_ + "' needs 'expect'");
    const YamlNode* because = node_.find("because");
    const bool several = expected->kind == YamlNode::Kind::sequence;
    if (several)
      for (const auto& one : expected->items) check_expected(report_, model_, one);
    else
      check_expected(report_, model_, *expected);
    if (!because) return;
    if (!several) return check_because(report_, model_, *because);
    if (!report_.is_sequence(*because, "tests.because")) return;
    if (because->items.size() > expected->items.size())
      report_.error(*because, "E-VALUE", "there are more reasons than expectations");
    for (const auto& one : because->items)
      if (one.kind != YamlNode::Kind::null) check_because(report_, model_, one);
  }

  void compare(const std::vector<Ending>& endings) {
    const YamlNode& expected = *node_.find("expect");
    const bool several = expected.kind == YamlNode::Kind::sequence;
    const std::size_t count = several ? expected.items.size() : 1;
    if (endings.size() != count) {
      std::string states;
      for (const auto& ending : endings) states += (states.empty() ? "" : ", ") + ending.state;
      return report_.error(expected, "E-TEST",
                           "test '" + name_ + "': " + std::to_string(endings.size()) +
                               " people came out (" + states + "), expected " +
                               std::to_string(count));
    }
    const auto of = assign(endings);
    for (std::size_t i = 0; i < count; ++i)
      compare_ending(report_, model_, name_, endings[of[i]], expectation(i), reason(i));
  }

  const YamlNode& expectation(std::size_t i) const {
    const YamlNode& expected = *node_.find("expect");
    return expected.kind == YamlNode::Kind::sequence ? expected.items[i] : expected;
  }

  const YamlNode* reason(std::size_t i) const {
    const YamlNode* because = node_.find("because");
    if (!because || because->kind != YamlNode::Kind::sequence) return because;
    return i < because->items.size() ? &because->items[i] : nullptr;
  }

  bool fits(std::size_t i, const Ending& ending) const {
    std::vector<Diagnostic> differences;
    Report scratch(differences, report_.file());
    compare_ending(scratch, model_, name_, ending, expectation(i), reason(i));
    return differences.empty();
  }

  // The ending that each expectation is compared with: people may be written in any order, so each
  // takes one that fits as long as there is a way (augmenting paths), and the rest is left over.
  std::vector<std::size_t> assign(const std::vector<Ending>& endings) const {
    const std::size_t count = endings.size();
    const std::size_t nobody = count;
    std::vector<std::size_t> taker(count, nobody);
    std::vector<std::vector<bool>> fit(count, std::vector<bool>(count));
    for (std::size_t i = 0; i < count; ++i)
      for (std::size_t j = 0; j < count; ++j) fit[i][j] = fits(i, endings[j]);
    std::vector<bool> seen;
    const std::function<bool(std::size_t)> place = [&](std::size_t i) {
      for (std::size_t j = 0; j < count; ++j) {
        if (!fit[i][j] || seen[j]) continue;
        seen[j] = true;
        if (taker[j] != nobody && !place(taker[j])) continue;
        taker[j] = i;
        return true;
      }
      return false;
    };
    for (std::size_t i = 0; i < count; ++i) {
      seen.assign(count, false);
      place(i);
    }
    std::vector<std::size_t> of(count, nobody);
    for (std::size_t j = 0; j < count; ++j)
      if (taker[j] != nobody) of[taker[j]] = j;
    for (auto& ending : of) {
      if (ending != nobody) continue;
      ending =
          static_cast<std::size_t>(std::find(taker.begin(), taker.end(), nobody) - taker.begin());
      taker[ending] = 0;
    }
    return of;
  }

  Report& report_;
  const YamlNode& node_;
  const Engine& engine_;
  const Model& model_;
  TestWorld world_;
  std::size_t before_;
  std::string name_;
  Timestamp run_time_ = {};
  std::vector<GivenRecord> given_;
  std::size_t held_ = 0;
  bool ran_ = false;
};

}  // namespace

TestSummary run_file_tests(Report& report, const YamlNode& tests, const Engine& engine) {
  TestSummary summary;
  if (!report.is_sequence(tests, "tests")) return summary;
  Coverage coverage(engine.impl().model);
  bool all_ran = !tests.items.empty();
  for (const auto& node : tests.items) {
    FileTest test(report, node, engine);
    ++summary.run;
    const bool good = test.read() && test.run(coverage);
    all_ran = all_ran && test.ran();
    if (!good) ++summary.failed;
  }
  summary.covered = coverage.covered();
  if (all_ran) coverage.report_rest(report);
  return summary;
}

void check_file_tests(Report& report, const YamlNode& tests, const Engine& engine) {
  if (!report.is_sequence(tests, "tests")) return;
  bool understood = !tests.items.empty();
  for (const auto& node : tests.items)
    understood = FileTest(report, node, engine).read() && understood;
  if (!understood) return;
  const Coverage coverage(engine.impl().model);
  for (const auto& source : engine.sources()) {
    const bool given = std::any_of(tests.items.begin(), tests.items.end(), [&](const auto& test) {
      const YamlNode* records = test.find("given");
      return records && records->find(source.name);
    });
    if (!given) coverage.report_source(report, source.name);
  }
}

}  // namespace muster::mappings
