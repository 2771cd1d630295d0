// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <set>

#include "provision/explain/explain.h"
#include "provision/people/rename.h"
#include "tests/provision/world.h"
#include "tests/support/every_engine.h"

namespace muster::provision {
namespace {

constexpr std::string_view company_with_managers = R"yaml(
version: mapping/v1
schema:
  profile: generic
  attributes:
    manager: ref
    managerName: text
    title: text
sources:
  idp:
    kind: scim
    tag: idp
    records: scim.user
    key: externalId
    map:
      firstName: 'name.givenName'
      title: 'title'
      manager: 'ref(enterprise.manager.value)'
      managerName: 'deref(out.manager, "title")'
      enabled: 'active ?? true'
  dir:
    kind: ldap
    tag: dir
    records: { text: [uid, title], dn: [manager] }
    key: entryUUID
    map:
      firstName: 'uid'
      title: 'title'
      manager: 'ref(manager)'
      managerName: 'deref(ref(manager), "title")'
  people:
    kind: csv
    tag: csv
    records: { text: [id, name, boss, title] }
    key: id
    map:
      firstName: 'name'
      title: 'title'
      manager: 'ref(boss)'
username:
  patterns: ['{firstName}']
classify:
  rules: [ { id: led-by-boss, class: internal, when: 'deref(manager, "title") == "Boss"' } ]
  otherwise: { id: rest, class: external }
groups:
  managed: ["/team/"]
  rules: [ { id: team, to: '"/team/{deref(manager, "userName")}"' } ]
)yaml";

class References : public World {
 protected:
  void SetUp() override {
    World::SetUp();
    use(std::string(company_with_managers));
  }

  static SourceRecord scim(const std::string& id, const std::string& name,
                           const std::string& manager, const std::string& title = "") {
    auto one = record("idp", id,
                      R"({"externalId":"x-)" + id + R"(","name":{"givenName":")" + name +
                          R"("},"title":")" + title +
                          R"(","urn:ietf:params:scim:schemas:extension:enterprise:2.0:User":)" +
                          R"({"manager":{"value":")" + manager + R"("}}})");
    return one;
  }

  static SourceRecord entry(const std::string& id, const std::string& name,
                            const std::string& manager, const std::string& title = "") {
    auto one = record("dir", id,
                      R"({"entryUUID":")" + id + R"(","uid":")" + name + R"(","title":")" + title +
                          R"(","manager":")" + manager + R"("})");
    one.aliases = {"uid=" + name + ",dc=acme"};
    return one;
  }

  std::string text(const std::string& user_name, const std::string& attribute) {
    const auto identity = person(user_name);
    const auto* found = identity.find(attribute);
    return found ? write_json(found->value) : "none";
  }

  std::size_t findings(const std::string& user_name) { return person(user_name).findings.size(); }
};

MUSTER_ON_EVERY_ENGINE(References);

TEST_F(References, AManagerWhoComesLaterReachesTheReport) {
  ASSERT_TRUE(put(scim("1", "anna", "2")));
  EXPECT_EQ(text("anna", "manager"), "none");
  ASSERT_EQ(findings("anna"), 1u);
  EXPECT_EQ(person("anna").findings[0].code, "W-REF");
  ASSERT_TRUE(put(scim("2", "zoe", "", "Boss")));
  EXPECT_EQ(text("anna", "manager"), "\"zoe\"");
  EXPECT_EQ(person("anna").find("manager")->refers_to, person("zoe").id);
  EXPECT_EQ(text("anna", "managerName"), "\"Boss\"");
  EXPECT_EQ(person("anna").classification_rule, "led-by-boss");
  EXPECT_EQ(person("anna").groups.at(0).path, "/team/zoe");
  EXPECT_EQ(findings("anna"), 0u);
  EXPECT_EQ(events().back(), "user.updated");
}

TEST_F(References, TheStableIdOfTheSourceIsANameToo) {
  ASSERT_TRUE(put(scim("1", "anna", "x-2")));
  ASSERT_TRUE(put(scim("2", "zoe", "")));
  EXPECT_EQ(text("anna", "manager"), "\"zoe\"");
}

