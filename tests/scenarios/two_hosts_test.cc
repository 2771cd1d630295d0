// SPDX-License-Identifier: Apache-2.0
// Two processes with nothing in common but a database, as on two hosts: each source runs in one of
// them, the other one takes over when that one dies or stands still, and who wakes too late writes
// nothing.
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <sstream>

#include "tests/scenarios/installation.h"
#include "tests/support/scripted_ldap.h"

namespace muster::scenarios {
namespace {

using support::LdapConversation;
using support::LdapRequest;

// A directory of two people in two pages; it keeps the second one back until open() is called.
class Directory {
 public:
  explicit Directory(bool open)
      : open_(open), server_([this](LdapConversation& conversation, const LdapRequest& request) {
          return answer(conversation, request);
        }) {}
  ~Directory() { open(); }

  std::string uri() const { return server_.uri(); }
  void open() {
    const std::lock_guard lock(mutex_);
    open_ = true;
    changed_.notify_all();
  }
  // Returns when somebody has read the first page and asks for the second.
  void wait_for_reader() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return asked_; });
  }

 private:
  static void person(LdapConversation& conversation, const LdapRequest& request,
                     const std::string& uid) {
    conversation.entry(request, "uid=" + uid + ",ou=people,dc=example,dc=org",
                       {{"uid", {uid}},
                        {"entryUUID", {"key-" + uid}},
                        {"mail", {uid + "@example.org"}},
                        {"givenName", {"Given " + uid}},
                        {"sn", {"Family " + uid}}});
  }
  bool answer(LdapConversation& conversation, const LdapRequest& request) {
    if (request.operation != 0x63 || request.scope != 2) return false;
    const bool first = !request.cookie || request.cookie->empty();
    if (!first) {
      std::unique_lock lock(mutex_);
      asked_ = true;
      changed_.notify_all();
      changed_.wait(lock, [this] { return open_; });
    }
    person(conversation, request, first ? "ann" : "bob");
    conversation.done(request, 0, first ? "more" : "");
    return true;
  }

  std::mutex mutex_;
  std::condition_variable changed_;
  bool open_;
  bool asked_ = false;
  support::ScriptedLdap server_;  // last: its thread uses the others
};

class TwoHosts : public ::testing::Test {
 protected:
  TwoHosts() : url_(support::Postgres::shared().new_database()) {
    configure(slow_host_, slow_.uri());
    configure(quick_host_, quick_.uri());
  }

  void configure(const Installation& host, const std::string& ldap_uri,
                 const std::string& more = {}) const {
    host.write("muster.yaml",
               "version: muster/v1\nstate_directory: state\nmapping: mapping.yaml\n"
               "store: { url: \"" +
                   url_ +
                   "\", lease: 2s }\n"
                   "listeners: { scim: { port: 0 }, management: { port: 0 } }\n"
                   "lifecycle: { every: 0s }\nsources:\n  idp: { kind: scim }\n"
                   "  hr: { kind: csv, mode: snapshot }\n  directory:\n    kind: ldap\n"
                   "    uris: [\"" +
                   ldap_uri +
                   "\"]\n    bind_dn: uid=sync,ou=services,dc=example,dc=org\n"
                   "    password_file: ldap-password\n"
                   "    users: { bases: [\"ou=people,dc=example,dc=org\"] }\n" +
                   more);
  }

  // A run that is in the middle of its read. `before`: what the program is started by.
  void start_slow_run(std::vector<std::string> before = {}) {
    before.insert(before.end(),
                  {Installation::program(), "--config",
                   (slow_host_.folder() / "muster.yaml").string(), "sources", "sync", "directory"});
    slow_run_ = std::make_unique<support::Process>(before, log_of_slow_run());
    slow_.wait_for_reader();
  }
  std::filesystem::path log_of_slow_run() const { return slow_host_.folder() / "sync.log"; }

  Ended sync_on_the_quick_host() { return quick_host_.muster({"sources", "sync", "directory"}); }

  // Tries until it is let; says whether it was refused only for the other run, and how long.
  void take_over() {
    const auto from = std::chrono::steady_clock::now();
    auto ended = sync_on_the_quick_host();
    while (ended.code == 1 && ended.has("under way")) ended = sync_on_the_quick_host();
    ASSERT_EQ(ended.code, 0) << ended.said;
    // The lease is 2 s; the rest is for slow machines, and far less than the default of 30 s.
    EXPECT_LT(std::chrono::steady_clock::now() - from, std::chrono::seconds(15));
  }

  // The states of the directory's runs, the newest first.
  std::string states() {
    std::string text;
    const auto runs = quick_host_.json({"runs", "list", "--source", "directory"});
    if (!runs.is_list()) return text;
    for (const auto& run : runs.as_list()) text += run.find("state")->as_text() + " ";
    return text;
  }

