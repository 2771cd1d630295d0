// SPDX-License-Identifier: Apache-2.0
// Records that wait for a person: how a review opens, is answered, taken back, and closes.
#include "provision/reviews/reviews.h"
#include "tests/provision/world.h"
#include "tests/support/every_engine.h"

namespace muster::provision {
namespace {

using Kind = ReviewAnswer::Kind;

class Review : public World {
 protected:
  static SourceRecord contractor(const std::string& key, const std::string& mail,
                                 const std::string& first = "Ann") {
    return record("people", key,
                  R"({"id":")" + key + R"(","mail":")" + mail + R"(","first":")" + first +
                      R"(","last":"Lee"})");
  }

  static SourceRecord pushed(const std::string& key, const std::string& first,
                             const std::string& mail, const std::string& number = "") {
    return record("idp", key,
                  R"({"userName":")" + key + R"(","name":{"givenName":")" + first +
                      R"(","familyName":"Lee"},"emails":[{"type":"work","value":")" + mail +
                      R"("}],"enterprise":{"employeeNumber":")" + number + R"("}})");
  }

  std::vector<store::ReviewRow> reviews(std::optional<store::ReviewState> state = {}) {
    auto reader = store_->reader();
    auto rows = (*reader)->reviews().list("", state, "", 1000);
    EXPECT_TRUE(rows);
    return *rows;
  }

  std::vector<store::ReviewRow> open() { return reviews(store::ReviewState::open); }

  Result<Outcome> answer(Kind kind, const std::string& review, const std::string& person = "") {
    return answer_review(*provisioner_,
                         {.kind = kind, .review = review, .person = person, .by = "petra"},
                         "cli:petra");
  }

  std::vector<store::RecordRow> records(const Identity& identity) {
    auto reader = store_->reader();
    return *(*reader)->people().records(identity.id);
  }

  std::vector<std::string> actions() {
    auto reader = store_->reader();
    const auto rows = (*reader)->journal().audit(0, 1000);
    std::vector<std::string> names;
    for (const auto& row : *rows) names.push_back(row.action + " by " + row.actor);
    return names;
  }
};

MUSTER_ON_EVERY_ENGINE(Review);

TEST_F(Review, AProposalOpensOneReviewHoweverOftenItIsTold) {
  ASSERT_TRUE(put(directory("u1", "Ann", "Lee")));
  const auto told = put(contractor("c1", "ann.lee@acme.example"));
  ASSERT_TRUE(told) << describe(told.error());
  EXPECT_EQ(told->decision.verb, Verb::review);
  ASSERT_TRUE(put(contractor("c1", "ann.lee@acme.example")));
  const auto waiting = open();
  ASSERT_EQ(waiting.size(), 1u);
  EXPECT_EQ(waiting[0].source, "people");
  EXPECT_EQ(waiting[0].record_key, "c1");
  EXPECT_EQ(waiting[0].tier, "mail-csv");
  EXPECT_EQ(waiting[0].candidates, std::vector<std::string>{person("ann.lee").id});
  EXPECT_EQ(reviews().size(), 1u);
}

TEST_F(Review, ALinkAppliesAtOnceIsSignedAndStays) {
  ASSERT_TRUE(put(directory("u1", "Ann", "Lee")));
  ASSERT_TRUE(put(contractor("c1", "ann.lee@acme.example")));
  const auto ann = person("ann.lee").id;
  const auto before = events().size();
  const auto done = answer(Kind::link, open().at(0).id, ann);
  ASSERT_TRUE(done) << describe(done.error());
  EXPECT_EQ(done->decision.verb, Verb::link);
  EXPECT_EQ(events().size(), before + 1) << "the platform hears of it";
  EXPECT_EQ(person("ann.lee").sources, (std::vector<std::string>{"dir", "csv"}));
  EXPECT_EQ(person("ann.lee").find("kind")->value, Value("contractor"));
  EXPECT_TRUE(open().empty());
  const auto row = reviews().at(0);
  EXPECT_EQ(row.resolution, store::Resolution::link);
  EXPECT_EQ(row.by, "petra");
  EXPECT_EQ(row.person, ann);
  EXPECT_TRUE(row.resolved);
  std::string linked_by;
  for (const auto& one : records(person("ann.lee")))
    if (one.head.key.source == "people") linked_by = one.correlated_by;
  EXPECT_EQ(linked_by.substr(0, 17), "operator petra, 2") << linked_by;
  const auto audit = actions();
  EXPECT_NE(std::find(audit.begin(), audit.end(), "review.link by cli:petra"), audit.end());
  EXPECT_NE(std::find(audit.begin(), audit.end(), "user.link by cli:petra"), audit.end());
  ASSERT_TRUE(put(contractor("c1", "new@other.example", "Anna")));
  EXPECT_EQ(person("ann.lee").sources.size(), 2u) << "links are sticky";
  EXPECT_EQ(people().size(), 1u);
}

