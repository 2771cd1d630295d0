// SPDX-License-Identifier: Apache-2.0
#include "operations/mapping/apply.h"

#include "operations/documents/simulation.h"
#include "operations/files.h"
#include "operations/runs/run.h"
#include "operations/runs/turn.h"
#include "tests/operations/office.h"

namespace muster::operations {
namespace {

class ApplyMapping : public Office {
 protected:
  void SetUp() override {
    Office::SetUp();
    ASSERT_TRUE(read_source(*here_, {.source = "hr", .file = staff(6)}, {}, {}));
    ASSERT_EQ(active().size(), 6u);
  }

  // Puts these rules in force.
  Result<ApplyOutcome> put(const std::string& rules, ApplyRequest request = {},
                           const Follow& follow = nobody) {
    const auto draft = provisioner_of(rules);
    request.active = mapping_;
    request.text = rules;
    request.actor = "test";
    return apply(place_of(*draft), request, follow, {}, {});
  }

  static Result<std::optional<std::string>> nobody() { return std::optional<std::string>(); }
  std::string in_place() { return *read_text(mapping_); }
  std::size_t external() {
    return (*store_->reader())->people().list({.count = 100})->rows.size() -
           static_cast<std::size_t>(internal());
  }
  std::ptrdiff_t internal() {
    const auto page = *(*store_->reader())->people().list({.count = 100});
    return std::count_if(page.rows.begin(), page.rows.end(), [](const auto& one) {
      return one.classification == Classification::internal;
    });
  }

  const std::string other_class_ = rules_with("class: internal", "class: external");
  // Nobody has a department: everybody would leave.
  const std::string nobody_stays_ =
      rules_with("firstName: 'first'\n      lastName:  'last'\n  badges",
                 "firstName: 'first'\n      lastName:  'last'\n      enabled: 'false'\n  badges");
  const std::string other_key_ = rules_with("key: id", "key: mail");
};

TEST_F(ApplyMapping, TakesTheFilesPlaceAndEvaluatesEverybody) {
  const auto outcome = put(other_class_);
  ASSERT_TRUE(outcome) << describe(outcome.error());
  EXPECT_TRUE(outcome->refusals.empty());
  EXPECT_FALSE(outcome->service_follows);
  EXPECT_EQ(outcome->seen.simulation.changed, 6);
  ASSERT_TRUE(outcome->run);
  EXPECT_EQ(outcome->run->row.counts.updated, 6);
  EXPECT_EQ(outcome->run->row.actor, "test");
  EXPECT_EQ(external(), 6u);
  EXPECT_EQ(in_place(), other_class_);
  EXPECT_EQ(*read_text(outcome->previous), office_rules);
  const auto document = as_document(*outcome, mapping_.string(), {}, false);
  EXPECT_EQ(*document.find("service"), Value("not running"));
  EXPECT_NE(document.find("run"), nullptr);
}

TEST_F(ApplyMapping, ADryRunOnlyLooks) {
  const auto outcome = put(other_class_, {.dry_run = true});
  ASSERT_TRUE(outcome) << describe(outcome.error());
  EXPECT_TRUE(outcome->seen.finds_changes());
  EXPECT_FALSE(outcome->run);
  EXPECT_EQ(in_place(), office_rules);
  EXPECT_EQ(external(), 0u);
}

TEST_F(ApplyMapping, IsRefusedWhileNobodyAcceptsWhoLeaves) {
  for (const auto accepted : {std::optional<std::int64_t>(), std::optional<std::int64_t>(5)}) {
    const auto outcome = put(nobody_stays_, {.accept_deactivations = accepted});
    ASSERT_TRUE(outcome) << describe(outcome.error());
    ASSERT_EQ(outcome->refusals.size(), 1u);
    const auto& refusal = outcome->refusals[0];
    EXPECT_EQ(refusal.reason, accepted ? ApplyRefusal::Reason::count : ApplyRefusal::Reason::guard);
    EXPECT_EQ(refusal.leaving, 6);
    EXPECT_EQ(refusal.message.find("--"), std::string::npos) << refusal.message;
    EXPECT_FALSE(outcome->run);
    EXPECT_EQ(in_place(), office_rules);
    EXPECT_EQ(active().size(), 6u);
    const auto document = as_document(*outcome, mapping_.string(), "no", false);
    EXPECT_EQ(*document.find("refused"), Value("no"));
    EXPECT_EQ(document.find("run"), nullptr);
  }
  const auto outcome = put(nobody_stays_, {.accept_deactivations = 6});
  ASSERT_TRUE(outcome) << describe(outcome.error());
  EXPECT_TRUE(outcome->refusals.empty());
  EXPECT_TRUE(active().empty());
}

TEST_F(ApplyMapping, AnotherKeyIsRefusedUntilItIsAccepted) {
  auto outcome = put(other_key_);
  ASSERT_TRUE(outcome) << describe(outcome.error());
  ASSERT_EQ(outcome->refusals.size(), 1u);
  EXPECT_EQ(outcome->refusals[0].reason, ApplyRefusal::Reason::source);
  EXPECT_EQ(outcome->refusals[0].source, "hr");
  EXPECT_EQ(in_place(), office_rules);
  outcome = put(other_key_, {.accept_sources = {"hr"}});
  ASSERT_TRUE(outcome) << describe(outcome.error());
  EXPECT_TRUE(outcome->refusals.empty());
  EXPECT_EQ(in_place(), other_key_);
  EXPECT_TRUE(put(other_key_)->refusals.empty()) << "it is remembered";
}

TEST_F(ApplyMapping, AServiceThatRefusesGetsTheOldFileBack) {
  const auto refused = put(other_class_, {}, [this]() -> Result<std::optional<std::string>> {
    EXPECT_EQ(in_place(), other_class_) << "it is asked when the file is in place";
    return fail(Fault::invalid, "no");
  });
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().detail, "no");
  EXPECT_EQ(in_place(), office_rules);
  EXPECT_EQ(external(), 0u);
}

TEST_F(ApplyMapping, AServiceMustWorkByTheSameFile) {
  const auto other = put(other_class_, {}, [] { return std::optional<std::string>("0000"); });
  ASSERT_FALSE(other);
  EXPECT_EQ(other.error().fault, Fault::conflict);
  EXPECT_EQ(in_place(), office_rules);
  const auto sha256 = provisioner_of(other_class_)->engine()->sha256();
  const auto same = put(other_class_, {}, [&] { return std::optional(sha256); });
  ASSERT_TRUE(same) << describe(same.error());
  EXPECT_TRUE(same->service_follows);
  EXPECT_EQ(in_place(), other_class_);
}

TEST_F(ApplyMapping, OneAtATime) {
  const auto turn = take_turn(*here_, std::string(provision::apply_lease));
  ASSERT_TRUE(turn);
  const auto refused = put(other_class_);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, "busy");
  EXPECT_EQ(in_place(), office_rules);
}

TEST_F(ApplyMapping, AStopBeforeAnythingWasChangedChangesNothing) {
  std::stop_source stop;
  stop.request_stop();
  const auto draft = provisioner_of(other_class_);
  const auto stopped = apply(place_of(*draft), {.active = mapping_, .text = other_class_}, nobody,
                             {}, stop.get_token());
  ASSERT_FALSE(stopped);
  EXPECT_EQ(stopped.error().fault, Fault::unavailable);
  EXPECT_EQ(in_place(), office_rules);
}

}  // namespace
}  // namespace muster::operations
