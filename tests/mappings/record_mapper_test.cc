// SPDX-License-Identifier: Apache-2.0
#include "mappings/record_mapper.h"

#include "fixtures.h"

namespace muster::mappings {
namespace {

constexpr std::string_view file = R"(version: mapping/v1
schema: { profile: generic, attributes: { age: int, phones: list<text> } }
sources:
  hr:
    kind: ldap
    tag: hr
    records: { text: [mail, sn, state], texts: [phone], int: [age] }
    key: uid
    scope: [ { id: guest, skip: 'state == "guest"' } ]
    map: { email: 'mail | email', lastName: 'sn | trim', phones: phone, age: age }
correlate: { tiers: [], many: review, none: create }
merge: { default: { authority: [hr], absent: next } }
username: { when: create, transliterate: { latin: strip, other: refuse }, patterns: ['{lastName}'] }
classify: { rules: [], otherwise: { id: other, class: external } }
)";

SourceKey person(std::string key = "k1") { return {"hr", ResourceType::user, std::move(key)}; }

TEST(RecordMapper, a_document_gives_what_the_record_gives) {
  const auto engine = engine_of(file);
  ASSERT_TRUE(engine);
  RecordMapper mapper(*engine);
  for (std::string_view json :
       {R"({})", R"({"uid":"7","mail":"A@B.example","sn":" Groß ","phone":["1","2"]})",
        R"({"uid":["7"],"mail":"no mail","age":"x"})", R"({"state":"guest"})",
        R"({"MAIL":"a@b.example","sn":["b","a"],"phone":"1","age":12})",
        R"({"sn":"\u00fcber","phone":[{"a":1},null,""],"age":12.5,"mail":{"x":1}})"}) {
    const auto mapped = mapper.map_document(person(), json, at(noon));
    ASSERT_TRUE(mapped.has_value()) << json;
    EXPECT_EQ(told(*mapped), told(map_of(*engine, "hr", json))) << json;
    EXPECT_EQ(mapped->contribution.key, person());
  }
}

TEST(RecordMapper, what_is_no_record_is_refused_and_the_next_one_is_read) {
  const auto engine = engine_of(file);
  ASSERT_TRUE(engine);
  RecordMapper mapper(*engine);
  for (std::string_view json :
       {"", "[]", "\"x\"", "{", R"({"a":1,"a":2})", R"({"a":18446744073709551615})",
        "{\"a\":\"\xFF\"}", R"({"a":"\uDC00"})"})
    EXPECT_FALSE(mapper.map_document(person(), json, at(noon)).has_value()) << json;
  const auto mapped = mapper.map_document(person(), R"({"sn":"A"})", at(noon));
  ASSERT_TRUE(mapped.has_value());
  EXPECT_EQ(shown(mapped->contribution), R"(lastName="A")");
}

}  // namespace
}  // namespace muster::mappings
