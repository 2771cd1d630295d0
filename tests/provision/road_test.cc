// SPDX-License-Identifier: Apache-2.0
#include "tests/provision/world.h"

namespace muster::provision {
namespace {

using store::RecordState;

class Road : public World {};

TEST_F(Road, ANewcomerGetsAnIdentityAnAuditRowAndAnEvent) {
  const auto outcome = put(directory("u1", "Zoé", "Müller"));
  ASSERT_TRUE(outcome) << describe(outcome.error());
  EXPECT_EQ(outcome->decision.verb, Verb::create);
  const auto zoe = person("zoe.muller");
  EXPECT_EQ(zoe.classification_rule, "own-domain");
  EXPECT_EQ(zoe.sources, std::vector<std::string>{"dir"});
  EXPECT_EQ(events(), std::vector<std::string>{"user.created"});
  EXPECT_EQ(audit_rows(), 1u);
}

TEST_F(Road, TheSameWordTwiceWritesNothing) {
  ASSERT_TRUE(put(directory("u1", "Ann", "Lee")));
  const auto again = put(directory("u1", "Ann", "Lee"));
  ASSERT_TRUE(again);
  EXPECT_EQ(again->decision.verb, Verb::unchanged);
  EXPECT_EQ(again->head.version, 1);
  EXPECT_EQ(audit_rows(), 1u);
  EXPECT_EQ(events().size(), 1u);
}

// As by one word after the other: see Review, where they come one by one.
TEST_F(Road, OneStableIdTwiceInABatchIsADoubt) {
  const std::string ann =
      R"({"userName":"a","externalId":"e1","name":{"givenName":"Ann","familyName":"Lee"},
    "emails":[{"type":"work","value":"ann@acme.example"}]})";
  const std::string bob =
      R"({"userName":"b","externalId":"e1","name":{"givenName":"Bob","familyName":"Ray"},
    "emails":[{"type":"work","value":"bob@acme.example"}]})";
  std::vector<Submission> both(2);
  both[0].record = record("idp", "i1", ann);
  both[1].record = record("idp", "i2", bob);
  const auto outcomes = provisioner_->submit(std::move(both), {.actor = "test"});
  ASSERT_TRUE(outcomes) << describe(outcomes.error());
  EXPECT_EQ(outcomes->at(0)->decision.verb, Verb::create);
  EXPECT_EQ(outcomes->at(1)->decision.verb, Verb::review);
  EXPECT_EQ(people().size(), 1u);
}

TEST_F(Road, TwoSourcesOfOnePersonAreMergedByAuthority) {
  ASSERT_TRUE(
      put(directory("u1", "Ann", "Lee", R"(,"departmentNumber":"Sales","employeeNumber":"7")")));
  const auto pushed = put(
      record("idp", "",
             R"({"userName":"ann","externalId":"e1","name":{"givenName":"Anna","familyName":"Lee"},
    "emails":[{"type":"work","value":"ann.lee@acme.example"}],
    "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User":{"department":"Marketing"}})"));
  ASSERT_TRUE(pushed) << describe(pushed.error());
  EXPECT_EQ(pushed->decision.verb, Verb::link);
  const auto ann = person("ann.lee");
  EXPECT_EQ(ann.find("firstName")->value, Value("Anna"));
  EXPECT_EQ(ann.find("firstName")->source, "idp");
  EXPECT_EQ(ann.find("department")->value, Value("Sales"));
  EXPECT_EQ(ann.find("department")->source, "dir");
  EXPECT_EQ(ann.sources, (std::vector<std::string>{"idp", "dir"}));
  EXPECT_EQ(people().size(), 1u);
}