TEST_F(References, AChangeOfTheManagerReachesTheReportsInTheSameTransaction) {
  ASSERT_TRUE(put(scim("2", "zoe", "", "Boss")));
  ASSERT_TRUE(put(scim("1", "anna", "2")));
  EXPECT_EQ(text("anna", "managerName"), "\"Boss\"");
  ASSERT_TRUE(put(scim("2", "zoe", "", "Clerk")));
  EXPECT_EQ(text("anna", "managerName"), "\"Clerk\"");
  EXPECT_EQ(person("anna").classification_rule, "rest");
}

TEST_F(References, AManagerWhoGoesLeavesAFinding) {
  ASSERT_TRUE(put(scim("2", "zoe", "", "Boss")));
  ASSERT_TRUE(put(scim("1", "anna", "2")));
  ASSERT_TRUE(gone({"idp", ResourceType::user, "2"}));
  EXPECT_EQ(text("anna", "manager"), "none");
  EXPECT_EQ(text("anna", "managerName"), "none");
  EXPECT_TRUE(person("anna").groups.empty());
  EXPECT_EQ(findings("anna"), 1u);
  ASSERT_TRUE(put(scim("2", "zoe", "", "Boss")));
  EXPECT_EQ(text("anna", "manager"), "\"zoe\"");
}

TEST_F(References, ADirectoryEntryThatIsRenamedIsFoundByItsNewNameOnly) {
  ASSERT_TRUE(put(entry("u1", "anna", "UID=zoe, DC=Acme")));
  ASSERT_TRUE(put(entry("u2", "zoe", "")));
  EXPECT_EQ(text("anna", "manager"), "\"zoe\"");
  auto moved = entry("u2", "zoe", "");
  moved.aliases = {"uid=zoe,ou=board,dc=acme"};
  ASSERT_TRUE(put(moved));
  EXPECT_EQ(text("anna", "manager"), "none");
  ASSERT_TRUE(put(entry("u1", "anna", "uid=zoe,ou=Board,dc=acme")));
  EXPECT_EQ(text("anna", "manager"), "\"zoe\"");
}

TEST_F(References, CirclesAndSelfManagersComeToRest) {
  ASSERT_TRUE(put(scim("1", "anna", "2", "A")));
  ASSERT_TRUE(put(scim("2", "bert", "1", "B")));
  ASSERT_TRUE(put(scim("3", "carl", "3", "C")));
  EXPECT_EQ(text("anna", "managerName"), "\"B\"");
  EXPECT_EQ(text("bert", "managerName"), "\"A\"");
  EXPECT_EQ(text("carl", "managerName"), "\"C\"");
  EXPECT_EQ(text("carl", "manager"), "\"carl\"");
  ASSERT_TRUE(put(scim("3", "carl", "3", "D")));
  EXPECT_EQ(text("carl", "managerName"), "\"D\"");
}

TEST_F(References, OneBatchWritesEachPersonOnce) {
  std::vector<Submission> batch(3);
  batch[0].record = scim("1", "anna", "2");
  batch[1].record = scim("2", "bert", "3", "Lead");
  batch[2].record = scim("3", "carl", "", "Boss");
  auto outcomes = provisioner_->submit(std::move(batch), {.actor = "test"});
  ASSERT_TRUE(outcomes);
  EXPECT_EQ(events(), (std::vector<std::string>(3, "user.created")));
  EXPECT_EQ(text("anna", "managerName"), "\"Lead\"");
  EXPECT_EQ(text("bert", "managerName"), "\"Boss\"");
}

TEST_F(References, ManyReportsFollowOneManager) {
  std::vector<SourceRecord> records;
  for (int i = 0; i < 1200; ++i) {
    auto name = "p" + std::to_string(i);
    records.push_back(
        record("people", name, R"({"id":")" + name + R"(","name":")" + name + R"(","boss":"b"})"));
  }
  ListSource source(records);
  RunRequest request{.source = "people", .kind = store::RunKind::import, .actor = "test"};
  ASSERT_TRUE(run_source(*provisioner_, source, request, system_clock(), {}));
  EXPECT_EQ(text("p7", "manager"), "none");
  ASSERT_TRUE(put(record("people", "b", R"({"id":"b","name":"bossy","title":"Boss"})")));
  for (const auto& one : people()) {
    if (one.user_name == "bossy") continue;
    EXPECT_EQ(one.find("manager")->value, Value("bossy"));
  }
  EXPECT_EQ(person("p1199").classification_rule, "led-by-boss");
}

