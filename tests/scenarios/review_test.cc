// SPDX-License-Identifier: Apache-2.0
// Records that wait for a person, through `muster reviews`; and whose word counts when several
// doors bring one person.
#include <gtest/gtest.h>

#include <algorithm>

#include "tests/scenarios/installation.h"
#include "tests/support/every_engine.h"

namespace muster::scenarios {
namespace {

constexpr std::string_view mapping = R"(version: mapping/v1
schema:
  profile: generic
  attributes: { employeeId: { type: text, unique: true }, title: text }
sets: { own: { domains: [corp.example], subdomains: false } }
sources:
  idp:
    kind: scim
    records: scim.user
    key: externalId
    map:
      email:     'emails.value | first | email'
      firstName: 'name.givenName'
      lastName:  'name.familyName'
      enabled:   'active ?? true'
  hr:
    kind: csv
    records: { text: [id, mail, first, last, number, title] }
    key: id
    map: { email: 'mail | email', firstName: first, lastName: last, employeeId: number, title: title }
  badges:
    kind: csv
    records: { text: [id, mail, first, last, number, title] }
    key: id
    primary: 'title == "Chief"'
    map: { email: 'mail | email', firstName: first, lastName: last, employeeId: number, title: title }
correlate:
  tiers:
    - { id: number, match: [employeeId], one: link }
    - { id: mail, match: [email], when: 'domain_in(email, own)', one: link }
    - { id: name, match: [lastName, firstName], one: suggest, only: [badges] }
merge: { default: { authority: [idp, hr, badges] } }
username: { patterns: ['{firstName}.{lastName}'] }
classify: { otherwise: { id: everybody, class: internal } }
lifecycle: { guard: { max_deactivate: 100%, min_count: 50 } }
)";

class Reviews : public ::testing::Test {
 protected:
  Reviews() {
    installation_.write("mapping.yaml", mapping);
    configure();
  }

  void configure() {
    installation_.write("muster.yaml",
                        "version: muster/v1\nstate_directory: state\nmapping: mapping.yaml\n" +
                            installation_.store() +
                            "listeners: { scim: { port: 0 }, management: { port: 0 } }\nsources:\n"
                            "  idp: { kind: scim }\n  hr: { kind: csv, mode: delta }\n"
                            "  badges: { kind: csv, mode: delta }\n");
  }

  Ended import(const std::string& source, const std::string& rows,
               const std::string& mode = "delta") {
    const auto file =
        installation_.write(source + ".csv", "id,mail,first,last,number,title\n" + rows);
    return installation_.muster({"import", file.string(), "--source", source, "--mode", mode});
  }

  Value waiting() { return installation_.json({"reviews", "list"}); }
  std::string only_id() {
    const auto list = waiting();
    EXPECT_EQ(list.as_list().size(), 1u);
    return list.as_list().empty() ? "" : list.as_list()[0].find("id")->as_text();
  }
  Value person(const std::string& name) { return installation_.json({"users", "show", name}); }

