// SPDX-License-Identifier: Apache-2.0
// Several values where one is read: adding one never changes what stood before.
#include <algorithm>
#include <random>

#include "provision/runs/reevaluate.h"
#include "tests/provision/world.h"
#include "tests/support/every_engine.h"

namespace muster::provision {
namespace {

constexpr std::string_view rules = R"yaml(
version: mapping/v1
schema: { profile: generic, attributes: { phone: text, site: text } }
sources:
  idp:
    kind: scim
    records: scim.user
    key: externalId
    scope:
      - { id: service, skip: 'starts(emails.value | first, "svc-")' }
    map:
      email: '(emails[primary].value | first) ?? (emails.value | first) | email'
      phone: 'primary(phoneNumbers).value | before("#")'
      lastName: 'userName'
  dir:
    kind: ldap
    records: { text: [uid, mail, l] }
    key: entryUUID
    scope:
      - { id: service, skip: 'starts(mail, "svc-")' }
    map:
      email: 'mail | email'
      site: 'l | upper'
      lastName: 'uid'
  people:
    kind: csv
    records: { text: [id, mails] }
    key: id
    map:
      email: 'split(mails, ";") | first | trim | email'
      lastName: 'id'
username: { patterns: ['{lastName}'] }
classify: { otherwise: { id: all, class: internal } }
)yaml";

class OneOfSeveral : public World {
 protected:
  void SetUp() override {
    World::SetUp();
    use(std::string(rules));
  }

  // Each source has people of its own.
  std::string address(const std::string& name) const { return name + "@" + source_ + ".example"; }

  // The same person told with these addresses by each kind of source.
  SourceRecord told(const std::string& source, const std::vector<std::string>& names,
                    const std::string& primary = {}) const {
    Value document;
    Value::List mails;
    std::string cell;
    for (const auto& name : names) {
      if (source == "idp") {
        Value one;
        one.set("value", address(name));
        if (name == primary) one.set("primary", true);
        mails.push_back(std::move(one));
      } else {
        mails.emplace_back(address(name));
      }
      cell += (cell.empty() ? "" : "; ") + address(name);
    }
    if (source == "idp") {
      document.set("externalId", "x");
      document.set("userName", "anna-" + source);
      document.set("emails", std::move(mails));
    } else if (source == "dir") {
      document.set("uid", "anna-" + source);
      document.set("mail", mails.size() == 1 ? mails.front() : Value(std::move(mails)));
    } else {
      document.set("id", "anna-" + source);
      document.set("mails", cell);
    }
    return record(source, "anna", write_json(document));
  }

  std::string email_after(SourceRecord one) {
    const auto outcome = put(std::move(one));
    EXPECT_TRUE(outcome) << describe(outcome.error());
    return outcome ? outcome->identity.email : "";
  }

