// SPDX-License-Identifier: Apache-2.0
#include "scim/patch.h"

#include <gtest/gtest.h>

#include <string>

#include "core/json.h"
#include "scim/canonical.h"

namespace muster::scim {
namespace {

constexpr std::string_view E = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";

Value json(std::string_view text) {
  auto value = parse_json(text);
  EXPECT_TRUE(value) << describe(value.error()) << text;
  return value.value_or(Value());
}

// "E" at the beginning of a JSON text stands for the enterprise extension's URN.
std::string expanded(std::string text) {
  for (const std::string_view mark : {"\"E\"", "\"E:"}) {
    for (auto at = text.find(mark); at != text.npos; at = text.find(mark, at + E.size())) {
      text.replace(at + 1, 1, E);
    }
  }
  return text;
}

Result<Value> patched(const std::string& document, const std::string& operations,
                      const ClientQuirks& quirks = {}) {
  MUSTER_TRY(Value out, canonical_document(json(expanded(document)), ResourceType::user, quirks));
  MUSTER_TRY(const auto read, read_patch(json("{\"Operations\":" + expanded(operations) + "}"),
                                         ResourceType::user, quirks));
  MUSTER_CHECK(apply_patch(read, ResourceType::user, quirks, out));
  return out;
}

struct Story {
  const char* story;
  const char* before;  // beside userName
  const char* operations;
  const char* after;
};

class PatchTable : public testing::TestWithParam<Story> {};

TEST_P(PatchTable, Gives) {
  const auto& c = GetParam();
  const std::string start = R"({"userName":"a")";
  const std::string before = start + (*c.before == '\0' ? "" : ",") + c.before + "}";
  const std::string after = start + (*c.after == '\0' ? "" : ",") + c.after + "}";
  auto made = patched(before, c.operations);
  ASSERT_TRUE(made) << c.story << ": " << describe(made.error());
  made->erase("schemas");
  EXPECT_EQ(*made, json(expanded(after))) << c.story << ": " << write_json(*made);
}

INSTANTIATE_TEST_SUITE_P(
    Single, PatchTable,
    testing::Values(
        Story{"add what is not there", "", R"([{"op":"add","path":"title","value":"t"}])",
              R"("title":"t")"},
        Story{
            "op, path and URN in any case", "",
            R"([{"op":"Add","path":"TITLE","value":"t"},{"op":"REPLACE","path":"Name.FamilyName","value":"f"}])",
            R"("title":"t","name":{"familyName":"f"})"},
        Story{"replace what is not there adds it", "",
              R"([{"op":"replace","path":"nickName","value":"n"}])", R"("nickName":"n")"},
        Story{"remove", R"("title":"t")", R"([{"op":"remove","path":"title"}])", ""},
        Story{"remove carries a stray value", R"("title":"t")",
              R"([{"op":"Remove","path":"title","value":"zzz"}])", ""},
        Story{"remove what is not there", "", R"([{"op":"remove","path":"title"}])", ""},
        Story{"replace with null takes away", R"("title":"t")",
              R"([{"op":"replace","path":"title","value":null}])", ""},
        Story{"Entra disables with a text", R"("active":true)",
              R"([{"op":"Replace","path":"active","value":"False"}])", R"("active":false)"},
        Story{"Okta disables without a path", R"("active":true)",
              R"([{"op":"replace","value":{"active":false}}])", R"("active":false)"},
        Story{"SailPoint disables by add", R"("active":true)",
              R"([{"op":"add","value":{"active":false}}])", R"("active":false)"},
        Story{"a value wrapped in a list", R"("active":true)",
              R"([{"op":"replace","path":"active","value":[false]}])", R"("active":false)"},
        Story{"replace of a complex attribute merges",
              R"("name":{"givenName":"g","familyName":"f"})",
              R"([{"op":"replace","path":"name","value":{"givenName":"h"}}])",
              R"("name":{"givenName":"h","familyName":"f"})"},
        Story{"and takes away what is null", R"("name":{"givenName":"g","familyName":"f"})",
              R"([{"op":"replace","path":"name","value":{"givenName":null}}])",
              R"("name":{"familyName":"f"})"},
        Story{"a null name takes it all away", R"("name":{"givenName":"g","familyName":"f"})",
              R"([{"op":"replace","path":"name","value":null}])", ""},
        Story{"the last sub-attribute takes the attribute with it", R"("name":{"givenName":"g"})",
              R"([{"op":"remove","path":"name.givenName"}])", ""},
        Story{
            "dotted and URN keys without a path", "",
            R"([{"op":"replace","value":{"displayName":"d","name.givenName":"g","E:employeeNumber":"2"}}])",
            R"("displayName":"d","name":{"givenName":"g"},"E":{"employeeNumber":"2"})"},
        Story{"a value path as a key", "",
              R"([{"op":"replace","value":{"emails[type eq \"work\"].value":"w"}}])",
              R"("emails":[{"type":"work","value":"w"}])"},
        Story{
            "what clients cannot write is passed over without a path", "",
            R"([{"op":"replace","value":{"id":"okta","schemas":["x"],"groups":[],"shoeSize":4,"password":"p","title":"t"}}])",
            R"("title":"t")"},
        Story{"a password is accepted and dropped", "",
              R"([{"op":"replace","path":"password","value":"p"}])", ""},
        Story{"no operations", R"("title":"t")", R"([])", R"("title":"t")"}));