  Installation installation_;
};

MUSTER_ON_EVERY_ENGINE(Reviews);

TEST_F(Reviews, AProposalIsShownDecidedSignedAndTakenBack) {
  ASSERT_EQ(import("hr", "1,ann@corp.example,Ann,Lee,7,\n2,bob@corp.example,Bob,Ray,8,\n").code, 0);
  ASSERT_EQ(import("badges", "b1,ann@mail.example,ann,lee,,Guard\n").code, 0);
  const auto id = only_id();
  const auto shown = installation_.muster({"reviews", "show", id}).said;
  for (const char* text : {"badges record b1", "tier name", "ann.lee", "number", "skipped"})
    EXPECT_NE(shown.find(text), std::string::npos) << text << "\n" << shown;
  EXPECT_EQ(installation_.muster({"reviews", "resolve", id}).code, 2) << "one decision is needed";
  const auto done = installation_.muster(
      {"reviews", "resolve", id, "--link", "ann.lee", "--by", "petra", "--note", "same badge"});
  EXPECT_EQ(done.code, 0) << done.said;
  EXPECT_TRUE(waiting().as_list().empty());
  const auto text = write_json(person("ann.lee"));
  EXPECT_NE(text.find("operator petra, 20"), std::string::npos) << text;
  EXPECT_NE(text.find("\"Guard\""), std::string::npos) << "it contributes at once";
  EXPECT_NE(installation_.muster({"users", "explain", "ann.lee"}).said.find("operator petra"),
            std::string::npos);
  const auto resolved = installation_.json({"reviews", "list", "--state", "resolved"});
  const auto& row = resolved.as_list().at(0);
  EXPECT_EQ(row.find("resolution")->as_text(), "link");
  EXPECT_EQ(row.find("by")->as_text(), "petra");
  EXPECT_EQ(row.find("note")->as_text(), "same badge");
  EXPECT_EQ(row.find("person")->as_text(), "ann.lee");
  EXPECT_EQ(import("badges", "b1,ann@mail.example,ann,lee,,Porter\n").code, 0);
  EXPECT_NE(write_json(person("ann.lee")).find("\"Porter\""), std::string::npos);
  EXPECT_EQ(installation_.muster({"reviews", "reopen", id, "--by", "petra"}).code, 0);
  EXPECT_EQ(write_json(person("ann.lee")).find("\"Porter\""), std::string::npos);
  EXPECT_EQ(only_id(), id);
}

TEST_F(Reviews, WhatTheRulesForbidIsRefusedWithAReason) {
  ASSERT_EQ(import("hr", "1,ann@corp.example,Ann,Lee,7,\n").code, 0);
  ASSERT_EQ(import("hr", "2,eve@corp.example,Eve,Ray,7,\n").code, 0);
  const auto id = only_id();
  const auto second = installation_.muster({"reviews", "resolve", id, "--link", "ann.lee"});
  EXPECT_EQ(second.code, 1) << second.said;
  EXPECT_TRUE(second.has("two records of hr claim ann.lee")) << second.said;
  EXPECT_TRUE(second.has("`primary:`")) << "what to do; " << second.said;
  EXPECT_EQ(installation_.muster({"reviews", "resolve", id, "--link", "nobody"}).code, 5);
  EXPECT_EQ(installation_.muster({"reviews", "show", "no-such"}).code, 5);
  EXPECT_EQ(installation_.muster({"reviews", "resolve", id, "--create"}).code, 0);
  EXPECT_EQ(installation_.people("userName eq \"eve.ray\""), 1u);
  EXPECT_EQ(installation_.muster({"reviews", "resolve", id, "--ignore"}).code, 1) << "decided";
}

TEST_F(Reviews, APersonMayHaveSeveralAccountsWherePrimarySaysWhichSpeaksFirst) {
  ASSERT_EQ(import("badges", "b1,ann@mail.example,Ann,Lee,5,Clerk\n").code, 0);
  ASSERT_EQ(import("badges", "b2,lee@mail.example,Ann,Lee,5,Chief\n").code, 0);
  const auto id = only_id();
  EXPECT_TRUE(installation_.muster({"reviews", "show", id}).has("two records of badges claim"))
      << "it is never linked without somebody who knows";
  const auto done = installation_.muster({"reviews", "resolve", id, "--link", "ann.lee"});
  ASSERT_EQ(done.code, 0) << done.said;
  auto shown = write_json(person("ann.lee"));
  EXPECT_NE(shown.find("\"Chief\""), std::string::npos) << shown;
  EXPECT_NE(shown.find("lee@mail.example"), std::string::npos) << shown;
  EXPECT_EQ(installation_.people("sources eq \"badges\""), 1u);
  const auto explained = installation_.json({"users", "explain", "ann.lee"});
  const auto why = write_json(explained);
  for (const char* member : {"config", "run_time", "class", "findings", "scope", "link"})
    EXPECT_NE(explained.find(member), nullptr) << member << " is missing in " << why;
  for (const char* text :
       {R"("userName":{"value":"ann.lee","rule":"username.patterns[0]","at":")",
        R"("frozen":true,"tried":[)", R"("how":"create","result":"create","tiers":[{"id":"number")",
        R"("how":"operator )", R"("scope":{"in":true)",
        R"("steps":[{"op":"title","out":"Chief"}])"})
    EXPECT_NE(why.find(text), std::string::npos) << text << " is missing in " << why;
  for (const auto& record : explained.find("records")->as_list()) {
    if (!(*record.find("linkedBy") == Value("create"))) continue;
    for (const auto& tier : record.find("link")->find("tiers")->as_list()) {
      const auto* hits = tier.find("hits");
      EXPECT_TRUE(hits == nullptr || *hits == Value(0)) << "nobody finds the person they made";
    }
  }
  EXPECT_NE(why.find("another account of badges came first"), std::string::npos) << why;
  EXPECT_TRUE(explained.find("link")->find("how")->as_text().starts_with("operator "))
      << "the account that speaks first owns the person; " << why;
  ASSERT_EQ(import("badges", "b1,ann@mail.example,Ann,Lee,5,Porter\n").code, 0);
  EXPECT_NE(write_json(person("ann.lee")).find("\"Chief\""), std::string::npos)
      << "the stored rank counts, whoever speaks last";
  ASSERT_EQ(import("badges", "b2,lee@mail.example,Ann,Lee,5,Clerk\n").code, 0);
  shown = write_json(person("ann.lee"));
  EXPECT_NE(shown.find("\"Porter\""), std::string::npos) << "alike: the lower key; " << shown;
  EXPECT_NE(shown.find("ann@mail.example"), std::string::npos) << shown;
}