TEST_F(Review, TheOwnerStaysTheOwnerWhoeverLinksAWeakerSource) {
  ASSERT_TRUE(put(directory("u1", "Ann", "Lee", R"(,"employeeType":"left")")));
  ASSERT_TRUE(put(contractor("c1", "ann.lee@acme.example")));
  const auto ann = person("ann.lee");
  EXPECT_EQ(ann.state, IdentityState::inactive);
  ASSERT_TRUE(answer(Kind::link, open().at(0).id, ann.id));
  EXPECT_EQ(person("ann.lee").state, IdentityState::inactive) << "a weaker source wakes nobody up";
  ASSERT_TRUE(put(contractor("c1", "eve@evil.example")));
  EXPECT_EQ(person("ann.lee").email, "ann.lee@acme.example") << "nor moves the mail address";
  EXPECT_EQ(person("ann.lee").sources.front(), "dir");
}

TEST_F(Review, SomebodyNewIsCreatedWhenSomebodySaysSo) {
  ASSERT_TRUE(put(directory("u1", "Ann", "Lee", R"(,"employeeNumber":"7")")));
  ASSERT_TRUE(put(directory("u2", "Eve", "Ray", R"(,"employeeNumber":"7")")));
  ASSERT_EQ(open().size(), 1u);
  EXPECT_NE(open()[0].reason.find("dir record u1 has the person, u2 waits"), std::string::npos)
      << open()[0].reason;
  const auto done = answer(Kind::create, open().at(0).id);
  ASSERT_TRUE(done) << describe(done.error());
  EXPECT_EQ(done->decision.verb, Verb::create);
  EXPECT_EQ(person("eve.ray").sources, std::vector<std::string>{"dir"});
  EXPECT_EQ(people().size(), 2u);
}

TEST_F(Review, WhoIsKeptOutStaysOutUntilTheDataChange) {
  ASSERT_TRUE(put(directory("u1", "Ann", "Lee")));
  ASSERT_TRUE(put(contractor("c1", "ann.lee@acme.example")));
  ASSERT_TRUE(answer(Kind::ignore, open().at(0).id));
  EXPECT_TRUE(open().empty());
  auto changed = std::string(company);
  changed.replace(changed.find("max: 99"), 7, "max: 98");
  use(changed);
  const auto again = put(contractor("c1", "ann.lee@acme.example"));
  ASSERT_TRUE(again);
  EXPECT_EQ(again->decision.verb, Verb::skip) << "other rules are no other data";
  EXPECT_TRUE(open().empty());
  ASSERT_TRUE(put(contractor("c1", "ann.lee@acme.example", "Annie")));
  EXPECT_EQ(open().size(), 1u);
  EXPECT_EQ(reviews().size(), 2u);
}

TEST_F(Review, TakingALinkBackUndoesIt) {
  ASSERT_TRUE(put(directory("u1", "Ann", "Lee")));
  ASSERT_TRUE(put(contractor("c1", "ann.lee@acme.example")));
  const auto review = open().at(0).id;
  const auto before = person("ann.lee");
  ASSERT_TRUE(answer(Kind::link, review, before.id));
  const auto back = answer(Kind::reopen, review);
  ASSERT_TRUE(back) << describe(back.error());
  EXPECT_TRUE(same_person_facts(person("ann.lee"), before));
  ASSERT_EQ(open().size(), 1u);
  EXPECT_EQ(open()[0].id, review);
  EXPECT_EQ(back->head.state, store::RecordState::review);
  ASSERT_TRUE(answer(Kind::ignore, review));
  ASSERT_TRUE(answer(Kind::reopen, review));
  EXPECT_EQ(open().size(), 1u);
}

