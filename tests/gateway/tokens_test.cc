// SPDX-License-Identifier: Apache-2.0
#include "gateway/tokens.h"

#include <gtest/gtest.h>

#include "core/digest.h"
#include "tests/support/standing_clock.h"

namespace muster::gateway {
namespace {

http::Response error_body(int status, std::string_view detail, const http::RequestHead&) {
  return {.status = status, .body = std::string(detail)};
}

class Tokens : public ::testing::Test {
 protected:
  void SetUp() override {
    store::StoreOptions options;
    options.sources = {"idp"};
    options.clock = &clock_;
    store_ = *store::Store::open(options);
    check_ = std::make_unique<TokenCheck>(*store_, clock_);
    authorize_ = check_->authorize(error_body);
  }

  NewToken issue(std::chrono::seconds lifetime = std::chrono::hours(1)) {
    auto token = make_token("idp", clock_.now(), lifetime);
    put(token.row);
    return token;
  }

  void put(const store::TokenRow& row) {
    ASSERT_TRUE(store_->write([&](store::Transaction& tx) { return tx.tokens().put(row); }));
  }

  int status(const std::string& authorization, const std::string& remote = "10.0.0.1") {
    http::RequestHead head;
    head.remote = remote;
    if (!authorization.empty()) head.headers = {{"Authorization", authorization}};
    const auto answer = authorize_(head);
    if (const auto* refused = std::get_if<http::Response>(&answer)) return refused->status;
    EXPECT_EQ(std::get<http::Principal>(answer).source, "idp");
    return 200;
  }

  support::StandingClock clock_;
  std::unique_ptr<store::Store> store_;
  std::unique_ptr<TokenCheck> check_;
  http::Authorize authorize_;
};

TEST_F(Tokens, HaveTheDocumentedForm) {
  const auto token = make_token("idp", clock_.now(), std::chrono::hours(1));
  const auto& text = token.text.reveal();
  EXPECT_EQ(text.size(), 68u);
  EXPECT_TRUE(text.starts_with("mst1_" + token.row.id + "_"));
  const auto parts = parse_token(text);
  ASSERT_TRUE(parts);
  EXPECT_EQ(parts->id, token.row.id);
  EXPECT_EQ(sha256_hex(parts->secret), token.row.secret_sha256);
  EXPECT_NE(make_token("idp", clock_.now(), std::chrono::hours(1)).text.reveal(), text);
}

TEST_F(Tokens, EveryMistypedCharacterIsNoticed) {
  const auto text = make_token("idp", clock_.now(), std::chrono::hours(1)).text.reveal();
  for (std::size_t i = 0; i < text.size(); ++i) {
    auto wrong = text;
    wrong[i] = wrong[i] == 'a' ? 'b' : 'a';
    EXPECT_FALSE(parse_token(wrong)) << i;
  }
  EXPECT_FALSE(parse_token(""));
  EXPECT_FALSE(parse_token(text + "a"));
  EXPECT_FALSE(parse_token(text.substr(1)));
}

TEST_F(Tokens, AValidOneIsLetIn) {
  const auto token = issue();
  EXPECT_EQ(status("Bearer " + token.text.reveal()), 200);
  EXPECT_EQ(status("bearer " + token.text.reveal()), 200);
}

TEST_F(Tokens, AnythingElseIsNot) {
  issue();
  const auto never_stored = make_token("idp", clock_.now(), std::chrono::hours(1));
  EXPECT_EQ(status(""), 401);
  EXPECT_EQ(status("Bearer "), 401);
  EXPECT_EQ(status("Basic abc"), 401);
  EXPECT_EQ(status("Bearer " + never_stored.text.reveal()), 401);
}

TEST_F(Tokens, TheRightIdWithAnotherSecretIsRefused) {
  const auto known = issue();
  const auto guessed = make_token("idp", clock_.now(), std::chrono::hours(1));
  auto row = known.row;
  row.id = guessed.row.id;
  put(row);
  EXPECT_EQ(status("Bearer " + guessed.text.reveal()), 401);
}

TEST_F(Tokens, RevocationWorksWithinASecond) {
  const auto token = issue();
  EXPECT_EQ(status("Bearer " + token.text.reveal()), 200);
  auto row = token.row;
  row.revoked = clock_.now();
  put(row);
  clock_.pass(std::chrono::milliseconds(1000));
  EXPECT_EQ(status("Bearer " + token.text.reveal()), 401);
}

TEST_F(Tokens, ExpiryWorksAtOnce) {
  const auto token = issue(std::chrono::seconds(10));
  EXPECT_EQ(status("Bearer " + token.text.reveal()), 200);
  clock_.pass(std::chrono::seconds(10));
  EXPECT_EQ(status("Bearer " + token.text.reveal()), 401);
}

TEST_F(Tokens, GuessingIsSlowedDownForTheGuesserAlone) {
  const auto token = issue();
  for (int i = 0; i < 10; ++i) EXPECT_EQ(status("Bearer x", "10.0.0.9"), 401);
  EXPECT_EQ(status("Bearer x", "10.0.0.9"), 429);
  EXPECT_EQ(status("Bearer x", "10.0.0.8"), 401);
  EXPECT_EQ(status("Bearer " + token.text.reveal(), "10.0.0.9"), 200)
      << "a good token is never locked";
  clock_.pass(std::chrono::seconds(1));
  EXPECT_EQ(status("Bearer x", "10.0.0.9"), 401);
}

TEST_F(Tokens, LastUseIsKeptAtMinuteGrain) {
  const auto token = issue();
  EXPECT_EQ(status("Bearer " + token.text.reveal()), 200);
  ASSERT_TRUE(check_->write_last_used());
  auto reader = *store_->reader();
  const auto row = *reader->tokens().get(token.row.id);
  ASSERT_TRUE(row && row->last_used);
  EXPECT_EQ(*row->last_used, std::chrono::floor<std::chrono::minutes>(clock_.now()));
}

}  // namespace
}  // namespace muster::gateway
