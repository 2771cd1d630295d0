// SPDX-License-Identifier: Apache-2.0
// What simulate() tells is what reevaluate() then does.
#include "provision/simulate/simulate.h"

#include <gtest/gtest.h>

#include <map>

#include "provision/road/decide.h"
#include "tests/provision/world.h"
#include "tests/support/every_engine.h"
#include "tests/support/standing_clock.h"

namespace muster::provision {
namespace {

std::string changed(std::string yaml, const std::string& from, const std::string& to) {
  const auto at = yaml.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return at == std::string::npos ? yaml : yaml.replace(at, from.size(), to);
}

// A change of the mapping file: what is replaced by what.
struct Change {
  const char* story;
  std::vector<std::pair<std::string, std::string>> edits;
};

const Change changes[] = {
    {"nothing", {}},
    {"a value", {{"department: 'departmentNumber'", "department: 'departmentNumber | upper'"}}},
    {"authority",
     {{"department: { authority: [dir, idp] }", "department: { authority: [idp, dir] }"}}},
    {"a rule's name", {{"id: own-domain", "id: ours"}}},
    {"everybody is external",
     {{"otherwise: { id: unknown", "otherwise: { id: anybody"},
      {"class: internal, when: 'domain_in(email, own_domains)'",
       "class: external, when: 'domain_in(email, own_domains)'"}}},
    {"some are out of scope",
     {{"starts(uid, \"svc-\")", "starts(uid, \"svc-\") or uid ~ \"[37]$\""}}},
    {"services are people too", {{"starts(uid, \"svc-\")", "uid == \"nobody\""}}},
    {"suggestions become links", {{"match: [email], one: suggest", "match: [email], one: link"}}},
    {"matched on departments",
     {{"- { id: mail, match",
       "- { id: dep, match: [department], one: link }\n"
       "    - { id: mail, match"}}},
    {"a check that some fail", {{"check: 'present(email)'", "check: 'department != \"d2\"'"}}},
    {"mail from names",
     {{"email: 'mail | email'", "email: '\"{sn}@acme.example\" | lower | email'"}}},
    {"other names for new ones",
     {{"starts(uid, \"svc-\")", "uid == \"nobody\""},
      {"'{firstName}.{lastName}', '{lastName}'", "'{lastName}'"}}},
    {"many leave", {{"employeeType != \"left\"", "not (uid ~ \"[0-4]$\")"}}},
    {"groups",
     {{"lifecycle:",
       "groups:\n  managed: [\"/\"]\n  rules:\n"
       "    - { id: dep, for: 'department', to: '\"/dep/{item | slug}\"' }\n"
       "lifecycle:"}}},
};

// Time stands: reasons say since when something is so.
class Simulate : public World {
 protected:
  void SetUp() override {
    World::SetUp();
    store::StoreOptions options;
    options.url = support::store_url("sqlite::memory:");
    options.sources = {"idp", "dir", "people"};
    options.clock = &clock_;
    auto opened = store::Store::open(options);
    ASSERT_TRUE(opened) << describe(opened.error());
    provisioner_.reset();
    store_ = std::move(*opened);
    provisioner_ = std::make_unique<Provisioner>(*store_, engine_, clock_);
  }

