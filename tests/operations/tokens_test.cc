// SPDX-License-Identifier: Apache-2.0
#include "operations/tokens/tokens.h"

#include "auth/token_check.h"
#include "operations/documents/token.h"
#include "tests/operations/office.h"

namespace muster::operations {
namespace {

class TokenOperations : public Office {
 protected:
  // Actor and action of every audit row.
  std::vector<std::string> audit() {
    std::vector<std::string> rows;
    const auto found = (*store_->reader())->journal().audit(0, 100);
    for (const auto& row : *found) rows.push_back(row.actor + " " + row.action);
    return rows;
  }
};

TEST_F(TokenOperations, OneIsMadeListedAndEnded) {
  const auto made = create_token(*here_, "idp", std::chrono::hours(1), "api:petra");
  ASSERT_TRUE(made) << describe(made.error());
  EXPECT_EQ(*as_document(*made).find("token"), Value(made->text.reveal()));
  auth::TokenCheck check(*store_, system_clock());
  EXPECT_TRUE(std::holds_alternative<auth::Principal>(check.check(made->text.reveal(), "::1")));

  auto all = list_tokens(*here_);
  ASSERT_TRUE(all && all->size() == 1u);
  EXPECT_EQ(all->front().state, "valid");
  EXPECT_EQ(as_document(all->front()).find("token"), nullptr) << "the secret is never shown again";

  ASSERT_TRUE(revoke_token(*here_, made->row.id, "api:petra"));
  ASSERT_TRUE(revoke_token(*here_, made->row.id, "api:petra")) << "it is so already";
  EXPECT_EQ(list_tokens(*here_)->front().state, "revoked");
  EXPECT_EQ(audit(),
            (std::vector<std::string>{"api:petra token.create", "api:petra token.revoke"}));
}

TEST_F(TokenOperations, AnOldOneIsExpired) {
  ASSERT_TRUE(create_token(*here_, "idp", std::chrono::seconds(0), "test"));
  EXPECT_EQ(list_tokens(*here_)->front().state, "expired");
}

TEST_F(TokenOperations, OnlySourcesThatPushHaveThem) {
  EXPECT_EQ(create_token(*here_, "hr", std::chrono::hours(1), "test").error().fault,
            Fault::invalid);
  EXPECT_EQ(create_token(*here_, "nowhere", std::chrono::hours(1), "test").error().fault,
            Fault::not_found);
  EXPECT_EQ(describe(revoke_token(*here_, "nope", "test").error()), "there is no token 'nope'");
  EXPECT_TRUE(audit().empty());
}

}  // namespace
}  // namespace muster::operations
