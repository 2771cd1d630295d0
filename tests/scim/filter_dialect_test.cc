// SPDX-License-Identifier: Apache-2.0
#include "scim/filter_dialect.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "core/filter.h"
#include "core/json.h"
#include "scim/filter_parser.h"

namespace muster::scim {
namespace {

using store::Indexed;

store::ResourceRow person() {
  store::ResourceRow row{.id = "r-1",
                         .document = R"({"userName":"mara","displayName":"The Mara"})",
                         .state = store::RecordState::linked,
                         .version = 7,
                         .identity_id = "i-1",
                         .user_name = "mara.adler",
                         .classification = "internal",
                         .classification_rule = "classify[0]",
                         .identity_state = "active",
                         .sources = {"entra", "hr"}};
  row.created = Timestamp(std::chrono::milliseconds(1'763'798'400'000));
  row.modified = row.created + std::chrono::hours(1);
  return row;
}

bool satisfies(const char* text, const store::ResourceRow& row, ResourceType type,
               std::span<const store::MemberRow> members = {}) {
  const auto filter = parse_filter(text, type);
  EXPECT_TRUE(filter) << text;
  const auto document = ScimFilters().document(row, type, members);
  EXPECT_TRUE(document);
  return filter && document && matches(*filter, *document);
}

TEST(FilterDialect, APersonIsSeenWithWhatWeKnow) {
  const auto row = person();
  const std::string muster = "urn:ietf:params:scim:schemas:extension:muster:2.0:User:";
  const std::string stories[] = {
      "id eq \"r-1\"",
      "displayName sw \"The\"",
      "meta.resourceType eq \"User\"",
      "meta.version eq \"W/\\\"7\\\"\"",
      "meta.created lt \"2025-11-22T08:30:00Z\"",
      "meta.lastModified ge \"2025-11-22T08:30:00Z\"",
      muster + "state eq \"active\"",
      muster + "identityId eq \"i-1\"",
      muster + "platformUserName eq \"mara.adler\"",
      muster + "classification eq \"internal\"",
      muster + "classificationRule eq \"classify[0]\"",
      muster + "sources eq \"hr\"",
      muster + "sources[value eq \"entra\" and primary eq true]",
  };
  for (const auto& story : stories) {
    EXPECT_TRUE(satisfies(story.c_str(), row, ResourceType::user)) << story;
  }
  EXPECT_FALSE(satisfies("id eq \"r-2\"", row, ResourceType::user));
}

TEST(FilterDialect, AGroupIsSeenWithItsMembers) {
  const store::ResourceRow row{.id = "g-1", .document = R"({"displayName":"Sales"})"};
  const std::vector<store::MemberRow> members{{"r-1", "k1", ResourceType::user, "Mara"},
                                              {"", "k2", ResourceType::group, ""}};
  EXPECT_TRUE(satisfies("members.value co \"r-\"", row, ResourceType::group, members));
  EXPECT_TRUE(satisfies("members[value eq \"k2\"]", row, ResourceType::group, members))
      << "one that has not arrived goes by its name";
  EXPECT_FALSE(satisfies("members pr", row, ResourceType::group));
}

TEST(FilterDialect, WhatIsIndexedIsNamedAndTheNarrowestFirst) {
  const ScimFilters filters;
  EXPECT_EQ(filters.indexed(ResourceType::user).front().index, Indexed::id);
  EXPECT_EQ(filters.indexed(ResourceType::user).back().index, Indexed::active);
  const auto groups = filters.indexed(ResourceType::group);
  const auto member = std::find_if(groups.begin(), groups.end(),
                                   [](const auto& name) { return name.index == Indexed::member; });
  ASSERT_NE(member, groups.end());
  EXPECT_EQ(member->path, "members.value");
}

}  // namespace
}  // namespace muster::scim
