// SPDX-License-Identifier: Apache-2.0
#include "operations/users/users.h"

#include "operations/documents/person.h"
#include "operations/documents/source.h"
#include "operations/runs/run.h"
#include "operations/sources/list.h"
#include "tests/operations/office.h"

namespace muster::operations {
namespace {

class People : public Office {
 protected:
  void SetUp() override {
    Office::SetUp();
    ASSERT_TRUE(read_source(*here_, {.source = "hr", .file = staff(3)}, {}, {}));
  }

  static Query where(const std::string& attribute, const std::string& value) {
    Filter filter;
    filter.op = Filter::Op::eq;
    filter.path.attribute = attribute;
    filter.value = value;
    Query query;
    query.count = 10;
    query.filter = filter;
    return query;
  }
};

TEST_F(People, AreFoundByIdAndByName) {
  const auto by_name = show_person(*here_, "p2.q2");
  ASSERT_TRUE(by_name) << describe(by_name.error());
  EXPECT_EQ(show_person(*here_, by_name->person.id)->person.user_name, "p2.q2");
  ASSERT_EQ(by_name->records.size(), 1u);
  const auto document = as_document(*by_name);
  EXPECT_EQ(*document.find("records")->as_list()[0].find("key"), Value("2"));
  EXPECT_EQ(describe(show_person(*here_, "x").error()),
            "there is no person with id or user name 'x'");
}

TEST_F(People, AreListedByWhatTheyHave) {
  EXPECT_EQ(list_people(*here_, {.count = 2})->rows.size(), 2u);
  EXPECT_EQ(list_people(*here_, where("class", "internal"))->rows.size(), 3u)
      << "what lists call the classification";
  EXPECT_EQ(list_people(*here_, where("email", "p1@acme.example"))->rows.size(), 1u);
  const auto misspelt = list_people(*here_, where("departmet", "x"));
  ASSERT_FALSE(misspelt);
  EXPECT_EQ(misspelt.error().code, "invalidFilter");
  EXPECT_NE(misspelt.error().detail.find("did you mean 'department'?"), std::string::npos);
}

TEST_F(People, AreExplainedAndRenamed) {
  const auto veil = auth::Veil::make();
  const auto document = explain_person(*here_, "hr/1", *veil);
  ASSERT_TRUE(document) << describe(document.error());
  EXPECT_EQ(*document->find("identity"), Value("p1.q1"));
  const auto renamed = rename_person(*here_, "p1.q1", "ann.lee", "petra");
  ASSERT_TRUE(renamed) << describe(renamed.error());
  EXPECT_EQ(renamed->before, "p1.q1");
  EXPECT_EQ(renamed->person.user_name, "ann.lee");
}

TEST_F(People, AreCountedBySource) {
  const auto sources = list_sources(*here_);
  ASSERT_TRUE(sources && sources->size() == 3u);
  const auto& hr = (*sources)[1];
  EXPECT_EQ(hr.counts.people, 3);
  ASSERT_TRUE(hr.last);
  EXPECT_EQ(*as_document(hr).find("lastState"), Value("done"));
  EXPECT_EQ(*as_document((*sources)[0]).find("lastRun"), Value("never"));
}

}  // namespace
}  // namespace muster::operations