TEST_F(Review, ADecisionThatALaterOneReplacedCannotBeTakenBack) {
  ASSERT_TRUE(put(directory("u1", "Ann", "Lee")));
  ASSERT_TRUE(put(contractor("c1", "ann.lee@acme.example")));
  const auto first = open().at(0).id;
  ASSERT_TRUE(answer(Kind::ignore, first));
  ASSERT_TRUE(put(contractor("c1", "ann.lee@acme.example", "Anna"))) << "the data change";
  ASSERT_EQ(open().size(), 1u);
  const auto second = open()[0].id;
  ASSERT_NE(second, first);
  const auto waits = answer(Kind::reopen, first);
  ASSERT_FALSE(waits);
  EXPECT_EQ(waits.error().fault, Fault::conflict);
  EXPECT_NE(waits.error().detail.find("a later review"), std::string::npos);
  ASSERT_TRUE(answer(Kind::link, second, person("ann.lee").id));
  EXPECT_EQ(answer(Kind::reopen, first).error().fault, Fault::conflict);
  EXPECT_EQ(records(person("ann.lee")).size(), 2u) << "the link stays";
  ASSERT_TRUE(answer(Kind::reopen, second));
}

TEST_F(Review, SomebodyMadeByAMistakeGivesTheAddressBackButNotTheName) {
  ASSERT_TRUE(put(directory("u1", "Ann", "Lee", R"(,"employeeNumber":"7")")));
  ASSERT_TRUE(put(directory("u2", "Eve", "Ray", R"(,"employeeNumber":"7")")));
  const auto review = open().at(0).id;
  ASSERT_TRUE(answer(Kind::create, review));
  ASSERT_TRUE(answer(Kind::reopen, review));
  EXPECT_EQ(person("eve.ray").state, IdentityState::inactive);
  EXPECT_EQ(person("eve.ray").email, "");
  const auto right = put(record(
      "idp", "e1",
      R"({"userName":"e","name":{"givenName":"Eve","familyName":"Ray"},"emails":[{"type":"work","value":"eve.ray@acme.example"}]})"));
  ASSERT_TRUE(right);
  EXPECT_EQ(right->decision.verb, Verb::create);
  EXPECT_EQ(person("eve.ray2").email, "eve.ray@acme.example");
}

TEST_F(Review, AnswersThatBreakARuleAreRefusedAndChangeNothing) {
  auto careful = std::string(company);
  careful.replace(careful.find("  many: review"), 14,
                  "  never_link_to: 'userName == \"root.lee\"'\n  many: review");
  use(careful);
  ASSERT_TRUE(put(directory("u1", "Ann", "Lee")));
  ASSERT_TRUE(put(directory("u9", "Root", "Lee")));
  ASSERT_TRUE(put(record("people", "c0",
                         R"({"id":"c0","mail":"bob@acme.example","first":"Bob","last":"Ray"})")));
  ASSERT_TRUE(put(contractor("c1", "ann.lee@acme.example")));
  const auto review = open().at(0).id;
  struct Story {
    const char* story;
    Kind kind;
    std::string person;
    Fault fault;
    const char* said;
  };
  const Story stories[] = {
      {"protected", Kind::link, person("root.lee").id, Fault::conflict, "never_link_to"},
      {"has a record of the source", Kind::link, person("bob.ray").id, Fault::conflict,
       "two records of people claim bob.ray"},
      {"nobody", Kind::link, "no-such-id", Fault::not_found, "no person with id"},
      {"somebody else's mail address", Kind::create, "", Fault::conflict,
       "belongs to ann.lee (dir record u1)"},
      {"not resolved", Kind::reopen, "", Fault::conflict, "the review is open"},
  };
  const auto audits = audit_rows();
  for (const auto& c : stories) {
    SCOPED_TRACE(c.story);
    const auto refused = answer(c.kind, review, c.person);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().fault, c.fault);
    EXPECT_NE(refused.error().detail.find(c.said), std::string::npos) << refused.error().detail;
  }
  EXPECT_EQ(answer(Kind::ignore, "no-such-review").error().fault, Fault::not_found);
  EXPECT_EQ(audit_rows(), audits);
  EXPECT_EQ(open().size(), 1u);
  ASSERT_TRUE(answer(Kind::link, review, person("ann.lee").id));
  EXPECT_EQ(answer(Kind::ignore, review).error().fault, Fault::conflict) << "decided already";
}

TEST_F(Review, AReviewClosesByItselfWhenItsCauseGoes) {
  ASSERT_TRUE(put(directory("u1", "Ann", "Lee", R"(,"employeeNumber":"7")")));
  ASSERT_TRUE(put(directory("u2", "Eve", "Ray", R"(,"employeeNumber":"7")")));
  ASSERT_TRUE(put(contractor("c1", "ann.lee@acme.example")));
  ASSERT_EQ(open().size(), 2u);
  ASSERT_TRUE(gone({"people", ResourceType::user, "c1"}));
  ASSERT_TRUE(put(directory("u2", "Eve", "Ray", R"(,"employeeNumber":"8")")));
  EXPECT_TRUE(open().empty());
  for (const auto& review : reviews()) {
    EXPECT_EQ(review.resolution, store::Resolution::closed);
    EXPECT_NE(review.note, "");
  }
  EXPECT_EQ(answer(Kind::reopen, reviews()[0].id).error().fault, Fault::conflict);
}