TEST_F(References, ANewNameOfTheManagerReachesTheReports) {
  ASSERT_TRUE(put(scim("2", "zoe", "", "Boss")));
  ASSERT_TRUE(put(scim("1", "anna", "2")));
  const auto renamed =
      rename(*provisioner_, person("zoe").id, "zoe.roe", "olga", system_clock().now());
  ASSERT_TRUE(renamed) << describe(renamed.error());
  EXPECT_EQ(text("anna", "manager"), "\"zoe.roe\"");
  EXPECT_EQ(person("anna").groups.at(0).path, "/team/zoe.roe");
}

TEST_F(References, ExplainSeesTheSamePeople) {
  ASSERT_TRUE(put(scim("2", "zoe", "", "Boss")));
  ASSERT_TRUE(put(scim("1", "anna", "2")));
  auto explained =
      explain(*provisioner_, person("anna").id, system_clock().now(), mappings::length_of);
  ASSERT_TRUE(explained);
  EXPECT_EQ(*explained->find("stale"), Value(false));
  EXPECT_EQ(*explained->find("attributes")->find("managerName")->find("value"), Value("Boss"));
}

// Everything about everybody, ids and versions aside.
std::string portrait(std::vector<Identity> people) {
  std::sort(people.begin(), people.end(),
            [](const auto& a, const auto& b) { return a.user_name < b.user_name; });
  std::string out;
  for (const auto& one : people) {
    out += one.user_name + " " + one.classification_rule + " " + std::string(name_of(one.state));
    for (const auto& a : one.attributes)
      out += " " + a.name + "=" + write_json(a.value) + (a.refers_to.empty() ? "" : "@");
    for (const auto& g : one.groups) out += " " + g.path;
    for (const auto& f : one.findings) out += " !" + f.message;
    out += "\n";
  }
  return out;
}

TEST_F(References, AnyOrderOfArrivalGivesTheSamePeople) {
  MUSTER_SKIP_ON_POSTGRESQL();
  std::mt19937 random(7);
  for (int round = 0; round < 6; ++round) {
    std::vector<SourceRecord> records;
    for (int i = 0; i < 9; ++i) {
      const auto boss = std::to_string(random() % 10);
      const auto name = "n" + std::to_string(i);
      if (random() % 2 == 0)
        records.push_back(scim(std::to_string(i), name, boss, "t" + std::to_string(random() % 3)));
      else
        records.push_back(
            entry("u" + std::to_string(i), name, "uid=n" + boss + ",dc=acme", "Boss"));
    }
    std::string first;
    for (int order = 0; order < 4; ++order) {
      World::TearDown();
      World::SetUp();
      provisioner_->use(engine_);
      use(std::string(company_with_managers));
      std::shuffle(records.begin(), records.end(), random);
      std::size_t size = 1 + random() % records.size();
      for (std::size_t from = 0; from < records.size(); from += size) {
        std::vector<Submission> batch;
        for (std::size_t i = from; i < std::min(from + size, records.size()); ++i)
          batch.emplace_back().record = records[i];
        ASSERT_TRUE(provisioner_->submit(std::move(batch), {.actor = "test"}));
      }
      const auto now = portrait(people());
      if (first.empty()) first = now;
      ASSERT_EQ(now, first);
    }
  }
}

// The same company, in which nobody is taken without a manager, the boss aside.
class ManagersNeeded : public References {
 protected:
  void SetUp() override {
    World::SetUp();
    use(rules());
  }

  static std::string rules() {
    return std::string(company_with_managers) + R"yaml(
validate:
  - { id: manager, check: 'present(manager) or title == "Boss"' }
  - { id: manager-title, check: 'present(deref(manager, "title")) or title == "Boss"' }
)yaml";
  }

  store::RecordState state_of(const std::string& source, const std::string& key) {
    store::RecordState state = store::RecordState::gone;
    const auto read = store_->write([&](store::Transaction& tx) -> Status {
      const std::string keys[] = {key};
      MUSTER_TRY(auto heads, tx.records().heads(source, ResourceType::user, keys));
      if (heads[0]) state = heads[0]->state;
      return {};
    });
    EXPECT_TRUE(read);
    return state;
  }

  std::size_t waits() {
    std::size_t count = 0;
    const auto read = store_->write([&](store::Transaction& tx) -> Status {
      for (int i = 0; i < 12; ++i) {
        const Reference names[] = {{"idp", std::to_string(i)},
                                   {"dir", "uid=n" + std::to_string(i) + ",dc=acme"},
                                   {"people", "c" + std::to_string(i)}};
        MUSTER_TRY(const auto ids, tx.references().referrers(names));
        MUSTER_TRY(const auto records, tx.records().rows(ids));
        for (const auto& row : records) count += row ? 1 : 0;
      }
      return {};
    });
    EXPECT_TRUE(read);
    return count;
  }
};

