// SPDX-License-Identifier: Apache-2.0
#include "mappings/explain.h"

#include "tests/mappings/fixtures.h"
#include "tests/support/records.h"

namespace muster::mappings {
namespace {

constexpr const char* file = R"(version: mapping/v1
schema:
  profile: generic
  attributes: { title: text, pin: { type: text, sensitive: true } }
sources:
  hr:
    kind: csv
    records: { text: [id, first, last, mail, pin, title] }
    key: id
    scope:
      - { id: test, skip: 'last == "Test"' }
      - { id: gone, skip: 'last == "Gone"' }
    map: { firstName: 'trim(first)', lastName: last, email: 'mail | email', pin: pin, title: title }
  ad:
    kind: ldap
    records: { text: [sn, title] }
    key: objectGUID
    map: { lastName: sn, title: title }
username: { patterns: ['{firstName}.{lastName}', '{lastName}'] }
classify:
  rules:
    - { id: a, class: external, when: 'lastName == "Smith"' }
    - { id: b, class: internal, when: 'title == "boss"' }
  otherwise: { id: rest, class: external }
validate: [{ id: mail, severity: info, check: 'present(email)' }]
)";

// The value at a path of member names.
const Value& in(const Value& document, std::initializer_list<std::string_view> path) {
  const Value* at_path = &document;
  for (auto name : path) {
    const Value* next = at_path->find(name);
    if (!next) {
      ADD_FAILURE() << "no '" << name << "' in " << shown(*at_path);
      static const Value nothing;
      return nothing;
    }
    at_path = next;
  }
  return *at_path;
}

TEST(ExplainRecord, GivesPerAttributeTheRuleItsPlaceAndTheSteps) {
  auto engine = engine_of(file);
  ASSERT_NE(engine, nullptr);
  auto record = record_of(
      "hr", "1",
      R"({"id": "1", "first": " Ann ", "last": "Lee", "mail": "no address", "pin": "1234"})");
  auto document = explain_record(*engine, record, at(noon));
  EXPECT_EQ(shown(in(document, {"scope"})), R"({"in":true,"passed":["test","gone"]})");
  EXPECT_EQ(shown(in(document, {"attributes", "firstName", "value"})), "\"Ann\"");
  EXPECT_EQ(shown(in(document, {"attributes", "firstName", "rule"})),
            "\"sources.hr.map.firstName\"");
  EXPECT_EQ(shown(in(document, {"attributes", "firstName", "at"})), "\"m.yaml:13:24\"");
  EXPECT_FALSE(in(document, {"attributes", "firstName", "steps"}).as_list().empty());
  EXPECT_EQ(shown(in(document, {"attributes", "email", "result"})), "\"error\"");
  EXPECT_EQ(shown(in(document, {"attributes", "title", "result"})), "\"none\"");
  EXPECT_EQ(in(document, {"findings"}).as_list().size(), 1u);
}

TEST(ExplainRecord, SaysWhichScopeRuleSkipped) {
  auto engine = engine_of(file);
  ASSERT_NE(engine, nullptr);
  auto document = explain_record(*engine, record_of("hr", "1", R"({"last": "Gone"})"), at(noon));
  EXPECT_EQ(shown(in(document, {"scope"})),
            R"({"in":false,"passed":["test"],"skipped_by":"gone"})");
}

TEST(ExplainRecord, HidesSensitiveValues) {
  auto engine = engine_of(file);
  ASSERT_NE(engine, nullptr);
  auto document =
      explain_record(*engine, record_of("hr", "1", R"({"last": "Lee", "pin": "1234"})"), at(noon));
  EXPECT_EQ(shown(in(document, {"attributes", "pin", "value"})), "\"(4 bytes)\"");
  EXPECT_EQ(shown(document).find("1234"), std::string::npos);
}

TEST(ExplainRecord, TellsTheSameAsMapping) {
  auto engine = engine_of(file);
  ASSERT_NE(engine, nullptr);
  const char* records[] = {
      R"({"id": "1", "first": " Ann ", "last": "Lee", "mail": "A@B.example", "title": "boss"})",
      R"({"last": "Lee"})", R"({"first": "x", "mail": "y"})", "{}"};
  for (const char* json : records) {
    SCOPED_TRACE(json);
    auto record = record_of("hr", "1", json);
    auto mapped = engine->map(record, at(noon));
    auto document = explain_record(*engine, record, at(noon));
    for (const auto& member : in(document, {"attributes"}).as_object()) {
      const Offer* offer = mapped.contribution.find(member.name);
      EXPECT_EQ(in(member.value, {"value"}), offer ? offer->value : Value()) << member.name;
    }
  }
}

class ExplainIdentity : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_NE(engine_, nullptr);
    told_ = {told_of(*engine_, "hr", "1",
                     R"({"id": "1", "first": "Ann", "last": "Lee", "pin": "1234"})"),
             told_of(*engine_, "ad", "g", R"({"sn": "Leigh", "title": "boss"})")};
    told_[0].correlated_by = "key";
    told_[1].correlated_by = "mail";
    world_.taken = {"ann.lee"};
    identity_ = engine_->settle(told_, nullptr, world_, at(noon)).value().identity;
    identity_.id = "id-1";
    world_.taken.insert(identity_.user_name);
  }
  Value explain() {
    auto document = explain_identity(*engine_, told_, identity_, world_, at(noon));
    EXPECT_TRUE(document.has_value());
    return document ? *document : Value();
  }

  std::shared_ptr<const Engine> engine_ = engine_of(file);
  std::vector<Told> told_;
  KnownPeople world_;
  Identity identity_;
};

