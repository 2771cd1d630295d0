// SPDX-License-Identifier: Apache-2.0
// A process that is killed cannot say so: who comes next does.
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tests/scenarios/installation.h"
#include "tests/support/every_engine.h"

namespace muster::scenarios {
namespace {

// A directory that takes connections and never says a word.
class SilentServer {
 public:
  SilentServer() : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    EXPECT_EQ(::bind(socket_, reinterpret_cast<sockaddr*>(&address), size), 0);
    EXPECT_EQ(::listen(socket_, 8), 0);
    EXPECT_EQ(::getsockname(socket_, reinterpret_cast<sockaddr*>(&address), &size), 0);
    uri_ = "ldap://127.0.0.1:" + std::to_string(ntohs(address.sin_port));
  }
  ~SilentServer() { ::close(socket_); }

  const std::string& uri() const { return uri_; }

 private:
  int socket_;
  std::string uri_;
};

class KilledRuns : public ::testing::Test {
 protected:
  // Starts a synchronisation and kills it in the middle.
  void kill_a_run() {
    installation_.configure(silent_.uri());
    support::Process sync(
        {Installation::program(), "--config", (installation_.folder() / "muster.yaml").string(),
         "sources", "sync", "directory"},
        installation_.folder() / "sync.log");
    for (int look = 0; look < 200 && last_state() != "running" && sync.running(); ++look) continue;
    EXPECT_EQ(last_state(), "running") << support::read_file(installation_.folder() / "sync.log");
    const auto second = installation_.muster({"sources", "sync", "directory"});
    EXPECT_TRUE(second.has("under way")) << second.said;
    EXPECT_EQ(last_state(), "running") << "it is alive";
    EXPECT_EQ(sync.end(SIGKILL), -SIGKILL);
    EXPECT_EQ(last_state(), "running") << "nobody has noticed";
    installation_.configure("ldap://127.0.0.1:9");
  }

  Value runs() { return installation_.json({"runs", "list", "--source", "directory"}); }
  std::string last_state() {
    const auto all = runs();
    if (!all.is_list() || all.as_list().empty()) return "";
    return all.as_list().front().find("state")->as_text();
  }

  SilentServer silent_;
  Installation installation_;
};

MUSTER_ON_EVERY_ENGINE(KilledRuns);

TEST_F(KilledRuns, EndWithTheNextRunOfTheirSource) {
  kill_a_run();
  EXPECT_EQ(installation_.muster({"sources", "sync", "directory"}).code, 7);
  const auto all = runs();
  ASSERT_EQ(all.as_list().size(), 2u);
  for (const auto& run : all.as_list()) EXPECT_EQ(*run.find("state"), Value("failed"));
  const auto killed = all.as_list().back();
  EXPECT_NE(killed.find("detail")->as_text().find("the process was killed"), std::string::npos);
  EXPECT_NE(killed.find("ended"), nullptr);
}

TEST_F(KilledRuns, EndWithTheStartOfTheService) {
  kill_a_run();
  installation_.serve();
  EXPECT_EQ(last_state(), "failed");
  EXPECT_NE(installation_.server_log().find("a run was killed"), std::string::npos);
}

}  // namespace
}  // namespace muster::scenarios
