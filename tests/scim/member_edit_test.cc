// SPDX-License-Identifier: Apache-2.0
#include "scim/member_edit.h"

#include <gtest/gtest.h>

#include <set>
#include <string>
#include <vector>

#include "core/json.h"

namespace muster::scim {
namespace {

std::vector<store::MemberRow> stored_members() {
  return {{"u1", "u1", ResourceType::user, "Ann"},
          {"", "u2", ResourceType::user, "Ben"},
          {"g1", "g1", ResourceType::group, "Sales"}};
}

struct Story {
  const char* story;
  const char* operations;
  std::set<std::string> added;
  std::set<std::string> removed;
  bool whole = false;  // `added` is the whole list
  bool reads = false;  // the stored members were needed
};

// RFC 7644, 3.5.2, and the shapes of Entra, Okta, JumpCloud and authentik.
TEST(MemberEdit, CollectsChanges) {
  const Story cases[] = {
      {"Entra adds",
       R"([{"op":"Add","path":"members","value":[{"$ref":null,"value":"a"}]}])",
       {"a"},
       {}},
      {"Entra removes",
       R"([{"op":"Remove","path":"members","value":[{"$ref":null,"value":"a"}]}])",
       {},
       {"a"}},
      {"Entra removes, flag", R"([{"op":"remove","path":"members[value eq \"a\"]"}])", {}, {"a"}},
      {"Okta",
       R"([{"op":"remove","path":"members[value eq \"a\"]"},{"op":"add","path":"members","value":[{"value":"b","display":"x@y"}]}])",
       {"b"},
       {"a"}},
      {"Okta replaces",
       R"([{"op":"replace","path":"members","value":[{"value":"a"},{"value":"b"}]}])",
       {"a", "b"},
       {},
       true},
      {"without a path", R"([{"op":"add","value":{"members":[{"value":"a"}]}}])", {"a"}, {}},
      {"ids as texts", R"([{"op":"add","path":"members","value":["a","b"]}])", {"a", "b"}, {}},
      {"one object", R"([{"op":"add","path":"members","value":{"value":"a"}}])", {"a"}, {}},
      {"the last word counts",
       R"([{"op":"add","path":"members","value":["a"]},{"op":"remove","path":"members","value":["a"]}])",
       {},
       {"a"}},
      {"two in one filter",
       R"([{"op":"remove","path":"members[value eq \"a\" or value eq \"b\"]"}])",
       {},
       {"a", "b"}},
      {"all go", R"([{"op":"remove","path":"members"}])", {}, {}, true},
      {"replaced by none", R"([{"op":"replace","path":"members","value":[]}])", {}, {}, true},
      {"all go, one comes",
       R"([{"op":"remove","path":"members"},{"op":"add","path":"members","value":["a"]}])",
       {"a"},
       {},
       true},
      {"replaced, then one goes",
       R"([{"op":"replace","path":"members","value":["a","b"]},{"op":"remove","path":"members","value":["a"]}])",
       {"b"},
       {},
       true},
      {"by another sub-attribute",
       R"([{"op":"remove","path":"members[type eq \"Group\"]"}])",
       {},
       {"g1"},
       false,
       true},
      {"by display, of stored and new",
       R"([{"op":"add","path":"members","value":[{"value":"n","display":"Ben"}]},{"op":"remove","path":"members[display eq \"ben\"]"}])",
       {},
       {"n", "u2"},
       false,
       true},
      {"no members to remove", R"([{"op":"remove","path":"members","value":[]}])", {}, {}},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.story);
    bool read = false;
    MemberEdit edit({}, [&]() -> Result<std::vector<store::MemberRow>> {
      read = true;
      return stored_members();
    });
    const auto body = parse_json(std::string(R"({"Operations":)") + c.operations + "}");
    ASSERT_TRUE(body);
    const auto operations = read_patch(*body, ResourceType::group, {});
    ASSERT_TRUE(operations) << describe(operations.error());
    for (const auto& operation : *operations) {
      ASSERT_TRUE(MemberEdit::concerns(operation));
      const auto status = edit.apply(operation);
      ASSERT_TRUE(status) << describe(status.error());
    }
    std::set<std::string> added;
    const auto whole = edit.whole();
    for (const auto& member : whole ? *whole : edit.change().add) added.insert(member.key);
    const auto change = edit.change();
    EXPECT_EQ(added, c.added);
    EXPECT_EQ(std::set<std::string>(change.remove.begin(), change.remove.end()), c.removed);
    EXPECT_EQ(whole.has_value(), c.whole);
    EXPECT_EQ(read, c.reads);
    EXPECT_EQ(edit.empty(), !c.whole && c.added.empty() && c.removed.empty());
  }
}

TEST(MemberEdit, MembersAreNotAltered) {
  for (const auto* operation :
       {R"({"op":"replace","path":"members[value eq \"a\"].value","value":"b"})",
        R"({"op":"replace","path":"members[value eq \"a\"]","value":{"value":"b"}})",
        R"({"op":"remove","path":"members.display"})"}) {
    SCOPED_TRACE(operation);
    const auto body = parse_json(std::string(R"({"Operations":[)") + operation + "]}");
    const auto operations = read_patch(*body, ResourceType::group, {});
    ASSERT_TRUE(operations);
    MemberEdit edit({}, [] { return stored_members(); });
    const auto status = edit.apply(operations->front());
    ASSERT_FALSE(status);
    EXPECT_EQ(status.error().code, "mutability");
  }
}

}  // namespace
}  // namespace muster::scim
