// SPDX-License-Identifier: Apache-2.0
// `muster serve`: who is let in, what broken requests get, restart and orderly end.
#include <gtest/gtest.h>

#include "tests/http/raw_client.h"
#include "tests/scenarios/installation.h"

namespace muster::scenarios {
namespace {

using http::Method;

std::string mara(const std::string& id = "e-1") {
  return R"({"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"externalId":")" + id +
         R"(","userName":"mara)" + id +
         R"(@corp.example","name":{"givenName":"Mara","familyName":"Adler"},)" +
         R"("emails":[{"type":"work","primary":true,"value":"mara)" + id +
         R"(@corp.example"}],"active":true})";
}

class Serving : public ::testing::Test {
 protected:
  void SetUp() override {
    token_ = installation_.make_token();
    installation_.serve();
  }
  http::Response send(Method method, const std::string& target, const std::string& body = {}) {
    return installation_.scim(method, target, token_, body);
  }

  Installation installation_;
  std::string token_;
};

TEST_F(Serving, APersonArrivesAndIsShownByTheCommandLine) {
  const auto made = send(Method::post, "/Users", mara());
  ASSERT_EQ(made.status, 201) << made.body;
  const auto shown = installation_.muster({"users", "show", "mara.adler"});
  EXPECT_EQ(shown.code, 0) << shown.said;
  EXPECT_TRUE(shown.has("marae-1@corp.example")) << shown.said;
  EXPECT_EQ(send(Method::post, "/Users", mara()).status, 409);
}

TEST_F(Serving, AWrongTokenIsRefused) {
  auto forged = token_;
  forged[20] = forged[20] == 'A' ? 'B' : 'A';
  for (const auto& token : {std::string("nonsense"), forged, std::string()}) {
    const auto answer = installation_.scim(Method::get, "/Users", token);
    EXPECT_EQ(answer.status, 401) << answer.body;
    EXPECT_NE(answer.body.find("urn:ietf:params:scim:api:messages:2.0:Error"), std::string::npos);
    EXPECT_NE(answer.body.find("\"status\":\"401\""), std::string::npos) << answer.body;
  }
  const auto list = installation_.json({"tokens", "list"});
  ASSERT_EQ(list.as_list().size(), 1u);
  const auto id = list.as_list()[0].find("id")->as_text();
  EXPECT_EQ(send(Method::get, "/Users").status, 200);
  EXPECT_EQ(installation_.muster({"tokens", "revoke", id}).code, 0);
  int status = 200;
  const auto patience = std::chrono::steady_clock::now() + std::chrono::seconds(3);
  while (status == 200 && std::chrono::steady_clock::now() < patience) {
    status = send(Method::get, "/Users").status;
  }
  EXPECT_EQ(status, 401) << "a revocation works within a second";
}

TEST_F(Serving, BrokenBodiesAreRefusedAndChangeNothing) {
  struct Story {
    const char* story;
    std::string body;
    int status;
    const char* said;
  };
  const auto deep = std::string(5'000, '[') + std::string(5'000, ']');
  const Story stories[] = {
      {"not JSON", "{\"userName\":", 400, "invalidSyntax"},
      {"text behind the document", mara() + "}", 400, "invalidSyntax"},
      {"over-deep",
       R"({"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"userName":"x","deep":)" +
           deep + "}",
       400, "invalidSyntax"},
      {"a key twice", R"({"userName":"a","userName":"b"})", 400, "invalidSyntax"},
      {"not an object", "[]", 400, "invalidSyntax"},
      {"no user name",
       R"({"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"externalId":"e-9"})", 400,
       "invalidValue"},
      {"invalid UTF-8", "{\"userName\":\"\xFF\"}", 400, "invalidSyntax"},
      {"a body without measure", std::string(3 << 20, ' '), 413, "413"},
  };
  ASSERT_EQ(send(Method::post, "/Users", mara()).status, 201);
  const auto before = installation_.people();
  for (const auto& story : stories) {
    SCOPED_TRACE(story.story);
    const auto answer = send(Method::post, "/Users", story.body);
    EXPECT_EQ(answer.status, story.status) << answer.body;
    EXPECT_NE(answer.body.find(story.said), std::string::npos) << answer.body;
  }
  EXPECT_EQ(installation_.people(), before);
  EXPECT_EQ(send(Method::get, "/Users?filter=userName%20eq").status, 400);
  EXPECT_EQ(send(Method::get, "/Users/none").status, 404);
  EXPECT_EQ(send(Method::get, "/Nothing").status, 404);
}

