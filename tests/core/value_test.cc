// SPDX-License-Identifier: Apache-2.0
#include "core/value.h"

#include <gtest/gtest.h>

namespace muster {
namespace {

Value object(Value::Object members) { return Value(std::move(members)); }

TEST(Value, AbsentIsOneKindOfNothing) {
  EXPECT_TRUE(Value().absent());
  EXPECT_TRUE(Value("").absent());
  EXPECT_TRUE(Value(Value::List{}).absent());
  EXPECT_TRUE(Value(Value::Object{}).absent());
  EXPECT_TRUE(object({{"a", Value()}, {"b", object({{"c", ""}})}}).absent());

  EXPECT_FALSE(Value(false).absent());
  EXPECT_FALSE(Value(0).absent());
  EXPECT_FALSE(Value(0.0).absent());
  EXPECT_FALSE(Value(" ").absent());
  EXPECT_FALSE(object({{"a", Value()}, {"b", 0}}).absent());
}

TEST(Value, ObjectsAreEqualInAnyOrder) {
  EXPECT_EQ(object({{"a", 1}, {"b", 2}}), object({{"b", 2}, {"a", 1}}));
  EXPECT_EQ(object({{"a", object({{"x", 1}, {"y", 2}})}}),
            object({{"a", object({{"y", 2}, {"x", 1}})}}));
  EXPECT_NE(object({{"a", 1}, {"b", 2}}), object({{"a", 2}, {"b", 1}}));
  EXPECT_NE(object({{"a", 1}}), object({{"a", 1}, {"b", 2}}));
  EXPECT_NE(object({{"a", 1}}), object({{"A", 1}}));
  EXPECT_NE(object({{"a", 1}, {"c", 1}}), object({{"b", 1}, {"a", 1}}));
}

TEST(Value, ListsAreEqualInTheSameOrder) {
  EXPECT_EQ(Value(Value::List{1, 2}), Value(Value::List{1, 2}));
  EXPECT_NE(Value(Value::List{1, 2}), Value(Value::List{2, 1}));
}

TEST(Value, TypesAreToldApart) {
  EXPECT_NE(Value(1), Value(1.0));
  EXPECT_NE(Value(true), Value(1));
  EXPECT_NE(Value(""), Value());
  EXPECT_EQ(Value(), Value());
}

TEST(Value, MembersAreFoundExactlyOrWithoutCase) {
  auto value = object({{"userName", "mara"}, {"active", true}});
  EXPECT_EQ(value.find("username"), nullptr);
  ASSERT_NE(value.find_fold("USERNAME"), nullptr);
  EXPECT_EQ(value.find_fold("USERNAME")->as_text(), "mara");
  EXPECT_EQ(Value("text").find("a"), nullptr);
  EXPECT_EQ(Value("text").find_fold("a"), nullptr);
}

TEST(Value, MembersAreSetAndErased) {
  Value value;
  value.set("a", 1).set("b", 2).set("a", 3);
  EXPECT_EQ(value, object({{"a", 3}, {"b", 2}}));
  EXPECT_EQ(value.as_object().front().name, "a") << "a member that is set again keeps its place";
  EXPECT_TRUE(value.erase("a"));
  EXPECT_FALSE(value.erase("a"));
  EXPECT_FALSE(value.erase("B"));
  EXPECT_EQ(value, object({{"b", 2}}));
}

}  // namespace
}  // namespace muster