  // All that is stored. Newer versions of the program frame it with a random word.
  std::string everything() const {
    std::istringstream dump(support::run_program(
        {"/usr/lib/postgresql/15/bin/pg_dump", "--data-only", "--dbname=" + url_},
        quick_host_.folder()));
    std::string text;
    for (std::string line; std::getline(dump, line);)
      if (!line.starts_with("\\restrict") && !line.starts_with("\\unrestrict")) text += line + "\n";
    return text;
  }

  std::string url_;
  Directory slow_{false};
  Directory quick_{true};
  Installation slow_host_;
  Installation quick_host_;
  std::unique_ptr<support::Process> slow_run_;
};

TEST_F(TwoHosts, ARunThatIsAliveIsNobodyElses) {
  start_slow_run();
  // For longer than its lease lasts without being renewed, whoever asks.
  const auto until = std::chrono::steady_clock::now() + std::chrono::milliseconds(2500);
  do {
    const auto refused = sync_on_the_quick_host();
    EXPECT_EQ(refused.code, 1);
    EXPECT_TRUE(refused.has("another run of source 'directory' is under way")) << refused.said;
    EXPECT_TRUE(refused.has("held by process ")) << refused.said;
  } while (std::chrono::steady_clock::now() < until);
  quick_host_.serve();
  EXPECT_EQ(states(), "running ") << "a start on another host leaves it alone";
  EXPECT_EQ(quick_host_.stop(), 0);
  EXPECT_EQ(quick_host_.muster({"lifecycle", "run"}).code, 0) << "other work goes on";

  slow_.open();
  EXPECT_EQ(slow_run_->wait(), 0) << support::read_file(log_of_slow_run());
  EXPECT_EQ(states(), "done ");
  EXPECT_EQ(sync_on_the_quick_host().code, 0) << "it gave its lease back";
  EXPECT_EQ(quick_host_.people("sources eq \"directory\""), 2u);
}

TEST_F(TwoHosts, AKilledRunIsTakenOverWithinTheLease) {
  start_slow_run();
  EXPECT_EQ(slow_run_->end(SIGKILL), -SIGKILL);
  EXPECT_EQ(states(), "running ") << "nobody has noticed";
  take_over();
  EXPECT_EQ(states(), "done failed ");
  EXPECT_EQ(quick_host_.people("sources eq \"directory\""), 2u);
}

// Where processes cannot be seen, as on another host, the lease has to run out.
TEST_F(TwoHosts, AKilledRunThatCannotBeSeenIsTakenOverWithinTheLease) {
  const std::vector<std::string> elsewhere{"unshare", "--pid", "--fork", "--kill-child=SIGKILL"};
  auto look = elsewhere;
  look.emplace_back("true");
  if (support::Process(look, slow_host_.folder() / "look.log").wait() != 0)
    GTEST_SKIP() << "no rights for a PID namespace";
  start_slow_run(elsewhere);
  slow_run_->end(SIGKILL);
  take_over();
  EXPECT_EQ(states(), "done failed ");
  EXPECT_EQ(quick_host_.people("sources eq \"directory\""), 2u);
}

TEST_F(TwoHosts, WhoStoodStillAndWakesWritesNothing) {
  start_slow_run();
  slow_run_->signal(SIGSTOP);
  take_over();
  EXPECT_EQ(states(), "done failed ");
  const auto before = everything();
  EXPECT_NE(before.find("bob@example.org"), std::string::npos);

  slow_.open();
  slow_run_->signal(SIGCONT);
  EXPECT_EQ(slow_run_->wait(), 1);
  const auto said = support::read_file(log_of_slow_run());
  EXPECT_NE(said.find("the lease was lost to process "), std::string::npos) << said;
  EXPECT_EQ(everything(), before);
}

TEST_F(TwoHosts, AScheduledRunIsTakenOverByTheOtherService) {
  configure(slow_host_, slow_.uri(), "    schedule: { every: 1s }\n");
  configure(quick_host_, quick_.uri(), "    schedule: { every: 12h }\n");
  slow_host_.serve();
  slow_.wait_for_reader();
  quick_host_.serve();
  EXPECT_EQ(states(), "running ");
  slow_host_.server().signal(SIGSTOP);
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(60);
  while (states() != "done failed " && std::chrono::steady_clock::now() < deadline) continue;
  ASSERT_EQ(states(), "done failed ") << quick_host_.server_log();
  EXPECT_EQ(quick_host_.people("sources eq \"directory\""), 2u);

  slow_.open();
  slow_host_.server().signal(SIGCONT);
  while (slow_host_.server_log().find("the lease was lost to process ") == std::string::npos &&
         std::chrono::steady_clock::now() < deadline)
    continue;
  EXPECT_NE(slow_host_.server_log().find("the lease was lost to process "), std::string::npos);
  EXPECT_EQ(slow_host_.stop(), 0);
}

}  // namespace
}  // namespace muster::scenarios