TEST_F(ExplainIdentity, GivesPerAttributeTheWinnerAndWhyTheOthersLost) {
  auto document = explain();
  EXPECT_EQ(shown(in(document, {"attributes", "lastName"})),
            R"({"value":"Lee","source":"hr","rule":"sources.hr.map.lastName","at":"m.yaml:13:48",)"
            R"("others":[{"source":"ad","offer":"Leigh","why":"weaker than hr"}]})");
  EXPECT_EQ(shown(in(document, {"attributes", "title"})),
            R"({"value":"boss","source":"ad","rule":"sources.ad.map.title","at":"m.yaml:18:33",)"
            R"("others":[{"source":"hr","offer":null,"why":"no value"}]})");
}

TEST_F(ExplainIdentity, GivesTheNamesThatWereTried) {
  auto document = explain();
  EXPECT_EQ(shown(in(document, {"attributes", "userName", "value"})), "\"ann.lee2\"");
  EXPECT_EQ(shown(in(document, {"attributes", "userName", "rule"})),
            "\"username.patterns[0] + counter 2\"");
  const auto& tried = in(document, {"attributes", "userName", "tried"}).as_list();
  ASSERT_FALSE(tried.empty());
  EXPECT_EQ(
      shown(tried[0]),
      R"({"rule":"username.patterns[0]","name":"ann.lee","why":"taken","by":"user ann.lee, active"})");
}

TEST_F(ExplainIdentity, GivesTheDecidingRuleItsInputsAndThoseThatFailedBefore) {
  auto document = explain();
  EXPECT_EQ(shown(in(document, {"class", "value"})), "\"internal\"");
  EXPECT_EQ(shown(in(document, {"class", "rule"})), "\"b\"");
  EXPECT_EQ(shown(in(document, {"class", "inputs"})), R"({"title":"boss"})");
  EXPECT_EQ(shown(in(document, {"class", "failed"})), R"(["a"])");
  EXPECT_FALSE(in(document, {"class", "steps"}).as_list().empty());
}

TEST_F(ExplainIdentity, GivesTheLinksAndTheState) {
  auto document = explain();
  EXPECT_EQ(shown(in(document, {"links"})),
            R"([{"source":"hr","key":"1","by":"key"},{"source":"ad","key":"g","by":"mail"}])");
  EXPECT_EQ(shown(in(document, {"state", "value"})), "\"active\"");
  EXPECT_EQ(in(document, {"findings"}).as_list().size(), 1u);
}

TEST_F(ExplainIdentity, TellsTheSameAsSettlingAndSaysWhenTheHeldPersonIsOld) {
  auto document = explain();
  EXPECT_EQ(shown(in(document, {"stale"})), "false");
  for (const auto& attribute : identity_.attributes) {
    if (attribute.name == "userName" || attribute.name == "pin") continue;
    EXPECT_EQ(in(document, {"attributes", attribute.name, "value"}), attribute.value);
  }
  EXPECT_EQ(shown(document).find("1234"), std::string::npos);
  identity_.classification_rule = "rest";
  EXPECT_EQ(shown(in(explain(), {"stale"})), "true");
}

TEST_F(ExplainIdentity, APersonWhomNobodyKnowsAnyMore) {
  told_.clear();
  auto document = explain();
  EXPECT_EQ(shown(in(document, {"state", "value"})), "\"inactive\"");
}

constexpr const char* referring = R"(version: mapping/v1
schema:
  profile: generic
  attributes: { manager: ref, managerMail: email }
sources:
  hr:
    kind: csv
    records: { text: [id, last, boss] }
    key: id
    map: { lastName: last, manager: 'ref(boss)', managerMail: 'deref(out.manager, "email")' }
  ad:
    kind: csv
    records: { text: [id, last, boss] }
    key: id
    map: { lastName: last, manager: 'ref(boss)' }