TEST_F(Reviews, WhatWaitedForSomethingElseIsRetriedByNameAllAtOnceOrByApply) {
  // The second and third record of hr claim the address of the first, which then gets another one.
  const std::string claims = "2,ann@corp.example,Bea,Lee,,\n3,ann@corp.example,Cyd,Lee,,\n";
  ASSERT_EQ(import("hr", "1,ann@corp.example,Ann,Lee,7,\n" + claims).code, 0);
  ASSERT_EQ(waiting().as_list().size(), 2u);
  auto run = installation_.muster({"reviews", "retry"});
  EXPECT_EQ(run.code, 0) << run.said;
  EXPECT_NE(run.said.find("2 read, 2 review"), std::string::npos) << run.said;
  EXPECT_NE(run.said.find("2 of them still wait"), std::string::npos) << run.said;
  ASSERT_EQ(import("hr", "1,ann.lee@corp.example,Ann,Lee,7,\n").code, 0);
  run = installation_.muster({"reviews", "retry", "--dry-run"});
  EXPECT_NE(run.said.find("2 read, 1 created, 1 review"), std::string::npos) << run.said;
  EXPECT_EQ(waiting().as_list().size(), 2u) << "a dry run keeps nothing";
  const auto done = installation_.json({"reviews", "retry", "hr/3"});
  EXPECT_EQ(*done.find("run")->find("counts")->find("created"), Value(1));
  EXPECT_EQ(person("cyd.lee").find("userName")->as_text(), "cyd.lee");
  EXPECT_EQ(installation_.muster({"reviews", "retry", "hr/3"}).code, 1) << "it does not wait";
  EXPECT_EQ(installation_.muster({"reviews", "retry", "hr/33"}).code, 5);
  ASSERT_EQ(import("hr", "3,cyd@corp.example,Cyd,Lee,,\n").code, 0);
  const auto applied =
      installation_.muster({"map", "apply", (installation_.folder() / "mapping.yaml").string()});
  EXPECT_EQ(applied.code, 0) << applied.said;
  EXPECT_NE(applied.said.find("1 created"), std::string::npos) << applied.said;
  EXPECT_TRUE(waiting().as_list().empty());
  EXPECT_EQ(person("bea.lee").find("userName")->as_text(), "bea.lee");
}

TEST_F(Reviews, RecordsInQuarantineAreListedAndSayForWhomTheyWait) {
  auto rules = std::string(mapping);
  rules.replace(rules.find("title: text }"), 13, "title: text, boss: ref }");
  rules.replace(rules.find("title: title }"), 14, "title: title, boss: 'ref(title)' }");
  installation_.write("mapping.yaml", rules +
                                          "validate:\n  - { id: led, check: 'present(boss) or "
                                          "employeeId == \"1\"' }\n");
  EXPECT_EQ(import("hr", "7,ann@corp.example,Ann,Lee,7,9\n").code, 3);
  const auto list = installation_.json({"reviews", "list", "--state", "quarantined"});
  ASSERT_EQ(list.as_list().size(), 1u);
  EXPECT_EQ(*list.as_list()[0].find("recordKey"), Value("7"));
  EXPECT_NE(list.as_list()[0].find("reason")->as_text().find("validate.led"), std::string::npos);
  const auto explained = installation_.json({"users", "explain", "hr/7"});
  EXPECT_EQ(write_json(*explained.find("waitsFor")), R"(["hr/9"])");
  EXPECT_EQ(explained.find("linkedBy"), nullptr);
  ASSERT_EQ(import("hr", "9,zoe@corp.example,Zoe,Roe,1,\n").code, 0);
  EXPECT_EQ(person("ann.lee").find("state")->as_text(), "active");
  EXPECT_TRUE(installation_.json({"reviews", "list", "--state", "quarantined"}).as_list().empty());
}

TEST_F(Reviews, AnIgnoredRecordStaysOutUntilItChanges) {
  ASSERT_EQ(import("hr", "1,ann@corp.example,Ann,Lee,7,\n").code, 0);
  ASSERT_EQ(import("badges", "b1,a@mail.example,Ann,Lee,,\n").code, 0);
  ASSERT_EQ(installation_.muster({"reviews", "resolve", only_id(), "--ignore"}).code, 0);
  ASSERT_EQ(import("badges", "b1,a@mail.example,Ann,Lee,,\n").code, 0);
  EXPECT_TRUE(waiting().as_list().empty());
  ASSERT_EQ(import("badges", "b1,a@mail.example,Ann,Lee,,new\n").code, 0);
  EXPECT_EQ(waiting().as_list().size(), 1u);
}