TEST_F(Road, TheOrderOfArrivalDoesNotMatter) {
  const auto first = directory("u1", "Ann", "Lee", R"(,"departmentNumber":"Sales")");
  const auto second =
      record("idp", "i1", R"({"userName":"ann","name":{"givenName":"Anna","familyName":"Lee"},
    "emails":[{"type":"work","value":"ann.lee@acme.example"}]})");
  ASSERT_TRUE(put(second));
  ASSERT_TRUE(put(first));
  const auto ann = people().at(0);
  EXPECT_EQ(ann.find("firstName")->value, Value("Anna"));
  EXPECT_EQ(ann.find("department")->value, Value("Sales"));
}

TEST_F(Road, AContractorWithAKnownMailIsOnlyProposed) {
  ASSERT_TRUE(put(directory("u1", "Ann", "Lee")));
  const auto outcome = put(record(
      "people", "c1", R"({"id":"c1","mail":"ann.lee@acme.example","first":"Ann","last":"Lee"})"));
  ASSERT_TRUE(outcome);
  EXPECT_EQ(outcome->decision.verb, Verb::review);
  EXPECT_EQ(outcome->head.state, RecordState::review);
  EXPECT_EQ(people().size(), 1u);
  EXPECT_EQ(person("ann.lee").sources, std::vector<std::string>{"dir"});
}

TEST_F(Road, ASecondAccountOfOneSourceNeverTakesOver) {
  ASSERT_TRUE(put(directory("u1", "Ann", "Lee", R"(,"employeeNumber":"7")")));
  const auto other = put(directory("u2", "Eve", "Lee", R"(,"employeeNumber":"7")"));
  ASSERT_TRUE(other);
  EXPECT_EQ(other->decision.verb, Verb::review);
  EXPECT_EQ(person("ann.lee").find("firstName")->value, Value("Ann"));
}

TEST_F(Road, ALeaverIsDeactivatedAndAReturnerReactivatedWithTheSameName) {
  ASSERT_TRUE(put(directory("u1", "Ann", "Lee")));
  const auto left = put(directory("u1", "Ann", "Lee", R"(,"employeeType":"left")"));
  ASSERT_TRUE(left);
  EXPECT_EQ(left->decision.verb, Verb::deactivate);
  const auto back = put(directory("u1", "Ann", "Lee"));
  EXPECT_EQ(back->decision.verb, Verb::reactivate);
  const auto went = gone({"dir", ResourceType::user, "u1"});
  ASSERT_TRUE(went) << describe(went.error());
  EXPECT_EQ(went->decision.verb, Verb::deactivate);
  const auto again = put(directory("u1", "Ann", "Lee"));
  ASSERT_TRUE(again) << describe(again.error());
  EXPECT_EQ(again->decision.verb, Verb::reactivate);
  EXPECT_EQ(people().size(), 1u);
  EXPECT_EQ(people()[0].user_name, "ann.lee");
  EXPECT_EQ(events(),
            (std::vector<std::string>{"user.created", "user.deactivated", "user.reactivated",
                                      "user.deactivated", "user.reactivated"}));
}

