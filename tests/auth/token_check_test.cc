// SPDX-License-Identifier: Apache-2.0
#include "auth/token_check.h"

#include <gtest/gtest.h>

#include "auth/token.h"
#include "core/digest.h"
#include "tests/support/standing_clock.h"

namespace muster::auth {
namespace {

// How a check ended, in a word.
std::string word_of(const Admission& admission) {
  if (std::holds_alternative<Principal>(admission)) return "in";
  switch (std::get<Refusal>(admission).reason) {
    case Refusal::Reason::denied:
      return "denied";
    case Refusal::Reason::too_many:
      return "too many";
    case Refusal::Reason::unavailable:
      return "unavailable";
  }
  return "?";
}

class Tokens : public ::testing::Test {
 protected:
  void SetUp() override {
    store::StoreOptions options;
    options.sources = {"idp"};
    options.clock = &clock_;
    store_ = *store::Store::open(options);
    check_ = std::make_unique<TokenCheck>(*store_, clock_);
  }

  NewToken issue(std::chrono::seconds lifetime = std::chrono::hours(1)) {
    auto token = make_token("idp", clock_.now(), lifetime);
    put(token.row);
    return token;
  }

  void put(const store::TokenRow& row) {
    ASSERT_TRUE(store_->write([&](store::Transaction& tx) { return tx.tokens().put(row); }));
  }

  std::string try_it(std::string_view bearer, const std::string& remote = "10.0.0.1") {
    const auto admission = check_->check(bearer, remote);
    if (const auto* principal = std::get_if<Principal>(&admission)) {
      EXPECT_EQ(principal->source, "idp");
    }
    return word_of(admission);
  }

  support::StandingClock clock_;
  std::unique_ptr<store::Store> store_;
  std::unique_ptr<TokenCheck> check_;
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
  EXPECT_EQ(try_it(token.text.reveal()), "in");
}

TEST_F(Tokens, AnythingElseIsNot) {
  issue();
  const auto never_stored = make_token("idp", clock_.now(), std::chrono::hours(1));
  EXPECT_EQ(try_it(""), "denied");
  EXPECT_EQ(try_it("abc"), "denied");
  EXPECT_EQ(try_it(never_stored.text.reveal()), "denied");
}

TEST_F(Tokens, TheRightIdWithAnotherSecretIsRefused) {
  const auto known = issue();
  const auto guessed = make_token("idp", clock_.now(), std::chrono::hours(1));
  auto row = known.row;
  row.id = guessed.row.id;
  put(row);
  EXPECT_EQ(try_it(guessed.text.reveal()), "denied");
}

TEST_F(Tokens, RevocationWorksWithinASecond) {
  const auto token = issue();
  EXPECT_EQ(try_it(token.text.reveal()), "in");
  auto row = token.row;
  row.revoked = clock_.now();
  put(row);
  clock_.pass(std::chrono::milliseconds(1000));
  EXPECT_EQ(try_it(token.text.reveal()), "denied");
}

TEST_F(Tokens, ExpiryWorksAtOnce) {
  const auto token = issue(std::chrono::seconds(10));
  EXPECT_EQ(try_it(token.text.reveal()), "in");
  clock_.pass(std::chrono::seconds(10));
  EXPECT_EQ(try_it(token.text.reveal()), "denied");
}

TEST_F(Tokens, GuessingIsSlowedDownForTheGuesserAlone) {
  const auto token = issue();
  for (int i = 0; i < 10; ++i) EXPECT_EQ(try_it("x", "10.0.0.9"), "denied");
  EXPECT_EQ(try_it("x", "10.0.0.9"), "too many");
  EXPECT_EQ(try_it("x", "10.0.0.8"), "denied");
  EXPECT_EQ(try_it(token.text.reveal(), "10.0.0.9"), "in") << "a good token is never locked";
  clock_.pass(std::chrono::seconds(1));
  EXPECT_EQ(try_it("x", "10.0.0.9"), "denied");
}

TEST_F(Tokens, WhoIsToWaitIsToldHowLong) {
  for (int i = 0; i < 10; ++i) try_it("x");
  const auto admission = check_->check("x", "10.0.0.1");
  ASSERT_EQ(word_of(admission), "too many");
  EXPECT_EQ(std::get<Refusal>(admission).retry_after, std::chrono::seconds(1));
}

TEST_F(Tokens, LastUseIsKeptAtMinuteGrain) {
  const auto token = issue();
  EXPECT_EQ(try_it(token.text.reveal()), "in");
  ASSERT_TRUE(check_->write_last_used());
  auto reader = *store_->reader();
  const auto row = *reader->tokens().get(token.row.id);
  ASSERT_TRUE(row && row->last_used);
  EXPECT_EQ(*row->last_used, std::chrono::floor<std::chrono::minutes>(clock_.now()));
}

}  // namespace
}  // namespace muster::auth