INSTANTIATE_TEST_SUITE_P(
    Extension, PatchTable,
    testing::Values(
        Story{"add by URN", "", R"([{"op":"add","path":"E:department","value":"d"}])",
              R"("E":{"department":"d"})"},
        Story{"the URN itself as a container", R"("E":{"department":"d"})",
              R"([{"op":"replace","path":"E","value":{"costCenter":"c","schemas":["x"]}}])",
              R"("E":{"department":"d","costCenter":"c"})"},
        Story{"the URN as a key", "", R"([{"op":"add","value":{"E":{"department":"d"}}}])",
              R"("E":{"department":"d"})"},
        Story{"remove the extension",
              R"("title":"t","E":{"department":"d","manager":{"value":"m"}})",
              R"([{"op":"remove","path":"E"}])", R"("title":"t")"},
        Story{"a manager as a text", "", R"([{"op":"Add","path":"E:manager","value":"m"}])",
              R"("E":{"manager":{"value":"m"}})"},
        Story{"a manager without URN, in a list", "",
              R"([{"op":"Add","path":"manager","value":[{"$ref":"r","value":"m"}]}])",
              R"("E":{"manager":{"$ref":"r","value":"m"}})"},
        Story{"a manager cleared by an empty text", R"("E":{"manager":{"value":"m"}})",
              R"([{"op":"Replace","path":"E:manager","value":""}])", ""},
        Story{"a manager cleared by Add of an empty text", R"("E":{"manager":{"value":"m"}})",
              R"([{"op":"Add","path":"E:manager","value":""}])", ""},
        Story{"manager.value", "", R"([{"op":"replace","path":"E:manager.value","value":"m"}])",
              R"("E":{"manager":{"value":"m"}})"}));