TEST_F(Road, WhoHasAnotherSourceLivesOn) {
  ASSERT_TRUE(put(directory("u1", "Ann", "Lee")));
  ASSERT_TRUE(
      put(record("idp", "i1", R"({"userName":"ann","name":{"givenName":"Anna","familyName":"Lee"},
    "emails":[{"type":"work","value":"ann.lee@acme.example"}]})")));
  const auto went = gone({"idp", ResourceType::user, "i1"});
  ASSERT_TRUE(went);
  EXPECT_EQ(went->decision.verb, Verb::end);
  const auto ann = person("ann.lee");
  EXPECT_EQ(ann.state, IdentityState::active);
  EXPECT_EQ(ann.find("firstName")->value, Value("Ann"));
}

TEST_F(Road, NamesCollideWithACounterAndAreNeverGivenAgain) {
  ASSERT_TRUE(put(record("dir", "u1",
                         R"({"uid":"u1","mail":"a1@acme.example","givenName":"Ann","sn":"Lee"})")));
  ASSERT_TRUE(put(record("dir", "u2",
                         R"({"uid":"u2","mail":"a2@acme.example","givenName":"Ann","sn":"Lee"})")));
  EXPECT_EQ(person("ann.lee2").email, "a2@acme.example");
  ASSERT_TRUE(gone({"dir", ResourceType::user, "u2"}));
  ASSERT_TRUE(put(record("dir", "u3",
                         R"({"uid":"u3","mail":"a3@acme.example","givenName":"Ann","sn":"Lee"})")));
  EXPECT_EQ(person("ann.lee3").email, "a3@acme.example");
}

TEST_F(Road, OneBatchSeesItsOwnNewcomers) {
  std::vector<Submission> batch(3);
  batch[0].record =
      record("dir", "u1", R"({"uid":"u1","mail":"a1@acme.example","givenName":"Ann","sn":"Lee"})");
  batch[1].record =
      record("dir", "u2", R"({"uid":"u2","mail":"a2@acme.example","givenName":"Ann","sn":"Lee"})");
  batch[2].record =
      record("dir", "u3", R"({"uid":"u3","mail":"a1@acme.example","givenName":"Bob","sn":"Ray"})");
  const auto outcomes = provisioner_->submit(std::move(batch), {.actor = "test"});
  ASSERT_TRUE(outcomes) << describe(outcomes.error());
  EXPECT_EQ((*outcomes)[0]->identity.user_name, "ann.lee");
  EXPECT_EQ((*outcomes)[1]->identity.user_name, "ann.lee2");
  EXPECT_EQ((*outcomes)[2]->decision.verb, Verb::review) << "the mail of u1, by the same source";
}

TEST_F(Road, AnInvalidRecordIsKeptAsideOrRefused) {
  const auto bad = R"({"uid":"u1","givenName":"Ann","sn":"Lee"})";
  const auto refused = put(record("dir", "u1", bad), {.refuse_invalid = true});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().fault, Fault::invalid);
  EXPECT_NE(refused.error().detail.find("need-mail"), std::string::npos) << refused.error().detail;
  EXPECT_EQ(audit_rows(), 0u);

  const auto kept = put(record("dir", "u1", bad));
  ASSERT_TRUE(kept);
  EXPECT_EQ(kept->decision.verb, Verb::quarantine);
  EXPECT_TRUE(people().empty());
  const auto mended = put(directory("u1", "Ann", "Lee"));
  EXPECT_EQ(mended->decision.verb, Verb::create);
}

TEST_F(Road, AnInvalidUpdateLeavesThePersonAsItWas) {
  ASSERT_TRUE(put(directory("u1", "Ann", "Lee")));
  const auto bad = put(record("dir", "u1", R"({"uid":"u1","givenName":"Ann","sn":"Lee"})"));
  ASSERT_TRUE(bad);
  EXPECT_EQ(bad->decision.verb, Verb::quarantine);
  EXPECT_EQ(person("ann.lee").email, "ann.lee@acme.example");
  EXPECT_EQ(person("ann.lee").state, IdentityState::active);
  const auto rows_before = audit_rows();
  ASSERT_TRUE(put(record("dir", "u1", R"({"uid":"u1","givenName":"Ann","sn":"Lee"})")));
  EXPECT_EQ(audit_rows(), rows_before) << "the same trouble is written once";
}

TEST_F(Road, OutOfScopeIsKeptButNobody) {
  const auto service = put(record(
      "dir", "s1", R"({"uid":"svc-backup","mail":"b@acme.example","givenName":"Back","sn":"Up"})"));
  ASSERT_TRUE(service);
  EXPECT_EQ(service->decision.verb, Verb::skip);
  EXPECT_TRUE(people().empty());
}

TEST_F(Road, TheVersionSeenMustBeCurrent) {
  const auto made = put(directory("u1", "Ann", "Lee"));
  Submission submission;
  submission.record = directory("u1", "Anna", "Lee");
  submission.seen_version = 99;
  const auto lost = provisioner_->submit_one(submission, {.actor = "test"});
  ASSERT_FALSE(lost);
  EXPECT_EQ(lost.error().fault, Fault::conflict);
  EXPECT_EQ(lost.error().code, "version");
  submission.seen_version = made->head.version;
  EXPECT_TRUE(provisioner_->submit_one(submission, {.actor = "test"}));
}

