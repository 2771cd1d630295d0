// SPDX-License-Identifier: Apache-2.0
// A mapping file changes: evaluated, explained, simulated, applied, reloaded, through the program.
#include <gtest/gtest.h>

#include <fstream>

#include "tests/scenarios/installation.h"
#include "tests/support/every_engine.h"

namespace muster::scenarios {
namespace {

std::string mapping_with(const std::string& from, const std::string& to) {
  std::string yaml(small_mapping);
  const auto at = yaml.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return yaml.replace(at, from.size(), to);
}

std::string upper_names() {
  return mapping_with(
      "    kind: csv\n    records: { text: [id, mail, first, last] }\n    key: id\n"
      "    map:\n      email:     'mail | email'\n      firstName: 'first'",
      "    kind: csv\n    records: { text: [id, mail, first, last] }\n    key: id\n"
      "    map:\n      email:     'mail | email'\n      firstName: 'first | upper'");
}

std::string nobody_enabled() {
  return mapping_with("      lastName:  'last'\n",
                      "      lastName:  'last'\n      enabled: 'false'\n");
}

std::string rows(int count) {
  std::string text = "id,mail,first,last\n";
  for (int i = 0; i < count; ++i) {
    const auto n = std::to_string(i);
    text += n + ",p" + n + "@corp.example,First" + n + ",Last" + n + "\n";
  }
  return text;
}

class MappingChange : public ::testing::Test {
 protected:
  void import(int count) {
    const auto file = installation_.write("people.csv", rows(count));
    ASSERT_EQ(installation_.muster({"import", file.string(), "--source", "hr"}).code, 0);
  }
  // How many people have a first name in capitals; filters compare without case.
  std::size_t in_capitals() const {
    const auto all = installation_.people();
    std::size_t count = 0;
    for (auto at = all.find("\"FIRST"); at != std::string::npos; at = all.find("\"FIRST", at + 1))
      ++count;
    return count;
  }
  std::string active() const { return support::read_file(installation_.folder() / "mapping.yaml"); }
  static const Value* in(const Value& document, std::initializer_list<const char*> path) {
    const Value* at = &document;
    for (const auto* name : path) {
      at = at == nullptr ? nullptr : at->find(name);
    }
    return at;
  }