  std::string source_ = "idp";
};
MUSTER_ON_EVERY_ENGINE(OneOfSeveral);

TEST_F(OneOfSeveral, WhatStoodStaysWhileItIsThere) {
  std::mt19937 random(7);
  for (const std::string source : {"idp", "dir", "people"}) {
    source_ = source;
    SCOPED_TRACE(source);
    std::string stood = "mara";
    EXPECT_EQ(email_after(told(source, {stood})), address(stood));
    std::vector<std::string> names = {stood};
    for (int step = 0; step < 40; ++step) {
      if (names.size() > 1 && random() % 5 == 0) {
        std::erase(names, names[random() % names.size()]);
      } else {
        names.push_back(std::string(1, static_cast<char>('a' + random() % 26)) +
                        std::to_string(step));
      }
      std::shuffle(names.begin(), names.end(), random);
      const auto now = email_after(told(source, names));
      if (std::ranges::find(names, stood) == names.end()) stood = now.substr(0, now.find('@'));
      EXPECT_EQ(now, address(stood)) << step;
      ASSERT_NE(std::ranges::find(names, stood), names.end());
    }
    ASSERT_TRUE(gone({source, ResourceType::user, "anna"}));
  }
}

TEST_F(OneOfSeveral, ItIsToldAndThePrimaryOneWins) {
  const auto first = put(told("idp", {"b", "a"}));
  ASSERT_TRUE(first);
  EXPECT_EQ(first->identity.email, address("b"));
  const auto told_of = [](const Result<Outcome>& outcome) {
    std::string codes;
    for (const auto& finding : outcome->decision.findings)
      codes += finding.code + ":" + finding.attribute + " ";
    return codes;
  };
  EXPECT_EQ(told_of(first), "W-MULTI: W-MULTI:email ") << "once by the scope, once by the line";
  const auto primary = put(told("idp", {"b", "a", "c"}, "c"));
  ASSERT_TRUE(primary);
  EXPECT_EQ(primary->identity.email, address("c"));
  const auto none = put(told("idp", {"b", "c", "a"}));
  ASSERT_TRUE(none);
  EXPECT_EQ(none->identity.email, address("c")) << "the primary one of before";
}

// An alias that a rule of the scope would take for a service's must not take the person away.
TEST_F(OneOfSeveral, TheScopeReadsWhatStood) {
  for (const std::string source : {"idp", "dir"}) {
    source_ = source;
    EXPECT_EQ(email_after(told(source, {"mara"})), address("mara"));
    const auto outcome = put(told(source, {"svc-mail", "mara"}));
    ASSERT_TRUE(outcome);
    EXPECT_EQ(outcome->identity.email, address("mara")) << source;
    EXPECT_EQ(outcome->head.state, store::RecordState::linked) << source;
    ASSERT_TRUE(gone({source, ResourceType::user, "anna"}));
  }
}

// Where the value goes on through other functions, what was read before is what stays.
TEST_F(OneOfSeveral, AValueThatIsWorkedOnStays) {
  const auto site = [](const Result<Outcome>& outcome, const char* name) {
    const auto* value = outcome ? outcome->identity.find(name) : nullptr;
    return value != nullptr ? value->value.as_text() : "none";
  };
  ASSERT_EQ(site(put(record("dir", "anna", R"({"uid":"anna","l":"Ghent"})")), "site"), "GHENT");
  EXPECT_EQ(site(put(record("dir", "anna", R"({"uid":"anna","l":["Aalst","Ghent"]})")), "site"),
            "GHENT");
  const auto phones = [&](const char* numbers) {
    return record(
        "idp", "p",
        std::string(R"({"externalId":"p","userName":"pia","phoneNumbers":[)") + numbers + "]}");
  };
  ASSERT_EQ(site(put(phones(R"({"value":"7#1","type":"work"})")), "phone"), "7");
  EXPECT_EQ(
      site(put(phones(R"({"value":"5#1","type":"work"},{"value":"7#1","type":"work"})")), "phone"),
      "7");
  EXPECT_EQ(
      site(put(phones(R"({"value":"5#1","type":"work"},{"value":"7#1","type":"home"})")), "phone"),
      "5")
      << "one for work is better than what stood";
}

// Records are kept as they were told, and evaluated again by other rules: nobody's address changes.
TEST_F(OneOfSeveral, OtherRulesChangeNothing) {
  for (const std::string source : {"idp", "dir", "people"}) {
    source_ = source;
    const auto outcome = put(told(source, {"mara"}));
    ASSERT_TRUE(outcome);
    EXPECT_EQ(email_after(told(source, {"abc", "mara"})), address("mara")) << source;
    auto changed = std::string(rules);
    changed.replace(changed.find("id: all"), 7, "id: new");
    use(changed);
    const auto report = reevaluate(*provisioner_, {.actor = "test"}, system_clock(), {});
    ASSERT_TRUE(report) << describe(report.error());
    EXPECT_EQ(report->row.counts.read, 1) << source;
    EXPECT_EQ(email_after(told(source, {"abc", "mara"})), address("mara")) << "unchanged";
    EXPECT_EQ(email_after(told(source, {"aaa", "abc", "mara"})), address("mara")) << source;
    ASSERT_TRUE(gone({source, ResourceType::user, "anna"}));
    use(std::string(rules));
  }
}

}  // namespace
}  // namespace muster::provision