merge: { default: { authority: [hr, ad] } }
username: { patterns: ['{lastName}'] }
classify: { otherwise: { id: rest, class: external } }
)";

// One person, whom source ad calls "z".
struct HeldBoss : KnownPeople {
  Result<std::optional<Identity>> refer(const Reference& reference) const override {
    std::optional<Identity> found;
    if (reference != Reference{"ad", "z"} && reference != Reference{"hr", "9"}) return found;
    found.emplace();
    found->id = "id-9";
    found->user_name = "zoe";
    found->attributes = {{"email", Value("zoe@a.example"), "hr", "", ""}};
    return found;
  }
};

// Explains a person whose manager is called so by the two sources.
Value explained(const std::string& hr, const std::string& ad) {
  auto engine = engine_of(referring);
  const HeldBoss held;
  std::vector<Told> told;
  for (const auto& [source, boss] : {std::pair("hr", hr), std::pair("ad", ad)})
    told.push_back(
        told_of(*engine, source, "1", R"({"id": "1", "last": "Lee", "boss": ")" + boss + "\"}"));
  const auto identity = engine->settle(told, nullptr, held, at(noon)).value().identity;
  return explain_identity(*engine, told, identity, held, at(noon)).value();
}

TEST(ExplainReferences, NamesTheReferenceThatNobodyAnswersTo) {
  const auto document = explained("8", "z");
  const auto& manager = in(document, {"attributes", "manager"});
  EXPECT_EQ(shown(in(manager, {"value"})), "\"zoe\"");
  EXPECT_EQ(shown(in(manager, {"refersTo"})), "\"id-9\"");
  EXPECT_EQ(shown(in(manager, {"others"})),
            R"([{"source":"hr","offer":"8",)"
            R"("why":"nobody whom source hr has brought answers to '8'"}])");
  const auto nobody = explained("8", "7");
  EXPECT_TRUE(in(nobody, {"attributes", "manager", "value"}).is_none());
  EXPECT_EQ(in(nobody, {"attributes", "manager"}).find("refersTo"), nullptr);
  const auto& others = in(nobody, {"attributes", "manager", "others"}).as_list();
  ASSERT_EQ(others.size(), 2u);
  for (const auto& other : others)
    EXPECT_NE(shown(other).find("answers to"), std::string::npos) << shown(other);
  EXPECT_EQ(
      shown(in(nobody, {"attributes", "managerMail", "others"})).find("stronger source emptied"),
      std::string::npos);
}

TEST(ExplainReferences, ALineThatAsksSomebodyElseWinsLikeAnyOther) {
  const auto document = explained("9", "z");
  const auto& mail = in(document, {"attributes", "managerMail"});
  EXPECT_EQ(shown(in(mail, {"value"})), "\"zoe@a.example\"");
  EXPECT_EQ(shown(in(mail, {"others"})), R"([{"source":"ad","offer":null,"why":"no value"}])");
  EXPECT_EQ(shown(in(document, {"attributes", "manager", "others"})),
            R"([{"source":"ad","offer":"zoe","why":"weaker than hr"}])");
}

TEST(ExplainChoices, SayWhichWayTheyTook) {
  auto engine = engine_of(R"(version: mapping/v1
schema: { profile: generic, attributes: { title: text } }
sources:
  hr:
    kind: csv
    records: { text: [id, nick, first] }
    key: id
    map:
      firstName: 'nick ?? first'
      title: 'if first == "Ann" then "boss" else "clerk"'
username: { patterns: ['{firstName}'] }
classify: { otherwise: { id: all, class: external } }
)");
  ASSERT_NE(engine, nullptr);
  const auto took = [&](const char* json, const char* attribute, std::string_view op) {
    const auto document = explain_record(*engine, record_of("hr", "1", json), at(noon));
    for (const auto& step : in(document, {"attributes", attribute, "steps"}).as_list())
      if (*step.find("op") == Value(op)) return step.find("took")->as_text();
    return std::string("no such step");
  };
  EXPECT_EQ(took(R"({"first": "Ann"})", "firstName", "??"), "right");
  EXPECT_EQ(took(R"({"first": "Ann", "nick": "Nan"})", "firstName", "??"), "left");
  EXPECT_EQ(took(R"({"first": "Ann"})", "title", "if"), "then");
  EXPECT_EQ(took(R"({"first": "Bo"})", "title", "if"), "else");
}

