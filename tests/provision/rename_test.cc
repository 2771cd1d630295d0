// SPDX-License-Identifier: Apache-2.0
#include "provision/people/rename.h"

#include "tests/provision/world.h"

namespace muster::provision {
namespace {

class Rename : public World {
 protected:
  Result<Identity> rename_to(const std::string& from, const std::string& to) {
    return rename(*provisioner_, person(from).id, to, "ops", system_clock().now());
  }
};

TEST_F(Rename, GivesTheNameTellsThePlatformAndTheAudit) {
  ASSERT_TRUE(put(directory("d1", "Ann", "Lee")));
  const auto before = events().size();
  const auto renamed = rename_to("ann.lee", "ann.miller");
  ASSERT_TRUE(renamed) << describe(renamed.error());
  EXPECT_EQ(person("ann.miller").find("userName")->rule, "rename by ops");
  EXPECT_EQ(events().size(), before + 1);
  auto reader = store_->reader();
  const auto rows = (*reader)->journal().audit(0, 1000);
  ASSERT_TRUE(rows);
  EXPECT_EQ(rows->back().action, "user.rename");
  EXPECT_EQ(rows->back().actor, "cli:ops");
  EXPECT_EQ(rows->back().detail, R"({"from":"ann.lee","to":"ann.miller"})");
}

TEST_F(Rename, StaysWhenTheSourceSpeaksAgainAndTheOldNameGoesToNobodyElse) {
  ASSERT_TRUE(put(directory("d1", "Ann", "Lee")));
  ASSERT_TRUE(rename_to("ann.lee", "ann.miller"));
  ASSERT_TRUE(put(directory("d1", "Ann", "Lee", R"(,"departmentNumber":"7")")));
  EXPECT_EQ(people().size(), 1U);
  EXPECT_EQ(person("ann.miller").find("department")->value, Value("7"));
  ASSERT_TRUE(put(record("dir", "d2",
                         R"({"uid":"d2","mail":"a2@acme.example","givenName":"Ann","sn":"Lee"})")));
  EXPECT_EQ(people().size(), 2U);
  EXPECT_FALSE(person("ann.lee2").id.empty());
}

TEST_F(Rename, BackToAnOldNameOfTheSamePersonIsAllowed) {
  ASSERT_TRUE(put(directory("d1", "Ann", "Lee")));
  ASSERT_TRUE(rename_to("ann.lee", "ann.miller"));
  const auto back = rename_to("ann.miller", "ann.lee");
  EXPECT_TRUE(back) << describe(back.error());
}

TEST_F(Rename, IsRefusedWithTheReason) {
  ASSERT_TRUE(put(directory("d1", "Ann", "Lee")));
  ASSERT_TRUE(put(directory("d2", "Bo", "Lund")));
  struct Case {
    const char* name;
    Fault fault;
    const char* says;
  };
  const Case cases[] = {
      {"bo.lund", Fault::conflict, "user bo.lund, active"},
      {"BO.LUND", Fault::invalid, "a-z"},
      {"ann.lee", Fault::invalid, "already"},
      {"", Fault::invalid, "shorter than 1"},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.name);
    const auto renamed = rename_to("ann.lee", c.name);
    ASSERT_FALSE(renamed);
    EXPECT_EQ(renamed.error().fault, c.fault);
    EXPECT_NE(renamed.error().detail.find(c.says), std::string::npos) << renamed.error().detail;
  }
  const auto nobody = rename(*provisioner_, "no-such-id", "x.y", "ops", system_clock().now());
  ASSERT_FALSE(nobody);
  EXPECT_EQ(nobody.error().fault, Fault::not_found);
}

}  // namespace
}  // namespace muster::provision