TEST_F(Serving, ARestartKeepsEverythingAndTheTokenStaysGood) {
  ASSERT_EQ(send(Method::post, "/Users", mara("e-1")).status, 201);
  ASSERT_EQ(send(Method::post, "/Users", mara("e-2")).status, 201);
  const auto before = installation_.people();
  EXPECT_EQ(installation_.stop(), 0);
  installation_.serve();
  EXPECT_EQ(installation_.people(), before);
  const auto found = send(Method::get, "/Users?filter=userName%20eq%20%22marae-2@corp.example%22");
  EXPECT_NE(found.body.find("\"totalResults\":1"), std::string::npos) << found.body;
}

// Every verb opens the store and closes it again; none may take the service's log away.
TEST_F(Serving, TheCommandLineWorksOnTheStoreBesideTheService) {
  for (int round = 1; round <= 3; ++round) {
    SCOPED_TRACE(round);
    const auto number = std::to_string(round);
    ASSERT_EQ(send(Method::post, "/Users", mara("e-" + number)).status, 201);
    const auto file = installation_.write("people.csv", "id,mail,first,last\n" + number + ",h" +
                                                            number + "@corp.example,Hana,Berg\n");
    EXPECT_EQ(
        installation_.muster({"import", file.string(), "--source", "hr", "--mode", "delta"}).code,
        0);
    EXPECT_EQ(send(Method::get, "/Users?filter=externalId%20eq%20%22e-" + number + "%22").status,
              200);
    EXPECT_EQ(installation_.people("userName pr"), static_cast<std::size_t>(2 * round));
    EXPECT_TRUE(std::filesystem::exists(installation_.folder() / "state/muster.db-wal"));
  }
}

TEST_F(Serving, AKilledProcessLosesNothingThatWasAnswered) {
  ASSERT_EQ(send(Method::post, "/Users", mara()).status, 201);
  installation_.server().end(SIGKILL);
  EXPECT_EQ(installation_.people("userName eq \"mara.adler\""), 1u);
}

TEST_F(Serving, SigtermLetsARequestThatIsUnderWayEnd) {
  const auto body = mara();
  http::RawClient client(installation_.port());
  const auto text =
      http::request("POST", "/scim/v2/Users",
                    "Authorization: Bearer " + token_ +
                        "\r\nContent-Type: application/scim+json\r\nExpect: 100-continue\r\n",
                    body);
  const auto head = text.size() - body.size();
  ASSERT_TRUE(client.send(text.substr(0, head)));
  ASSERT_EQ(client.answer().status, 100) << "the request is under way";
  installation_.server().signal(SIGTERM);
  ASSERT_TRUE(client.send(body));
  const auto answer = client.answer();
  EXPECT_EQ(answer.status, 201) << answer.head << answer.body;
  EXPECT_EQ(installation_.stop(), 0);
  EXPECT_EQ(installation_.people("userName eq \"mara.adler\""), 1u);
}

TEST_F(Serving, TwoSourcesSpeakOfOnePerson) {
  const auto file =
      installation_.write("people.csv", "id,mail,first,last\n1,marae-1@corp.example,Mara,Adler\n");
  ASSERT_EQ(installation_.muster({"import", file.string(), "--source", "hr"}).code, 0);
  ASSERT_EQ(send(Method::post, "/Users", mara()).status, 201);
  const auto people = installation_.json({"users", "list"});
  ASSERT_EQ(people.as_list().size(), 1u);
  EXPECT_EQ(people.as_list()[0].find("sources")->as_list().size(), 2u);
  const auto explained = installation_.muster({"users", "explain", "mara.adler"});
  EXPECT_EQ(explained.code, 0) << explained.said;
}

}  // namespace
}  // namespace muster::scenarios