MUSTER_ON_EVERY_ENGINE(ManagersNeeded);

TEST_F(ManagersNeeded, ANewcomerWhoWaitsForItsManagerComesWithIt) {
  const auto first = put(scim("1", "anna", "2"));
  ASSERT_TRUE(first);
  EXPECT_EQ(first->decision.verb, Verb::quarantine);
  EXPECT_TRUE(people().empty());
  ASSERT_TRUE(put(scim("2", "zoe", "", "Boss")));
  EXPECT_EQ(text("anna", "manager"), "\"zoe\"");
  EXPECT_EQ(state_of("idp", "1"), store::RecordState::linked);
  EXPECT_EQ(events(), (std::vector<std::string>{"user.created", "user.created"}));
  EXPECT_EQ(waits(), 0u);
}

TEST_F(ManagersNeeded, AChainOfNewcomersComesAtOnce) {
  MUSTER_SKIP_ON_POSTGRESQL();
  std::vector<SourceRecord> chain;
  for (int i = 0; i < 1500; ++i) {
    const auto name = "p" + std::to_string(i);
    const auto boss = i == 0 ? "boss" : "p" + std::to_string(i - 1);
    chain.push_back(record("people", name,
                           R"({"id":")" + name + R"(","name":")" + name +
                               R"(","title":"T","boss":")" + boss + R"("})"));
  }
  std::reverse(chain.begin(), chain.end());
  ListSource source(chain);
  RunRequest request{.source = "people", .kind = store::RunKind::import, .actor = "test"};
  const auto run = run_source(*provisioner_, source, request, system_clock(), {});
  ASSERT_TRUE(run);
  EXPECT_EQ(run->row.counts.quarantined, 1500);
  EXPECT_TRUE(people().empty());
  ASSERT_TRUE(put(record("people", "boss", R"({"id":"boss","name":"bossy","title":"Boss"})")));
  EXPECT_EQ(people().size(), 1501u);
  EXPECT_EQ(text("p1499", "manager"), "\"p1498\"");
}

TEST_F(ManagersNeeded, SomebodyKnownWhoseNewManagerIsNotThereYetFollowsLater) {
  ASSERT_TRUE(put(scim("2", "zoe", "", "Boss")));
  ASSERT_TRUE(put(scim("1", "anna", "2", "Clerk")));
  const auto moved = put(scim("1", "anna", "3", "Lead"));
  ASSERT_TRUE(moved);
  EXPECT_EQ(moved->decision.verb, Verb::quarantine);
  EXPECT_EQ(text("anna", "title"), "\"Clerk\"");
  ASSERT_TRUE(put(scim("3", "carl", "", "Boss")));
  EXPECT_EQ(text("anna", "title"), "\"Lead\"");
  EXPECT_EQ(text("anna", "manager"), "\"carl\"");
  EXPECT_EQ(state_of("idp", "1"), store::RecordState::linked);
}

TEST_F(ManagersNeeded, WhoIsStillRefusedGoesOnWaiting) {
  ASSERT_TRUE(put(scim("1", "anna", "2", "Clerk")));
  ASSERT_TRUE(put(scim("2", "zoe", "9")));
  EXPECT_TRUE(people().empty());
  ASSERT_TRUE(put(scim("9", "olga", "", "Boss")));
  // Zoe has come, but has no title that Anna could show.
  EXPECT_EQ(people().size(), 2u);
  ASSERT_TRUE(put(scim("2", "zoe", "9", "Lead")));
  EXPECT_EQ(text("anna", "managerName"), "\"Lead\"");
  EXPECT_EQ(waits(), 0u);
}

TEST_F(ManagersNeeded, ARecordThatGoesWaitsForNobody) {
  ASSERT_TRUE(put(scim("1", "anna", "2")));
  EXPECT_EQ(waits(), 1u);
  ASSERT_TRUE(gone({"idp", ResourceType::user, "1"}));
  EXPECT_EQ(waits(), 0u);
  ASSERT_TRUE(put(scim("2", "zoe", "", "Boss")));
  EXPECT_EQ(people().size(), 1u);
}