TEST_F(Review, AMailPassedOnToASuccessorStealsNothing) {
  ASSERT_TRUE(put(pushed("e1", "Ann", "office@acme.example")));
  const auto ann = person("ann.lee");
  ASSERT_TRUE(put(pushed("e2", "Bob", "office@acme.example")));
  ASSERT_EQ(open().size(), 1u) << "Ann has the address still";
  EXPECT_NE(open()[0].reason.find("idp record e1"), std::string::npos) << open()[0].reason;
  EXPECT_NE(open()[0].reason.find("e2"), std::string::npos);
  ASSERT_TRUE(put(pushed("e1", "Ann", "ann@acme.example")));
  const auto successor = put(pushed("e2", "Bob", "office@acme.example"));
  ASSERT_TRUE(successor);
  EXPECT_EQ(successor->decision.verb, Verb::create);
  EXPECT_NE(person("bob.lee").id, ann.id);
  EXPECT_TRUE(open().empty());
}

TEST_F(Review, ASuccessorDoesNotInheritTheAccountOfALeaver) {
  ASSERT_TRUE(put(pushed("e1", "Ann", "office@acme.example")));
  ASSERT_TRUE(gone({"idp", ResourceType::user, "e1"}));
  const auto successor = put(pushed("e2", "Bob", "office@acme.example"));
  ASSERT_TRUE(successor);
  EXPECT_EQ(successor->decision.verb, Verb::create)
      << "the address is given up, the account is not";
  EXPECT_EQ(person("ann.lee").state, IdentityState::inactive);
}

TEST_F(Review, WhoResemblesALeaverIsAskedAboutWhereTheTierSaysSo) {
  auto asking = std::string(company);
  const std::string tier = "{ id: mail, match: [email], one: link,";
  asking.replace(asking.find(tier), tier.size(), tier + " leavers: review,");
  use(asking);
  ASSERT_TRUE(put(pushed("e1", "Ann", "office@acme.example")));
  ASSERT_TRUE(gone({"idp", ResourceType::user, "e1"}));
  const auto successor = put(pushed("e2", "Bob", "office@acme.example"));
  ASSERT_TRUE(successor);
  EXPECT_EQ(successor->decision.verb, Verb::review);
  EXPECT_EQ(person("ann.lee").state, IdentityState::inactive);
  ASSERT_TRUE(answer(Kind::link, open().at(0).id, person("ann.lee").id))
      << "it was Ann, with a new account";
  EXPECT_EQ(person("ann.lee").state, IdentityState::active);
}

TEST_F(Review, TwoCandidatesWaitUntilSomebodyChooses) {
  auto by_name = std::string(company);
  by_name.replace(
      by_name.find("    - { id: mail,"), 17,
      "    - { id: family, match: [lastName], one: link, only: [idp] }\n    - { id: mail,");
  use(by_name);
  ASSERT_TRUE(put(directory("u1", "Ann", "Lee")));
  ASSERT_TRUE(put(directory("u2", "Bob", "Lee")));
  const auto told = put(pushed("e1", "Bob", "bobby@acme.example"));
  ASSERT_TRUE(told);
  EXPECT_EQ(told->decision.verb, Verb::review);
  EXPECT_EQ(open().at(0).candidates.size(), 2u);
  const auto details = review_details(*provisioner_, open()[0].id, system_clock().now());
  ASSERT_TRUE(details) << describe(details.error());
  EXPECT_EQ(details->candidates.size(), 2u);
  ASSERT_EQ(details->correlation.tiers.size(), 2u);
  EXPECT_EQ(details->correlation.tiers[0].skipped, "employeeId is none");
  EXPECT_EQ(details->correlation.tiers[1].found.size(), 2u);
  ASSERT_TRUE(answer(Kind::link, open()[0].id, person("bob.lee").id));
  EXPECT_EQ(person("bob.lee").sources, (std::vector<std::string>{"idp", "dir"}));
  EXPECT_EQ(person("bob.lee").email, "bobby@acme.example") << "the stronger source owns now";
}

}  // namespace
}  // namespace muster::provision
