// SPDX-License-Identifier: Apache-2.0
#include "gateway/bearer.h"

#include <gtest/gtest.h>

#include "auth/token.h"

namespace muster::gateway {
namespace {

http::Response error_body(int status, std::string_view detail, const http::RequestHead&) {
  return {.status = status, .body = std::string(detail)};
}

std::string header(const http::Response& response, const std::string& name) {
  for (const auto& [one, value] : response.headers)
    if (one == name) return value;
  return {};
}

class StandingClock : public Clock {
 public:
  Timestamp now() const override { return Timestamp(std::chrono::seconds(1'800'000'000)); }
};

class Bearer : public ::testing::Test {
 protected:
  void SetUp() override {
    store_ = *store::Store::open({.sources = {"idp"}});
    tokens_ = std::make_unique<auth::TokenCheck>(*store_, clock_);
    authorize_ = bearer(*tokens_, error_body);
  }

  std::string issue() {
    const auto token = auth::make_token("idp", clock_.now(), std::chrono::hours(1));
    EXPECT_TRUE(store_->write([&](store::Transaction& tx) { return tx.tokens().put(token.row); }));
    return token.text.reveal();
  }

  // The refusal; status 200 when there is none.
  http::Response ask(const std::string& authorization) {
    http::RequestHead head;
    head.remote = "10.0.0.1";
    if (!authorization.empty()) head.headers = {{"Authorization", authorization}};
    const auto answer = authorize_(head);
    if (const auto* refused = std::get_if<http::Response>(&answer)) return *refused;
    EXPECT_EQ(std::get<http::Principal>(answer).source, "idp");
    EXPECT_FALSE(std::get<http::Principal>(answer).token_id.empty());
    return {};
  }

  StandingClock clock_;
  std::unique_ptr<store::Store> store_;
  std::unique_ptr<auth::TokenCheck> tokens_;
  http::Authorize authorize_;
};

TEST_F(Bearer, TheSchemeIsWrittenInAnyCase) {
  const auto token = issue();
  EXPECT_EQ(ask("Bearer " + token).status, 200);
  EXPECT_EQ(ask("bearer " + token).status, 200);
}

TEST_F(Bearer, AnythingElseIsDeniedInTheWordsOfTheRoute) {
  const auto token = issue();
  for (const auto& text :
       {std::string(), std::string("Bearer "), std::string("Basic abc"), token}) {
    const auto refused = ask(text);
    EXPECT_EQ(refused.status, 401) << text;
    EXPECT_EQ(header(refused, "WWW-Authenticate"), "Bearer realm=\"muster\"");
    EXPECT_NE(refused.body.find("bearer token of a source"), std::string::npos);
  }
}

TEST_F(Bearer, WhoGuessesIsToldToWait) {
  for (int i = 0; i < 10; ++i) EXPECT_EQ(ask("Bearer x").status, 401);
  const auto refused = ask("Bearer x");
  EXPECT_EQ(refused.status, 429);
  EXPECT_EQ(header(refused, "Retry-After"), "1");
}

}  // namespace
}  // namespace muster::gateway