TEST_F(Road, MailIsUniqueAmongPeople) {
  ASSERT_TRUE(put(directory("u1", "Ann", "Lee")));
  auto changed = std::string(company);
  changed.replace(changed.find("only: [idp, dir]"), 16, "only: [dir]");
  use(changed);
  const auto other =
      put(record("idp", "i1", R"({"userName":"x","name":{"givenName":"Eve","familyName":"Ray"},
    "emails":[{"type":"work","value":"ann.lee@acme.example"}]})"));
  ASSERT_TRUE(other) << describe(other.error());
  EXPECT_EQ(other->decision.verb, Verb::review);
  EXPECT_EQ(people().size(), 1u);
}

// Whoever runs into a taken mail address is told the same, and nobody changes.
TEST_F(Road, ATakenMailAddressIsRefusedInOneSentence) {
  constexpr std::string_view said =
      "the mail address belongs to bo.lund (dir record d2); what was known before stays";
  ASSERT_TRUE(put(directory("d1", "Ann", "Lee", R"(,"employeeNumber":"1")")));
  ASSERT_TRUE(put(directory("d2", "Bo", "Lund")));
  const auto moved = put(record("dir", "d1",
                                R"({"uid":"d1","mail":"Bo.Lund@acme.example","givenName":"Ann",)"
                                R"("sn":"Lee","employeeNumber":"1"})"));
  ASSERT_TRUE(moved) << describe(moved.error());
  EXPECT_EQ(moved->decision.verb, Verb::quarantine);
  EXPECT_EQ(moved->decision.reason, said);
  const auto strict = put(record("dir", "d1",
                                 R"({"uid":"d1","mail":"Bo.Lund@acme.example","givenName":"Anna",)"
                                 R"("sn":"Lee","employeeNumber":"1"})"),
                          {.refuse_invalid = true});
  ASSERT_FALSE(strict);
  EXPECT_EQ(strict.error().code, "mail");
  EXPECT_EQ(strict.error().detail, said);
  EXPECT_EQ(person("ann.lee").email, "ann.lee@acme.example");
}

// What remains of a person when a record goes may be an address that somebody else has by now.
TEST_F(Road, AMailAddressThatIsTakenStaysWithItsHolderWhenARecordGoes) {
  ASSERT_TRUE(put(record("idp", "e1",
                         R"({"emails":[{"type":"work","value":"ann@acme.example"}],)"
                         R"("name":{"givenName":"Ann","familyName":"Lee"},)"
                         R"("urn:ietf:params:scim:schemas:extension:enterprise:2.0:User":)"
                         R"({"employeeNumber":"1"}})")));
  ASSERT_TRUE(put(directory("d1", "Bo", "Lund", R"(,"employeeNumber":"1")")));
  ASSERT_EQ(people().size(), 1U);
  ASSERT_TRUE(put(directory("d2", "Bo", "Lund")));
  ASSERT_EQ(person("bo.lund").email, "bo.lund@acme.example");
  const auto left = gone({"idp", ResourceType::user, "e1"});
  ASSERT_TRUE(left) << describe(left.error());
  EXPECT_EQ(left->decision.verb, Verb::end);
  EXPECT_EQ(person("ann.lee").email, "ann@acme.example");
  EXPECT_EQ(person("ann.lee").state, IdentityState::active);
  EXPECT_EQ(person("bo.lund").email, "bo.lund@acme.example");
}

TEST_F(Road, ExplainNamesSourceAndRule) {
  ASSERT_TRUE(put(directory("u1", "Ann", "Lee")));
  EXPECT_EQ(person("ann.lee").find("lastName")->rule, "sources.dir.map.lastName");
}

}  // namespace
}  // namespace muster::provision