INSTANTIATE_TEST_SUITE_P(
    MultiValued, PatchTable,
    testing::Values(
        Story{"add appends", R"("emails":[{"value":"1"}])",
              R"([{"op":"add","path":"emails","value":[{"value":"2"}]}])",
              R"("emails":[{"value":"1"},{"value":"2"}])"},
        Story{"add of one object", "", R"([{"op":"add","path":"emails","value":{"value":"2"}}])",
              R"("emails":[{"value":"2"}])"},
        Story{"add of what is there", R"("emails":[{"value":"1","type":"work"}])",
              R"([{"op":"add","path":"emails","value":[{"value":"1","type":"work"}]}])",
              R"("emails":[{"value":"1","type":"work"}])"},
        Story{"replace replaces all", R"("emails":[{"value":"1"},{"value":"2"}])",
              R"([{"op":"replace","path":"emails","value":[{"value":"3"}]}])",
              R"("emails":[{"value":"3"}])"},
        Story{"replace by [] clears", R"("emails":[{"value":"1"}])",
              R"([{"op":"replace","path":"emails","value":[]}])", ""},
        Story{"a new primary takes the mark", R"("emails":[{"value":"1","primary":true}])",
              R"([{"op":"add","path":"emails","value":[{"value":"2","primary":true}]}])",
              R"("emails":[{"value":"1","primary":false},{"value":"2","primary":true}])"},
        Story{"by a sub-attribute too", R"("emails":[{"value":"1","primary":true},{"value":"2"}])",
              R"([{"op":"replace","path":"emails[value eq \"2\"].primary","value":true}])",
              R"("emails":[{"value":"1","primary":false},{"value":"2","primary":true}])"},
        Story{
            "a filter that matches two changes both",
            R"("emails":[{"value":"1","type":"work"},{"value":"2","type":"work"},{"value":"3","type":"home"}])",
            R"([{"op":"replace","path":"emails[type eq \"work\"].display","value":"d"}])",
            R"("emails":[{"value":"1","type":"work","display":"d"},{"value":"2","type":"work","display":"d"},{"value":"3","type":"home"}])"},
        Story{
            "replace of an element", R"("emails":[{"value":"1","type":"work","primary":true}])",
            R"([{"op":"replace","path":"emails[type eq \"work\"]","value":{"value":"2","type":"work"}}])",
            R"("emails":[{"value":"2","type":"work"}])"},
        Story{"Entra replaces a mail that is not there",
              R"("emails":[{"value":"1","type":"home"}])",
              R"([{"op":"Replace","path":"emails[type eq \"work\"].value","value":"2"}])",
              R"("emails":[{"value":"1","type":"home"},{"type":"work","value":"2"}])"},
        Story{"three adds to one address", "",
              R"([{"op":"Add","path":"addresses[type eq \"work\"].formatted","value":"f"},
              {"op":"Add","path":"addresses[type eq \"work\"].locality","value":"l"},
              {"op":"Add","path":"addresses[type eq \"work\"].region","value":"r"}])",
              R"("addresses":[{"type":"work","formatted":"f","locality":"l","region":"r"}])"},
        Story{"the primary role, found", R"("roles":[{"value":"x","primary":true}])",
              R"([{"op":"Replace","path":"roles[primary eq \"True\"].value","value":"y"}])",
              R"("roles":[{"value":"y","primary":true}])"},
        Story{"the primary role, made", R"("roles":[{"value":"x"}])",
              R"([{"op":"Add","path":"roles[primary eq \"True\"].value","value":"y"}])",
              R"("roles":[{"value":"x"},{"primary":true,"value":"y"}])"},
        Story{
            "an element made from two equalities", "",
            R"([{"op":"replace","path":"emails[type eq \"work\" and primary eq true].value","value":"y"}])",
            R"("emails":[{"type":"work","primary":true,"value":"y"}])"},
        Story{"remove by filter",
              R"("emails":[{"value":"1","type":"work"},{"value":"2","type":"home"}])",
              R"([{"op":"remove","path":"emails[type eq \"work\"]"}])",
              R"("emails":[{"value":"2","type":"home"}])"},
        Story{"remove by filter without a match", R"("emails":[{"value":"1"}])",
              R"([{"op":"remove","path":"emails[type eq \"work\"]"}])",
              R"("emails":[{"value":"1"}])"},
        Story{"removing the value removes the element",
              R"("emails":[{"value":"1","type":"work","primary":true}])",
              R"([{"op":"remove","path":"emails[type eq \"work\"].value"}])", ""},
        Story{"an empty value removes the element",
              R"("phoneNumbers":[{"value":"1","type":"fax"}])",
              R"([{"op":"Replace","path":"phoneNumbers[type eq \"fax\"].value","value":""}])", ""},
        Story{"removing another sub-attribute keeps it",
              R"("emails":[{"value":"1","type":"work"}])",
              R"([{"op":"remove","path":"emails[value eq \"1\"].type"}])",
              R"("emails":[{"value":"1"}])"},
        Story{"remove of listed values", R"("emails":[{"value":"1","type":"work"},{"value":"2"}])",
              R"([{"op":"Remove","path":"emails","value":[{"value":"1"}]}])",
              R"("emails":[{"value":"2"}])"},
        Story{"remove without a list removes all", R"("emails":[{"value":"1"},{"value":"2"}])",
              R"([{"op":"remove","path":"emails"}])", ""},
        Story{"a role as JSON text", "",
              R"([{"op":"Add","path":"roles","value":[{"value":"{\"id\":\"25\"}"}]}])",
              R"("roles":[{"value":"{\"id\":\"25\"}"}])"},
        Story{"a sub-attribute of all elements", R"("emails":[{"value":"1"},{"value":"2"}])",
              R"([{"op":"replace","path":"emails.type","value":"work"}])",
              R"("emails":[{"value":"1","type":"work"},{"value":"2","type":"work"}])"}));

struct Refusal {
  const char* story;
  const char* operations;
  const char* code;
};

