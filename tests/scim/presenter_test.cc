// SPDX-License-Identifier: Apache-2.0
#include "scim/presenter.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "core/json.h"
#include "scim/schema.h"

namespace muster::scim {
namespace {

store::ResourceRow user_row() {
  store::ResourceRow row;
  row.id = "u1";
  row.document = R"({"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"userName":"a]b"})";
  row.version = 3;
  row.created = Timestamp(std::chrono::milliseconds(1'795'334'400'000));
  row.modified = row.created;
  row.identity_id = "i1";
  row.user_name = "a";
  row.classification = "internal";
  row.classification_rule = "member";
  row.identity_state = "active";
  row.sources = {"entra", "ldap"};
  row.findings = {{Severity::warning, "W-MULTI", "email", "two"}};
  return row;
}

std::string shown(const store::ResourceRow& row, ResourceType type, const Related& related = {},
                  const Projection& projection = {}) {
  const auto text = Presenter("/scim/v2").resource(row, type, projection, related);
  EXPECT_TRUE(text);
  return text.value_or("");
}

TEST(Presenter, SplicesWhatMusterKnows) {
  EXPECT_EQ(
      shown(user_row(), ResourceType::user),
      R"({"schemas":["urn:ietf:params:scim:schemas:core:2.0:User",)"
      R"("urn:ietf:params:scim:schemas:extension:muster:2.0:User"],"id":"u1",)"
      R"("userName":"a]b","meta":{"resourceType":"User","created":"2026-11-22T08:00:00Z",)"
      R"("lastModified":"2026-11-22T08:00:00Z","location":"/scim/v2/Users/u1",)"
      R"("version":"W/\"3\""},"urn:ietf:params:scim:schemas:extension:muster:2.0:User":)"
      R"({"state":"active","identityId":"i1","platformUserName":"a",)"
      R"("classification":"internal","classificationRule":"member",)"
      R"("sources":[{"value":"entra","primary":true},{"value":"ldap","primary":false}],)"
      R"("findings":[{"severity":"warning","code":"W-MULTI","attribute":"email","message":"two"}]}})");
}

TEST(Presenter, SaysThatAPersonHasToDecide) {
  auto row = user_row();
  row.state = store::RecordState::review;
  row.identity_id.clear();
  row.user_name.clear();
  const auto made = parse_json(shown(row, ResourceType::user));
  ASSERT_TRUE(made);
  EXPECT_EQ(made->find(muster_urn)->find("state")->as_text(), "review");
  EXPECT_EQ(made->find(muster_urn)->find("identityId"), nullptr);
}

TEST(Presenter, MembersArePointedAtOnceTheyAreThere) {
  store::ResourceRow row;
  row.id = "g1";
  row.document = R"({"schemas":["urn:ietf:params:scim:schemas:core:2.0:Group"],"displayName":"d"})";
  const Related related{{{"u1", "u1", ResourceType::user, "A \"quoted\" name"},
                         {"", "later", ResourceType::group, ""}},
                        {}};
  const auto whole = parse_json(shown(row, ResourceType::group, related));
  ASSERT_TRUE(whole);
  EXPECT_EQ(
      write_json(*whole->find("members")),
      R"([{"value":"u1","$ref":"/scim/v2/Users/u1","type":"User","display":"A \"quoted\" name"},)"
      R"({"value":"later","type":"Group"}])");
  EXPECT_EQ(whole->find(muster_urn), nullptr);
}

TEST(Presenter, LeavesOutWhatIsNotWanted) {
  const auto asked = *Projection::make({"groups"}, {}, ResourceType::user);
  const Related related{{}, {{"g1", "Sales"}}};
  const auto made = parse_json(shown(user_row(), ResourceType::user, related, asked));
  ASSERT_TRUE(made);
  EXPECT_EQ(write_json(*made->find("groups")),
            R"([{"value":"g1","$ref":"/scim/v2/Groups/g1","display":"Sales","type":"direct"}])");
  EXPECT_EQ(made->find("userName"), nullptr);
  EXPECT_EQ(made->find("meta"), nullptr);
}

}  // namespace
}  // namespace muster::scim