TEST(ExplainUserName, SaysByWhichSchemeEachHoleWasWritten) {
  auto engine = engine_of(R"(version: mapping/v1
schema: { profile: generic, attributes: { locale: text } }
sources:
  hr:
    kind: csv
    records: { text: [id, first, last, locale] }
    key: id
    map: { firstName: first, lastName: last, locale: locale }
username:
  transliterate: { cyrillic: icao, by: { locale: { de: german } } }
  patterns: ['{firstName}.{lastName}']
classify: { otherwise: { id: all, class: external } }
)");
  ASSERT_NE(engine, nullptr);
  struct Story {
    const char* json;
    const char* schemes;
  };
  const Story stories[] = {
      {R"({"id": "1", "first": "Jürgen", "last": "Lee", "locale": "de"})",
       R"({"firstName":"german"})"},
      {R"({"id": "1", "first": "Jürgen", "last": "Größl"})",
       R"({"firstName":"strip","lastName":"strip"})"},
      {R"({"id": "1", "first": "Юлия", "last": "Lee-Яé"})",
       R"({"firstName":"icao","lastName":"icao, strip"})"},
  };
  for (const auto& story : stories) {
    SCOPED_TRACE(story.json);
    const std::vector<Told> told{told_of(*engine, "hr", "1", story.json)};
    KnownPeople held;
    const auto identity = engine->settle(told, nullptr, held, at(noon)).value().identity;
    const auto document = explain_identity(*engine, told, identity, held, at(noon));
    ASSERT_TRUE(document);
    EXPECT_EQ(shown(in(*document, {"attributes", "userName", "scheme"})), story.schemes);
  }
  const std::vector<Told> plain{told_of(*engine, "hr", "1", R"({"first": "A", "last": "B"})")};
  KnownPeople held;
  const auto identity = engine->settle(plain, nullptr, held, at(noon)).value().identity;
  const auto document = explain_identity(*engine, plain, identity, held, at(noon));
  EXPECT_EQ(document->find("attributes")->find("userName")->find("scheme"), nullptr);
}

std::shared_ptr<const Engine> acme() {
  return Engine::load_file(MUSTER_SOURCE_DIR "/tests/mappings/data/acme/mapping.yaml").engine;
}

TEST(ExplainAlone, TheWholeRoadOfOneRecordWhereNobodyIsKnown) {
  auto engine = acme();
  ASSERT_NE(engine, nullptr);
  auto record = record_of("entra", "e1", R"({"externalId": "e1", "userName": "jg@acme.example",
      "active": true, "preferredLanguage": "de-DE", "name": {"givenName": "Jürgen ", "familyName": "Groß"},
      "emails": [{"type": "work", "value": "JG@ACME.example"}],
      "groups": [{"display": "Team Leads", "value": "g9"}]})");
  const auto told = explain_alone(*engine, record, at(noon));
  ASSERT_TRUE(told) << told.error().detail;
  const auto& attributes = *told->find("attributes");
  EXPECT_EQ(*attributes.find("email")->find("value"), Value("jg@acme.example"));
  EXPECT_EQ(*attributes.find("email")->find("source"), Value("entra"));
  EXPECT_NE(attributes.find("email")->find("steps"), nullptr);
  EXPECT_EQ(attributes.find("email")->find("others")->as_list().size(), 2u);
  EXPECT_EQ(*attributes.find("userName")->find("value"), Value("juergen.gross"));
  EXPECT_EQ(*told->find("class")->find("rule"), Value("own-domain"));
  EXPECT_EQ(told->find("class")->find("failed")->as_list().size(), 3u);
  EXPECT_EQ(*told->find("link")->find("result"), Value("create"));
  EXPECT_EQ(*told->find("link")->find("tiers")->as_list().at(0).find("skipped"),
            Value("employeeId is none"));
  EXPECT_EQ(*told->find("groups")->as_list().at(0).find("path"), Value("/organization/management"));
  EXPECT_EQ(*told->find("state"), Value("active"));

  support::set_attribute(record, "userType", "Guest");
  const auto guest = explain_alone(*engine, record, at(noon));
  ASSERT_TRUE(guest);
  EXPECT_EQ(*guest->find("scope")->find("skipped_by"), Value("guest"));
  EXPECT_EQ(guest->find("class"), nullptr) << "nothing follows";
}

TEST(ExplainAlone, ARefusedPersonSaysWhy) {
  auto engine = acme();
  ASSERT_NE(engine, nullptr);
  const auto told = explain_alone(
      *engine, record_of("entra", "e1", R"({"externalId": "e1", "name": {"givenName": "Ann"}})"),
      at(noon));
  ASSERT_TRUE(told);
  EXPECT_EQ(*told->find("state"), Value("quarantined"));
  EXPECT_NE(told->find("reason")->as_text(), "");
}

}  // namespace
}  // namespace muster::mappings