TEST(Patch, Refuses) {
  const Refusal cases[] = {
      {"remove without a path", R"([{"op":"remove"}])", "noTarget"},
      {"remove required", R"([{"op":"remove","path":"userName"}])", "mutability"},
      {"clear required", R"([{"op":"replace","path":"userName","value":""}])", "invalidValue"},
      {"read-only", R"([{"op":"replace","path":"id","value":"x"}])", "mutability"},
      {"read-only groups", R"([{"op":"add","path":"groups","value":[{"value":"g"}]}])",
       "mutability"},
      {"read-only sub-attribute", R"([{"op":"add","path":"E:manager.displayName","value":"x"}])",
       "mutability"},
      {"Muster's word",
       R"([{"op":"add","path":"urn:ietf:params:scim:schemas:extension:muster:2.0:User:state","value":"active"}])",
       "mutability"},
      {"index", R"([{"op":"replace","path":"emails[0]","value":{"value":"x"}}])", "invalidPath"},
      {"JSON pointer", R"([{"op":"replace","path":"/displayName","value":"x"}])", "invalidPath"},
      {"unknown attribute", R"([{"op":"replace","path":"shoeSize","value":"x"}])", "invalidPath"},
      {"unknown URN", R"([{"op":"replace","path":"urn:example:User:x","value":"x"}])",
       "invalidPath"},
      {"filter on a single value", R"([{"op":"replace","path":"name[x eq 1]","value":"x"}])",
       "invalidPath"},
      {"text behind the path", R"([{"op":"replace","path":"title x","value":"x"}])", "invalidPath"},
      {"broken filter", R"([{"op":"replace","path":"emails[type eq].value","value":"x"}])",
       "invalidFilter"},
      {"unclosed filter", R"([{"op":"replace","path":"emails[type eq \"work\"","value":"x"}])",
       "invalidFilter"},
      {"nothing to make an element from",
       R"([{"op":"replace","path":"emails[value co \"x\"].value","value":"y"}])", "noTarget"},
      {"wrong type", R"([{"op":"replace","path":"active","value":"maybe"}])", "invalidValue"},
      {"no value", R"([{"op":"add","path":"title"}])", "invalidValue"},
      {"no object without a path", R"([{"op":"add","value":"x"}])", "invalidValue"},
      {"no op", R"([{"path":"title","value":"x"}])", "invalidSyntax"},
      {"unknown op", R"([{"op":"move","path":"title","value":"x"}])", "invalidSyntax"},
      {"no object", R"(["add"])", "invalidSyntax"},
      {"no list", R"({"op":"add"})", "invalidSyntax"},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.story);
    const auto made = patched(R"({"userName":"a"})", c.operations);
    ASSERT_FALSE(made) << write_json(*made);
    EXPECT_EQ(made.error().code, c.code) << describe(made.error());
    EXPECT_FALSE(made.error().where.empty());
  }
}

TEST(Patch, NamesTheOperationAndTheColumn) {
  const auto made = patched(
      R"({"userName":"a"})",
      R"([{"op":"add","path":"title","value":"t"},{"op":"add","path":"emails[type eq].value","value":"x"}])");
  ASSERT_FALSE(made);
  EXPECT_EQ(made.error().where, "operation 2, column 15");
}

TEST(Patch, SchemasFollowTheExtensions) {
  const auto added =
      patched(R"({"userName":"a"})", R"([{"op":"add","path":"E:department","value":"d"}])");
  ASSERT_TRUE(added);
  EXPECT_EQ(added->find("schemas")->as_list().size(), 2u);
  const auto removed = patched(R"({"userName":"a","E":{"department":"d"}})",
                               R"([{"op":"remove","path":"E:department"}])");
  ASSERT_TRUE(removed);
  EXPECT_EQ(removed->find("schemas")->as_list().size(), 1u);
  EXPECT_EQ(removed->find(E), nullptr);
}

TEST(Patch, TheStrictReadingMakesNoElements) {
  ClientQuirks strict;
  strict.make_missing_elements = false;
  EXPECT_EQ(
      patched(R"({"userName":"a"})",
              R"([{"op":"replace","path":"emails[type eq \"work\"].value","value":"x"}])", strict)
          .error()
          .code,
      "noTarget");
  strict.remove_listed_values = false;
  const auto cleared =
      patched(R"({"userName":"a","emails":[{"value":"1"},{"value":"2"}]})",
              R"([{"op":"remove","path":"emails","value":[{"value":"1"}]}])", strict);
  ASSERT_TRUE(cleared);
  EXPECT_EQ(cleared->find("emails"), nullptr);
  strict.bare_extension_names = false;
  EXPECT_EQ(patched(R"({"userName":"a"})", R"([{"op":"add","path":"manager","value":"m"}])", strict)
                .error()
                .code,
            "invalidPath");
}

}  // namespace
}  // namespace muster::scim
