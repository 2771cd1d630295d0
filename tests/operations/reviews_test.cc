// SPDX-License-Identifier: Apache-2.0
#include "operations/documents/review.h"
#include "operations/reviews/answer.h"
#include "operations/reviews/list.h"
#include "operations/runs/run.h"
#include "operations/users/users.h"
#include "tests/operations/office.h"

namespace muster::operations {
namespace {

class ReviewList : public Office {
 protected:
  void SetUp() override {
    Office::SetUp();
    ASSERT_TRUE(read_source(*here_, {.source = "hr", .file = staff(2)}, {}, {}));
    const auto badges = folder_.write("badges.csv",
                                      "no,mail,first,last\nb1,p1@acme.example,P1,Q1\n"
                                      "b2,,Nobody,Knows\nb3,,Neither,Does\n");
    ASSERT_TRUE(read_source(*here_, {.source = "badges", .file = badges}, {}, {}));
  }

  ReviewEntry only() {
    const auto open = list_reviews(*here_, {.state = store::ReviewState::open}, "", 10);
    EXPECT_TRUE(open && open->size() == 1u);
    return open && !open->empty() ? open->front() : ReviewEntry{};
  }
};

TEST_F(ReviewList, SaysWhoMayBeMeant) {
  const auto entry = only();
  EXPECT_EQ(entry.review.source, "badges");
  EXPECT_EQ(entry.candidates, std::vector<std::string>{"p1.q1"});
  EXPECT_TRUE(list_reviews(*here_, {.source = "hr"}, "", 10)->empty());
  EXPECT_TRUE(list_reviews(*here_, {}, entry.review.id, 10)->empty()) << "behind the last";
  const auto document = as_document(entry);
  EXPECT_EQ(*document.find("candidates")->as_list()[0].find("userName"), Value("p1.q1"));
  EXPECT_EQ(document.find("person"), nullptr) << "nobody has decided";
}

TEST_F(ReviewList, QuarantinedRecordsComeInPages) {
  std::vector<std::string> keys;
  for (std::optional<std::int64_t> after = 0; after;) {
    const auto page = list_quarantined(*here_, "", *after, 1);
    ASSERT_TRUE(page) << describe(page.error());
    for (const auto& one : page->records) {
      keys.push_back(one.head.key.key);
      EXPECT_NE(one.reason.find("need-mail"), std::string::npos) << one.reason;
      EXPECT_EQ(*as_document(one).find("state"), Value("quarantined"));
    }
    after = page->next;
  }
  EXPECT_EQ(keys, (std::vector<std::string>{"b2", "b3"}));
  EXPECT_TRUE(list_quarantined(*here_, "hr", 0, 100)->records.empty());
}

TEST_F(ReviewList, AnAnswerIsCarriedOutAndTakenBack) {
  const auto waiting = only();
  const auto person = find_person(*here_, "p1.q1");
  ASSERT_TRUE(person);
  provision::ReviewAnswer answer{.kind = provision::ReviewAnswer::Kind::link,
                                 .review = waiting.review.id,
                                 .person = person->id,
                                 .by = "petra"};
  auto answered = answer_review(*here_, answer, "api:petra");
  ASSERT_TRUE(answered) << describe(answered.error());
  EXPECT_EQ(answered->person, "p1.q1");
  EXPECT_EQ(answered->entry.person, "p1.q1");
  EXPECT_EQ(answered->entry.review.state, store::ReviewState::resolved);
  EXPECT_EQ(*as_document(*answered).find("by"), Value("petra"));
  const auto shown = show_review(*here_, waiting.review.id);
  ASSERT_TRUE(shown);
  EXPECT_EQ(*as_document(*shown)->find("recordState"), Value("linked"));

  answer.kind = provision::ReviewAnswer::Kind::reopen;
  answered = answer_review(*here_, answer, "api:petra");
  ASSERT_TRUE(answered) << describe(answered.error());
  EXPECT_EQ(only().review.record_key, "b1");
}

}  // namespace
}  // namespace muster::operations