TEST_F(ManagersNeeded, AnyOrderOfArrivalGivesTheSamePeople) {
  MUSTER_SKIP_ON_POSTGRESQL();
  std::mt19937 random(11);
  for (int round = 0; round < 6; ++round) {
    std::vector<SourceRecord> records;
    for (int i = 0; i < 9; ++i) {
      const auto number = std::to_string(i);
      const auto boss = std::to_string(random() % 10);
      const std::string title = random() % 3 == 0 ? "Boss" : "t" + number;
      switch (random() % 3) {
        case 0:
          records.push_back(scim(number, "n" + number, boss, title));
          break;
        case 1:
          records.push_back(entry("u" + number, "n" + number, "uid=n" + boss + ",dc=acme", title));
          break;
        default:
          records.push_back(record("people", "c" + number,
                                   R"({"id":"c)" + number + R"(","name":"n)" + number +
                                       R"(","title":")" + title + R"(","boss":"c)" + boss +
                                       R"("})"));
      }
    }
    std::string first;
    for (int order = 0; order < 5; ++order) {
      World::TearDown();
      World::SetUp();
      use(rules());
      std::shuffle(records.begin(), records.end(), random);
      const std::size_t size = 1 + random() % records.size();
      for (std::size_t from = 0; from < records.size(); from += size) {
        std::vector<Submission> batch;
        for (std::size_t i = from; i < std::min(from + size, records.size()); ++i)
          batch.emplace_back().record = records[i];
        ASSERT_TRUE(provisioner_->submit(std::move(batch), {.actor = "test"}));
      }
      auto now = portrait(people());
      std::set<std::string> states;
      for (const auto& one : records)
        states.insert(one.key.key + " " +
                      std::string(name_of(state_of(one.key.source, one.key.key))) + "\n");
      for (const auto& state : states) now += state;
      if (first.empty()) first = now;
      ASSERT_EQ(now, first);
    }
  }
}

// A rule that wants everybody to have a manager, and newcomers who have each other.
class Mutual : public References {
 protected:
  void SetUp() override {
    References::SetUp();
    use(std::string(company_with_managers) +
        "validate: [ { id: led, severity: error, check: 'present(manager)' } ]\n");
  }
  static SourceRecord file(const std::string& id, const std::string& boss) {
    return record("people", id,
                  R"({"id":")" + id + R"(","name":"name)" + id + R"(","boss":")" + boss + "\"}");
  }
  std::string reasons(const RunReport& report) {
    std::string all;
    const auto reader = store_->reader();
    const auto items = (*reader)->runs().items(report.row.id, 0, 100);
    for (const auto& item : *items) all += item.record_key + ": " + item.message + "\n";
    return all;
  }
  RunReport run(std::vector<SourceRecord> records) {
    ListSource source(std::move(records));
    auto report = run_source(*provisioner_, source, {.source = "people", .actor = "test"},
                             system_clock(), {});
    EXPECT_TRUE(report) << describe(report.error());
    return report ? *report : RunReport{};
  }
};
MUSTER_ON_EVERY_ENGINE(Mutual);

TEST_F(Mutual, NewcomersWhoNeedEachOtherComeTogether) {
  const auto report =
      run({file("1", "2"), file("2", "1"), file("3", "4"), file("4", "5"), file("5", "3"),
           file("6", "6"), file("7", "1"), file("8", "nobody"), file("9", "8"), file("A", "")});
  ASSERT_EQ(report.row.counts.created, 7) << reasons(report);
  EXPECT_EQ(report.row.counts.quarantined, 3);
  EXPECT_EQ(person("name1").find("manager")->value, Value("name2"));
  EXPECT_EQ(person("name2").find("manager")->value, Value("name1"));
  EXPECT_EQ(person("name5").find("manager")->value, Value("name3"));
  EXPECT_EQ(person("name6").find("manager")->value, Value("name6"));
  EXPECT_EQ(person("name2").find("manager")->refers_to, person("name1").id);
}

TEST_F(Mutual, TheSecondOfThemLetsTheFirstIn) {
  EXPECT_EQ(run({file("1", "2")}).row.counts.quarantined, 1);
  EXPECT_EQ(run({file("1", "2"), file("2", "1")}).row.counts.created, 2);
  EXPECT_EQ(people().size(), 2U);
}

}  // namespace
}  // namespace muster::provision
