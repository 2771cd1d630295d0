// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <functional>

#include "core/contribution.h"
#include "core/diagnostic.h"
#include "core/identity.h"
#include "core/record.h"
#include "core/result.h"

namespace muster {
namespace {

Identity mara() {
  Identity person;
  person.id = "1";
  person.user_name = "mara";
  person.email = "mara@example.com";
  person.attributes = {{"country", "DE", "ad", "map.country"},
                       {"email", "mara@example.com", "ad", "map.email"}};
  person.groups = {{"/organization/sales", "member", "groups[0]"}};
  person.sources = {"ad"};
  return person;
}

TEST(Identity, FindsItsAttributes) {
  const auto person = mara();
  ASSERT_NE(person.find("email"), nullptr);
  EXPECT_EQ(person.find("email")->value, Value("mara@example.com"));
  EXPECT_EQ(person.find("country")->rule, "map.country");
  for (const auto* name : {"", "a", "department", "zip", "Email"})
    EXPECT_EQ(person.find(name), nullptr) << name;
}

TEST(Identity, IsTheSameWhenOnlyIdsVersionsAndTimesDiffer) {
  auto other = mara();
  other.id = "2";
  other.version = 7;
  other.created = other.modified = Timestamp(std::chrono::milliseconds(1));
  EXPECT_TRUE(same_person_facts(mara(), other));
}

TEST(Identity, DiffersWithEveryFact) {
  const std::pair<const char*, std::function<void(Identity&)>> changes[] = {
      {"user name", [](auto& p) { p.user_name = "x"; }},
      {"email", [](auto& p) { p.email = "x"; }},
      {"value", [](auto& p) { p.attributes[0].value = "FR"; }},
      {"source of a value", [](auto& p) { p.attributes[0].source = "hr"; }},
      {"rule of a value", [](auto& p) { p.attributes[0].rule = "x"; }},
      {"classification", [](auto& p) { p.classification = Classification::internal; }},
      {"classification rule", [](auto& p) { p.classification_rule = "x"; }},
      {"state", [](auto& p) { p.state = IdentityState::review; }},
      {"reason of the state", [](auto& p) { p.state_reason = "x"; }},
      {"role", [](auto& p) { p.groups[0].role = "manager"; }},
      {"sources", [](auto& p) { p.sources.push_back("hr"); }},
      {"findings",
       [](auto& p) {
         p.findings.push_back({Severity::warning, "W-MULTI", "email", "x"});
       }},
  };
  for (const auto& [story, change] : changes) {
    auto other = mara();
    change(other);
    EXPECT_FALSE(same_person_facts(mara(), other)) << story;
  }
}

TEST(Contribution, FindsItsOffers) {
  Contribution told;
  told.offers = {
      {"country", Flow::value, "DE"}, {"email", Flow::clear, {}}, {"phone", Flow::keep, {}}};
  ASSERT_NE(told.find("email"), nullptr);
  EXPECT_EQ(told.find("email")->flow, Flow::clear);
  EXPECT_EQ(told.find("country")->flow, Flow::value);
  EXPECT_EQ(told.find("phone")->flow, Flow::keep);
  EXPECT_EQ(told.find("department"), nullptr);
  EXPECT_EQ(Contribution{}.find("email"), nullptr);
}

TEST(Diagnostic, IsDescribedAsPeopleReadIt) {
  EXPECT_EQ(describe({Severity::error, "acme.yaml", 51, 87, "E-NAME", "unknown attribute"}),
            "acme.yaml:51:87 E-NAME unknown attribute");
  EXPECT_EQ(describe({Severity::error, "acme.yaml", 51, 0, "E-NAME", "unknown"}),
            "acme.yaml:51 E-NAME unknown");
  EXPECT_EQ(describe({Severity::error, "acme.yaml", 0, 0, "E-FILE", "cannot be read"}),
            "acme.yaml E-FILE cannot be read");
  EXPECT_EQ(describe({Severity::error, "", 2, 3, "E-X", "m"}), "2:3 E-X m");
  EXPECT_EQ(describe({Severity::error, "", 0, 0, "", "m"}), "m");
}

TEST(Diagnostic, WarningsAreNoErrors) {
  EXPECT_FALSE(has_errors({}));
  EXPECT_FALSE(has_errors({{.severity = Severity::warning}, {.severity = Severity::info}}));
  EXPECT_TRUE(has_errors({{.severity = Severity::warning}, {.severity = Severity::error}}));
}

TEST(Names, AreThoseThatAreStoredAndShown) {
  EXPECT_EQ(name_of(ResourceType::user), "User");
  EXPECT_EQ(name_of(ResourceType::group), "Group");
  EXPECT_EQ(name_of(Classification::internal), "internal");
  EXPECT_EQ(name_of(Classification::external), "external");
  EXPECT_EQ(name_of(IdentityState::active), "active");
  EXPECT_EQ(name_of(IdentityState::inactive), "inactive");
  EXPECT_EQ(name_of(IdentityState::review), "review");
  EXPECT_EQ(name_of(IdentityState::quarantined), "quarantined");
  EXPECT_EQ(name_of(Fault::not_found), "not_found");
  EXPECT_EQ(name_of(Fault::unavailable), "unavailable");
}

Result<int> half(int number) {
  if (number % 2 != 0) return fail(Fault::invalid, "odd", "number");
  return number / 2;
}
Result<std::string> quarter(int number) {
  MUSTER_TRY(const int once, half(number));
  MUSTER_TRY(const int twice, half(once));
  return std::to_string(twice);
}
Status even(int number) {
  MUSTER_CHECK(half(number));
  return {};
}

TEST(Result, TravelsUpAsItIs) {
  EXPECT_EQ(*quarter(8), "2");
  const auto refused = quarter(6);
  ASSERT_FALSE(refused);
  EXPECT_EQ(describe(refused.error()), "number: odd");
  EXPECT_TRUE(even(2));
  EXPECT_EQ(even(3).error().fault, Fault::invalid);
  EXPECT_EQ(describe(Error{Fault::internal, "detail", "", ""}), "detail");
}

}  // namespace
}  // namespace muster