  // People of one, two and three sources, services, reviews, a quarantine, somebody who left.
  void fill() {
    for (int i = 0; i < 40; ++i) {
      const auto n = std::to_string(i);
      ASSERT_TRUE(put(directory("u" + n, "first" + n, "last" + std::to_string(i % 9),
                                R"(,"departmentNumber":"d)" + std::to_string(i % 4) + "\"" +
                                    (i % 5 == 0 ? R"(,"employeeNumber":")" + n + "\"" : ""))));
      if (i % 3 == 0) {
        ASSERT_TRUE(
            put(record("idp", "e" + n,
                       R"({"externalId":"e)" + n + R"(","displayName":"D )" + n + R"(","active":)" +
                           (i % 6 == 0 ? "true" : "false") +
                           R"(,"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User":)" +
                           R"({"department":"e)" + std::to_string(i % 2) +
                           R"("},"emails":[{"type":"work","value":"first)" + n + ".last" +
                           std::to_string(i % 9) + R"(@acme.example"}]})")));
      }
      if (i % 8 == 0) {
        ASSERT_TRUE(
            put(record("people", "c" + n,
                       R"({"id":"c)" + n + R"(","mail":"first)" + n + ".last" +
                           std::to_string(i % 9) + R"(@acme.example","first":"C","last":"Cee"})")));
      }
    }
    for (int i = 0; i < 6; ++i)
      ASSERT_TRUE(
          put(directory("svc-" + std::to_string(i), "robot", "number" + std::to_string(i % 2))));
    (void)put(record("dir", "nomail", R"({"uid":"nomail","givenName":"No","sn":"Mail"})"));
    ASSERT_TRUE(gone({"dir", ResourceType::user, "u5"}));
  }

  std::map<std::string, Identity> by_name() {
    std::map<std::string, Identity> all;
    for (auto& one : people()) all[one.user_name] = one;
    return all;
  }

  struct Told {
    Simulation result = {};
    std::vector<PersonChange> people = {};
  };
  Told ask(const mappings::Engine& engine, const std::string& only = {}) {
    Told told;
    auto result = simulate(*store_, engine, clock_.now(), {.only = only},
                           [&](const PersonChange& change) -> Status {
                             told.people.push_back(change);
                             return {};
                           },
                           {});
    EXPECT_TRUE(result) << describe(result.error());
    if (result) told.result = *result;
    return told;
  }

  // Whom a simulation named first, for a test's message.
  static std::string describe_first(const Told& told) {
    if (told.people.empty()) return {};
    const auto& one = told.people.front();
    std::string text = one.after.user_name + ":";
    for (const auto& what : one.changed) text += " " + what;
    return text + "; " + (one.before ? one.before->state_reason : "nobody") + " -> " +
           one.after.state_reason;
  }

  support::StandingClock clock_;
};

MUSTER_ON_EVERY_ENGINE(Simulate);

TEST_F(Simulate, TellsExactlyWhatApplyingThenDoes) {
  MUSTER_SKIP_ON_POSTGRESQL();
  for (const auto& change : changes) {
    SCOPED_TRACE(change.story);
    SetUp();
    fill();
    clock_.pass(std::chrono::hours(3));
    auto yaml = std::string(company);
    for (const auto& [from, to] : change.edits) yaml = changed(yaml, from, to);
    auto next = mappings::Engine::load_text(yaml, "company.yaml");
    ASSERT_TRUE(next.engine) << describe(next.diagnostics.front());

    const auto before = by_name();
    const auto told = ask(*next.engine);
    const auto events_before = events().size();
    const auto audit_before = audit_rows();
    EXPECT_TRUE(by_name().size() == before.size()) << "a simulation writes nothing";

    provisioner_->use(next.engine);
    auto applied = reevaluate(
        *provisioner_, {.actor = "test", .accept_deactivations = told.result.leaving}, clock_, {});
    ASSERT_TRUE(applied);
    EXPECT_NE(applied->row.state, store::RunState::failed) << applied->row.detail;
    EXPECT_NE(applied->row.state, store::RunState::held) << applied->row.detail;
    EXPECT_EQ(applied->row.counts, told.result.counts);
    const auto after = by_name();

    std::map<std::string, PersonChange> expected;
    for (const auto& [name, now] : after) {
      const auto old = before.find(name);
      if (old != before.end() && same_person_facts(old->second, now)) continue;
      expected[name] = {};
    }
    std::size_t matched = 0;
    for (const auto& one : told.people) {
      const auto& name = one.after.user_name;
      ASSERT_TRUE(after.contains(name)) << name;
      EXPECT_TRUE(expected.contains(name)) << name << " does not change";
      EXPECT_TRUE(same_person_facts(after.at(name), one.after)) << name;
      EXPECT_EQ(one.before.has_value(), before.contains(name)) << name;
      if (one.before) {
        EXPECT_TRUE(same_person_facts(before.at(name), *one.before)) << name;
      }
      ++matched;
    }
    EXPECT_EQ(matched, expected.size());
    EXPECT_EQ(static_cast<std::size_t>(told.result.changed), expected.size());
    if (expected.empty()) {
      EXPECT_EQ(events().size(), events_before);
    } else {
      EXPECT_GT(audit_rows(), audit_before);
    }
    EXPECT_EQ(ask(*next.engine).result.changed, 0) << "nothing is left to do";
  }
}