  Installation installation_;
};

MUSTER_ON_EVERY_ENGINE(MappingChange);

TEST_F(MappingChange, AnotherKeyIsToldRefusedAndAppliedOnlyWhenItIsMeant) {
  import(3);
  const auto other_key = mapping_with("last] }\n    key: id", "last] }\n    key: mail");
  const auto file = installation_.write("new.yaml", other_key).string();
  const auto told = installation_.muster({"-q", "-o", "json", "map", "simulate", file});
  EXPECT_EQ(told.code, 10) << told.said;
  const auto document = parse_json(told.said);
  ASSERT_TRUE(document) << told.said;
  const auto* sources = in(*document, {"summary", "sources"});
  ASSERT_NE(sources, nullptr);
  ASSERT_EQ(sources->as_list().size(), 1u);
  EXPECT_EQ(*sources->as_list()[0].find("source"), Value("hr"));
  EXPECT_EQ(*sources->as_list()[0].find("change"), Value("key"));
  EXPECT_EQ(*sources->as_list()[0].find("people"), Value(3));

  const auto before = active();
  const auto refused = installation_.muster({"map", "apply", file});
  EXPECT_EQ(refused.code, 4) << refused.said;
  EXPECT_TRUE(refused.has("--accept-source hr")) << refused.said;
  EXPECT_EQ(active(), before);

  const auto applied = installation_.muster({"map", "apply", file, "--accept-source", "hr"});
  EXPECT_EQ(applied.code, 0) << applied.said;
  EXPECT_EQ(active(), other_key);
  const auto people = installation_.write("people.csv", rows(3)).string();
  EXPECT_NE(installation_.muster({"import", people, "--source", "hr"}).code, 4);
}

TEST_F(MappingChange, ARunByAnotherKeyIsHeldBeforeItReadsAnything) {
  import(3);
  const auto before = installation_.people();
  installation_.write("mapping.yaml",
                      mapping_with("last] }\n    key: id", "last] }\n    key: mail"));
  const auto people = installation_.write("people.csv", rows(3)).string();
  const auto held = installation_.muster({"import", people, "--source", "hr"});
  EXPECT_EQ(held.code, 4) << held.said;
  EXPECT_TRUE(held.has("known by 'id'")) << held.said;
  EXPECT_EQ(installation_.people(), before);
  // The file that is in force already is refused and accepted as any other.
  const auto same = (installation_.folder() / "mapping.yaml").string();
  EXPECT_EQ(installation_.muster({"map", "apply", same}).code, 4);
  installation_.write("mapping.yaml", std::string(small_mapping));
  EXPECT_EQ(installation_.muster({"import", people, "--source", "hr"}).code, 0);
}

TEST_F(MappingChange, ASourceThatIsTakenAwayWithItsPeopleIsRefused) {
  import(3);
  installation_.write("muster.yaml",
                      "version: muster/v1\nstate_directory: state\nmapping: mapping.yaml\n" +
                          installation_.store() + "sources:\n  idp: { kind: scim }\n");
  std::string without(small_mapping);
  const auto from = without.find("  hr:\n"), to = without.find("correlate:");
  without.erase(from, to - from);
  const auto file = installation_.write("new.yaml", without).string();
  const auto refused = installation_.muster({"map", "apply", file});
  EXPECT_EQ(refused.code, 4) << refused.said;
  EXPECT_TRUE(refused.has("3 people are known from it")) << refused.said;
  EXPECT_EQ(installation_.muster({"map", "apply", file, "--accept-source", "hr"}).code, 0);
  EXPECT_EQ(installation_.people("state eq \"inactive\""), 3u);
  const auto again = installation_.muster({"map", "apply", file});
  EXPECT_EQ(again.code, 0) << "said once, it is settled: " << again.said;
}

TEST_F(MappingChange, SimulateTellsWhoWouldBeDifferentAndWritesNothing) {
  import(3);
  const auto before = installation_.people();
  const auto file = installation_.write("new.yaml", upper_names()).string();
  const auto told = installation_.muster({"-q", "-o", "json", "map", "simulate", file});
  EXPECT_EQ(told.code, 10) << told.said;
  const auto document = parse_json(told.said);
  ASSERT_TRUE(document) << told.said;
  ASSERT_EQ(document->find("changes")->as_list().size(), 3u);
  const auto& first = document->find("changes")->as_list()[0];
  const auto& difference = first.find("differences")->as_list()[0];
  EXPECT_EQ(*difference.find("what"), Value("firstName"));
  EXPECT_EQ(*difference.find("before"), Value("First0"));
  EXPECT_EQ(*difference.find("after"), Value("FIRST0"));
  EXPECT_EQ(*difference.find("source"), Value("hr"));
  EXPECT_EQ(*difference.find("rule"), Value("sources.hr.map.firstName"));
  EXPECT_EQ(*in(*document, {"summary", "attributes", "firstName"}), Value(3));
  EXPECT_EQ(*in(*document, {"summary", "people"}), Value(3));
  EXPECT_EQ(installation_.muster({"-q", "-o", "json", "map", "simulate", file}).said, told.said)
      << "byte for byte";

  EXPECT_EQ(installation_.people(), before);
  const auto csv = installation_.muster({"-q", "-o", "csv", "map", "simulate", file});
  EXPECT_TRUE(csv.has("first1.last1,")) << csv.said;
  EXPECT_TRUE(csv.has(",changed,firstName,First1,FIRST1,hr,sources.hr.map.firstName")) << csv.said;
  const auto table = installation_.muster({"map", "simulate", file, "--limit", "1", "--timing"});
  EXPECT_TRUE(table.has("3 people looked at, 3 would change, 0 new")) << table.said;
  EXPECT_TRUE(table.has("and 2 more people")) << table.said;
  EXPECT_TRUE(table.has("the store (")) << table.said;
  const auto one = installation_.muster(
      {"-q", "-o", "json", "map", "simulate", file, "--person", "first2.last2"});
  EXPECT_EQ(parse_json(one.said)->find("changes")->as_list().size(), 1u) << one.said;
}

TEST_F(MappingChange, AFileThatChangesNothingIsExitZeroAndABrokenOneEight) {
  import(2);
  const auto same = installation_.write("same.yaml", small_mapping).string();
  EXPECT_EQ(installation_.muster({"map", "simulate", same}).code, 0);
  const auto broken =
      installation_.write("broken.yaml", mapping_with("'first'", "'frist'")).string();
  const auto told = installation_.muster({"map", "simulate", broken});
  EXPECT_EQ(told.code, 8) << told.said;
  EXPECT_TRUE(told.has("did you mean 'first'")) << told.said;
  EXPECT_EQ(installation_.muster({"map", "simulate", "nowhere.yaml"}).code, 8);
  const auto refused = installation_.muster({"map", "apply", broken});
  EXPECT_EQ(refused.code, 8) << refused.said;
  EXPECT_TRUE(refused.has(broken + ":")) << "told where it can be corrected: " << refused.said;
  EXPECT_EQ(active(), small_mapping);
}

TEST_F(MappingChange, ApplyPutsTheFileInForceAndChangesEverybody) {
  import(3);
  const auto file = installation_.write("new.yaml", upper_names()).string();
  EXPECT_EQ(installation_.muster({"map", "apply", file, "--dry-run"}).code, 10);
  EXPECT_EQ(active(), small_mapping);
  const auto done = installation_.muster({"map", "apply", file});
  EXPECT_EQ(done.code, 0) << done.said;
  EXPECT_TRUE(done.has("is in force")) << done.said;
  EXPECT_TRUE(done.has("3 updated")) << done.said;
  EXPECT_EQ(active(), upper_names());
  EXPECT_EQ(support::read_file(installation_.folder() / "mapping.yaml.previous"), small_mapping);
  EXPECT_EQ(in_capitals(), 3u);
  EXPECT_EQ(installation_.muster({"map", "simulate", file}).code, 0);
  const auto again = installation_.json({"map", "apply", file});
  EXPECT_EQ(*in(again, {"run", "state"}), Value("done"));
  EXPECT_EQ(*in(again, {"run", "counts", "read"}), Value(0));
}

TEST_F(MappingChange, ApplyRefusesABrokenFileOneThatFailsItsTestsAndWhatTheGuardHolds) {
  import(12);
  const auto before = installation_.people();
  const auto broken =
      installation_.write("broken.yaml", mapping_with("'first'", "'frist'")).string();
  EXPECT_EQ(installation_.muster({"map", "apply", broken}).code, 8);
  const auto failing = installation_.write(
      "failing.yaml", upper_names() +
                          "tests:\n  - name: a person\n    given: { hr: { id: \"1\", "
                          "mail: a@b.example, first: Ann, last: Lee } }\n"
                          "    expect: { firstName: Ann }\n");
  const auto tested = installation_.muster({"map", "apply", failing.string()});
  EXPECT_EQ(tested.code, 8) << tested.said;
  EXPECT_TRUE(tested.has("E-TEST")) << tested.said;
  const auto emptying = installation_.write("emptying.yaml", nobody_enabled()).string();
  const auto held = installation_.muster({"map", "apply", emptying});
  EXPECT_EQ(held.code, 4) << held.said;
  EXPECT_TRUE(held.has("12 of 12 active people would become inactive")) << held.said;
  EXPECT_EQ(installation_.muster({"map", "apply", emptying, "--accept-deactivations", "11"}).code,
            4);
  EXPECT_EQ(active(), small_mapping);
  EXPECT_EQ(installation_.people(), before);
  const auto accepted =
      installation_.muster({"map", "apply", emptying, "--accept-deactivations", "12"});
  EXPECT_EQ(accepted.code, 0) << accepted.said;
  EXPECT_EQ(installation_.people("state eq \"inactive\""), 12u);
}

TEST_F(MappingChange, AnInterruptedApplyGoesOn) {
  import(1'500);
  const auto file = installation_.write("new.yaml", upper_names()).string();
  const auto log = installation_.folder() / "apply.log";
  support::Process apply({Installation::program(), "--config",
                          (installation_.folder() / "muster.yaml").string(), "map", "apply", file},
                         log);
  // In force means that the people are next.
  for (int look = 0; look < 4'000 && active() == small_mapping && apply.running(); ++look)
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  EXPECT_EQ(apply.end(SIGTERM), 130) << support::read_file(log);
  EXPECT_LT(in_capitals(), 1'500u) << "what was begun is ended, no more";
  const auto again = installation_.muster({"map", "apply", file});
  EXPECT_EQ(again.code, 0) << again.said;
  EXPECT_EQ(in_capitals(), 1'500u);
  EXPECT_EQ(installation_.muster({"map", "simulate", file}).code, 0);
}

TEST_F(MappingChange, ARunningServiceFollowsAndKeepsTheOldOnAnError) {
  EXPECT_EQ(installation_.muster({"config", "reload"}).code, 7) << "no service runs";
  import(2);
  const auto token = installation_.make_token();
  installation_.serve();
  const auto file = installation_.write("new.yaml", upper_names()).string();
  const auto done = installation_.json({"map", "apply", file});
  EXPECT_EQ(*in(done, {"service"}), Value("reloaded"));
  EXPECT_EQ(in_capitals(), 2u);

  // A hand that slips: the service says no and goes on with what it has.
  installation_.write("mapping.yaml", mapping_with("'first'", "'frist'"));
  const auto refused = installation_.muster({"config", "reload"});
  EXPECT_EQ(refused.code, 8) << refused.said;
  EXPECT_TRUE(refused.has("E-NAME")) << refused.said;
  EXPECT_TRUE(refused.has("the old configuration stays in force")) << refused.said;
  EXPECT_NE(installation_.server_log().find("not reloaded"), std::string::npos);
  const auto made = installation_.scim(
      http::Method::post, "/Users", token,
      R"({"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"externalId":"e1",
          "userName":"ann@corp.example","name":{"givenName":"Ann","familyName":"Lee"},
          "emails":[{"value":"ann@corp.example"}]})");
  EXPECT_EQ(made.status, 201) << made.body;

  installation_.write("mapping.yaml", upper_names());
  installation_.configure("ldap://127.0.0.1:10");
  const auto reloaded = installation_.muster({"config", "reload"});
  EXPECT_EQ(reloaded.code, 0) << reloaded.said;
  EXPECT_TRUE(reloaded.has("sources.directory counts from the next start on")) << reloaded.said;
  EXPECT_EQ(installation_.stop(), 0);
  EXPECT_EQ(installation_.muster({"config", "reload"}).code, 7);
}

TEST_F(MappingChange, APersonAndARecordAreExplained) {
  import(1);
  const auto explained = installation_.json({"users", "explain", "first0.last0"});
  EXPECT_EQ(*in(explained, {"attributes", "email", "value"}), Value("p0@corp.example"));
  EXPECT_EQ(*in(explained, {"attributes", "email", "source"}), Value("hr"));
  EXPECT_EQ(*in(explained, {"attributes", "email", "rule"}), Value("sources.hr.map.email"));
  ASSERT_NE(in(explained, {"attributes", "email", "steps"}), nullptr);
  EXPECT_EQ(*in(explained, {"class", "rule"}), Value("everybody"));
  EXPECT_EQ(*in(explained, {"stale"}), Value(false));
  EXPECT_EQ(in(explained, {"config"})->as_text().substr(0, 7), "sha256:");
  const auto text = installation_.muster({"users", "explain", "hr/0"});
  EXPECT_EQ(text.code, 0) << text.said;
  EXPECT_TRUE(text.has("email = p0@corp.example")) << text.said;
  EXPECT_TRUE(text.has("mail | email")) << text.said;
  EXPECT_TRUE(text.has("class internal by rule everybody")) << text.said;
  EXPECT_TRUE(text.has("record hr/0, linked")) << text.said;
  EXPECT_EQ(installation_.muster({"users", "explain", "hr/none"}).code, 5);
}

TEST_F(MappingChange, OneRecordIsEvaluatedWithoutAStore) {
  const auto file = (installation_.folder() / "mapping.yaml").string();
  const auto record =
      installation_.write("record.json", R"({"id":"7","mail":"A@b.example","first":"Ann"})");
  const auto eval = [&](const std::string& more) {
    return installation_.run({"/bin/sh", "-c",
                              "exec " + Installation::program() + " map eval " + file +
                                  " --source hr " + more + " < " + record.string()});
  };
  const auto plain = eval("-o json");
  EXPECT_EQ(plain.code, 0) << plain.said;
  auto document = parse_json(plain.said);
  ASSERT_TRUE(document) << plain.said;
  EXPECT_EQ(*in(*document, {"attributes", "email"}), Value("a@b.example"));
  EXPECT_EQ(*in(*document, {"linkKey"}), Value("7"));
  EXPECT_EQ(document->find("steps"), nullptr);
  document = parse_json(eval("--explain -o json --at 2026-01-02T03:04:05Z").said);
  ASSERT_TRUE(document);
  EXPECT_EQ(*in(*document, {"run_time"}), Value("2026-01-02T03:04:05Z"));
  EXPECT_NE(in(*document, {"attributes", "email", "steps"}), nullptr);
  EXPECT_EQ(*in(*document, {"attributes", "email", "source"}), Value("hr"));
  EXPECT_EQ(*in(*document, {"class", "rule"}), Value("everybody"));
  EXPECT_EQ(*in(*document, {"link", "result"}), Value("create"));
  EXPECT_EQ(*in(*document, {"attributes", "userName", "frozen"}), Value(false));
  EXPECT_EQ(eval("--at yesterday").code, 8);
  const auto text = eval("--explain");
  EXPECT_TRUE(text.has("mail | email")) << text.said;
  EXPECT_TRUE(text.has("class internal by rule everybody")) << text.said;
}

TEST_F(MappingChange, SensitiveValuesAreHiddenEverywhere) {
  auto yaml = mapping_with("    department: text\n",
                           "    department: text\n    pin: { type: text, sensitive: true }\n");
  const std::string from = "      lastName:  'last'\n";
  yaml.insert(yaml.find(from) + from.size(), "      pin: 'last | lower'\n");
  import(1);
  const auto file = installation_.write("new.yaml", yaml).string();
  const auto told = installation_.muster({"-q", "-o", "json", "map", "simulate", file});
  EXPECT_EQ(told.code, 10);
  EXPECT_EQ(told.said.find("\"last0\""), std::string::npos) << told.said;
  EXPECT_TRUE(told.has("(5 bytes, ")) << told.said;
  EXPECT_EQ(installation_.muster({"map", "apply", file}).code, 0);
  const auto explained = installation_.muster({"-o", "json", "users", "explain", "first0.last0"});
  EXPECT_EQ(explained.said.find("\"last0\""), std::string::npos) << explained.said;
  EXPECT_TRUE(explained.has("(5 bytes, ")) << explained.said;
}

}  // namespace
}  // namespace muster::scenarios