TEST_F(Reviews, WhatIdentifiesComesFromTheOwnerAlone) {
  ASSERT_EQ(import("hr", "1,ann@corp.example,Ann,Lee,,\n").code, 0);
  ASSERT_EQ(import("badges", "b1,ann@corp.example,Annie,Li,9,Guard\n").code, 0);
  const auto shown = write_json(person("ann.lee"));
  EXPECT_NE(shown.find("\"Guard\""), std::string::npos) << "the badge office contributes";
  EXPECT_EQ(shown.find("employeeId\",\"value\":\"9\""), std::string::npos) << shown;
  EXPECT_NE(shown.find("W-OWNER"), std::string::npos) << shown;
  const auto why = installation_.muster({"users", "explain", "ann.lee", "-o", "json"}).said;
  EXPECT_NE(why.find("what identifies comes from the owner"), std::string::npos) << why;
}

TEST_F(Reviews, ALookAlikeDomainNeverLinks) {
  ASSERT_EQ(import("hr", "1,ann@corp.example,Ann,Lee,7,\n").code, 0);
  ASSERT_EQ(import("badges",
                   "b1,ann@corp.example.evil.example,Eve,One,,\n"
                   "b2,ann@notcorp.example,Eve,Two,,\nb3,ann@sub.corp.example,Eve,Three,,\n")
                .code,
            0);
  EXPECT_EQ(installation_.people("sources eq \"badges\""), 3u);
  EXPECT_EQ(person("ann.lee").find("sources")->as_list().size(), 1u);
}

TEST_F(Reviews, OnePersonFromThreeDoorsInAnyOrderIsOnePerson) {
  std::vector<std::string> doors = {"badges", "hr", "idp"};
  std::string expected;
  do {
    installation_.forget();
    configure();
    installation_.serve();
    const auto token = installation_.make_token();
    for (const auto& door : doors) {
      if (door == "idp") {
        const auto answer = installation_.scim(
            http::Method::post, "/Users", token,
            R"({"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"userName":"ann","externalId":"e1",
               "name":{"givenName":"Ann","familyName":"Lee"},"emails":[{"value":"ann@corp.example"}]})");
        EXPECT_EQ(answer.status, 201) << answer.body;
      } else {
        EXPECT_EQ(import(door, "k,ann@corp.example,Ann,Lee,," + door + "\n").code, 0);
      }
    }
    installation_.stop();
    auto ann = person("ann.lee");
    for (const char* changing : {"id", "created", "modified", "records"}) ann.erase(changing);
    const auto text = write_json(ann);
    if (expected.empty()) expected = text;
    EXPECT_EQ(text, expected) << doors[0] << " first";
    EXPECT_EQ(installation_.people("active eq true"), 1u);
  } while (std::next_permutation(doors.begin(), doors.end()));
  EXPECT_NE(expected.find("[\"idp\",\"hr\",\"badges\"]"), std::string::npos) << expected;
}

TEST_F(Reviews, AScimClientFindsItsWaitingRecords) {
  ASSERT_EQ(import("hr", "1,x@corp.example,Ann,Lee,7,\n2,y@corp.example,Bob,Lee,8,\n").code, 0);
  installation_.serve();
  const auto token = installation_.make_token();
  auto post = [&](const std::string& id, const std::string& mail) {
    return installation_.scim(
        http::Method::post, "/Users", token,
        R"({"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"userName":")" + id +
            R"(","externalId":")" + id +
            R"(","name":{"givenName":"A","familyName":"B"},"emails":[{"value":")" + mail +
            R"("}]})");
  };
  EXPECT_EQ(post("e1", "x@corp.example").status, 201);
  EXPECT_EQ(post("e2", "x@corp.example").status, 201) << "kept, but two records claim one person";
  const auto found = installation_.scim(http::Method::get,
                                        "/Users?filter=urn:ietf:params:scim:schemas:extension:"
                                        "muster:2.0:User:state%20eq%20%22review%22",
                                        token);
  EXPECT_EQ(found.status, 200) << found.body;
  EXPECT_NE(found.body.find("\"totalResults\":1"), std::string::npos) << found.body;
  EXPECT_NE(found.body.find("\"e2\""), std::string::npos) << found.body;
}

}  // namespace
}  // namespace muster::scenarios