TEST_F(Simulate, TellsTheSameTwice) {
  fill();
  auto next = mappings::Engine::load_text(
      changed(std::string(company), "starts(uid, \"svc-\")", "uid == \"nobody\""), "company.yaml");
  ASSERT_TRUE(next.engine);
  const auto first = ask(*next.engine), second = ask(*next.engine);
  ASSERT_EQ(first.people.size(), second.people.size());
  ASSERT_FALSE(first.people.empty());
  for (std::size_t i = 0; i < first.people.size(); ++i)
    EXPECT_TRUE(same_person_facts(first.people[i].after, second.people[i].after));
}

// Reasons say since when something is so; looking at the same again must not change them.
TEST_F(Simulate, NothingIsLeftToDoAfterApplyingWhateverTheReasonsSay) {
  MUSTER_SKIP_ON_POSTGRESQL();
  const std::pair<std::string, std::string> unused = {
      "sets:\n", "sets:\n  unused: { domains: [other.example], subdomains: true }\n"};
  const std::pair<std::string, std::string> lifecycles[] = {
      {"lifecycle:\n", "lifecycle:\n"},
      {"lifecycle:\n",
       "lifecycle:\n  absent: { grace: 7d, then: disable, retain: 30d, finally: delete }\n"},
      {"lifecycle:\n",
       "lifecycle:\n  expired: { when: 'ends(employeeId, \"5\")', then: disable }\n"}};
  for (const auto& lifecycle : lifecycles) {
    for (const auto& change : changes) {
      SCOPED_TRACE(lifecycle.second + change.story);
      SetUp();
      fill();
      auto yaml = changed(std::string(company), lifecycle.first, lifecycle.second);
      for (const auto& [from, to] : change.edits) yaml = changed(yaml, from, to);
      clock_.pass(std::chrono::hours(3));
      use(yaml);
      auto applied = reevaluate(*provisioner_, {.actor = "test"}, clock_, {});
      ASSERT_TRUE(applied);
      if (applied->row.state == store::RunState::held) {
        applied = reevaluate(*provisioner_,
                             {.actor = "test", .accept_deactivations = applied->row.counts.held},
                             clock_, {});
        ASSERT_TRUE(applied);
      }
      EXPECT_NE(applied->row.state, store::RunState::held) << applied->row.detail;
      clock_.pass(std::chrono::hours(3));
      auto again = ask(*engine_);
      EXPECT_EQ(again.result.changed, 0);
      EXPECT_TRUE(again.result.moves.empty());
      // Other text, the same rules: everything is looked at again, a day later.
      clock_.pass(std::chrono::hours(26));
      use(changed(yaml, unused.first, unused.second));
      again = ask(*engine_);
      EXPECT_GT(again.result.counts.read, 0);
      EXPECT_EQ(again.result.changed, 0) << describe_first(again);
      EXPECT_TRUE(again.result.moves.empty());
    }
  }
}

TEST_F(Simulate, OnePersonIsLookedAtAlone) {
  fill();
  auto next = mappings::Engine::load_text(
      changed(std::string(company), "department: 'departmentNumber'", "department: '\"x\"'"),
      "company.yaml");
  ASSERT_TRUE(next.engine);
  const auto anna = person("first1.last1");
  const auto told = ask(*next.engine, anna.id);
  ASSERT_EQ(told.people.size(), 1u);
  EXPECT_EQ(told.people[0].after.id, anna.id);
  EXPECT_EQ(told.people[0].changed, std::vector<std::string>{"department"});
}

TEST_F(Simulate, SaysWhenTheGuardWouldHold) {
  fill();
  auto next = mappings::Engine::load_text(
      changed(std::string(company), "employeeType != \"left\"", "false"), "company.yaml");
  ASSERT_TRUE(next.engine);
  const auto told = ask(*next.engine);
  EXPECT_GT(told.result.leaving, 5);
  EXPECT_NE(told.result.hold.find("would become inactive"), std::string::npos);
}

}  // namespace
}  // namespace muster::provision
