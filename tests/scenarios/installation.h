// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gtest/gtest.h>

#include <chrono>
#include <csignal>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "core/json.h"
#include "http/client.h"
#include "tests/support/postgres.h"
#include "tests/support/process.h"
#include "tests/support/temp_dir.h"

namespace muster::scenarios {

// How the program ended: exit code, and what it said on both outputs.
struct Ended {
  int code = -1;
  std::string said = {};

  bool has(std::string_view text) const { return said.find(text) != std::string::npos; }
};

// The mapping of an `Installation` that brings none: three sources, everybody needs a mail address,
// who is missing leaves at once, and more than max(5, 5 %) at once are held.
inline constexpr std::string_view small_mapping = R"(version: mapping/v1
schema:
  profile: generic
  attributes:
    department: text
sources:
  idp:
    kind: scim
    records: scim.user
    key: externalId
    map:
      email:     'emails.value | first | email'
      firstName: 'name.givenName'
      lastName:  'name.familyName'
      enabled:   'active ?? true'
  directory:
    kind: ldap
    records: { text: [uid, mail, givenName, sn, departmentNumber] }
    key: entryUUID
    map:
      email:      'mail | email'
      firstName:  'givenName'
      lastName:   'sn'
      department: 'departmentNumber'
  hr:
    kind: csv
    records: { text: [id, mail, first, last] }
    key: id
    map:
      email:     'mail | email'
      firstName: 'first'
      lastName:  'last'
correlate:
  tiers:
    - { id: mail, match: [email], one: link }
username:
  patterns: ['{firstName}.{lastName}', '{email | before("@")}']
classify:
  otherwise: { id: everybody, class: internal }
lifecycle:
  absent: { grace: 0d, then: disable }
  guard: { max_deactivate: 5%, min_count: 5 }
validate:
  - { id: need-mail, severity: error, check: 'present(email)' }
)";

// Muster as somebody installed it: a folder with muster.yaml, mapping.yaml and the state; the built
// program is run in it as a person or a service manager would.
class Installation {
 public:
  Installation() {
    forget();
    folder_.write("mapping.yaml", small_mapping);
    configure("ldap://127.0.0.1:9");
  }
  ~Installation() { stop(); }

  const std::filesystem::path& folder() const { return folder_.path(); }
  std::filesystem::path write(std::string_view name, std::string_view content) const {
    return folder_.write(name, content);
  }

  // muster.yaml with that directory, and lines of its source on top ("    timeouts: ...\n").
  void configure(const std::string& ldap_uri, const std::string& more = {}) {
    std::filesystem::permissions(
        folder_.write("ldap-password", "sync-secret\n"),
        std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
    folder_.write("muster.yaml",
                  "version: muster/v1\nstate_directory: state\nmapping: mapping.yaml\n" + store_ +
                      "listeners: { scim: { port: 0 }, management: { port: 0 } }\nsources:\n"
                      "  idp: { kind: scim }\n  hr: { kind: csv, mode: snapshot }\n  directory:\n"
                      "    kind: ldap\n    uris: [\"" +
                      ldap_uri +
                      "\"]\n    bind_dn: uid=sync,ou=services,dc=example,dc=org\n"
                      "    password_file: ldap-password\n    users:\n"
                      "      bases: [\"ou=people,dc=example,dc=org\"]\n" +
                      more);
  }

  // The line of muster.yaml that says where people are kept; empty: where they are without it.
  const std::string& store() const { return store_; }

  // Nobody was ever here; muster.yaml is to be written again.
  void forget() {
    std::filesystem::remove_all(folder() / "state");
    const auto url = support::store_url("");
    if (!url.empty()) store_ = "store: { url: \"" + url + "\" }\n";
  }

  // Runs a verb to its end, with --config.
  Ended muster(std::vector<std::string> arguments) const {
    arguments.insert(arguments.begin(),
                     {program(), "--config", (folder() / "muster.yaml").string()});
    return run(arguments);
  }

  Ended run(const std::vector<std::string>& arguments) const {
    const auto log = folder() / "said.log";
    Ended ended;
    ended.code = support::Process(arguments, log).wait();
    ended.said = support::read_file(log);
    return ended;
  }

  // The answer of a verb as JSON.
  Value json(std::vector<std::string> arguments) const {
    arguments.insert(arguments.begin(), {"-q", "-o", "json"});
    const auto ended = muster(std::move(arguments));
    auto document = parse_json(ended.said);
    EXPECT_TRUE(document) << ended.said;
    return document ? std::move(*document) : Value{};
  }

  // Everything that the program shows about people: equal texts mean that nobody changed.
  std::string people() const { return muster({"-q", "-o", "json", "users", "list"}).said; }
  std::size_t people(const std::string& filter) const {
    const auto found = json({"users", "list", "--filter", filter});
    return found.is_list() ? found.as_list().size() : 0;
  }
  std::int64_t last_run(const std::string& source, const std::string& count) const {
    const auto runs = json({"runs", "list", "--source", source, "--count", "1"});
    if (!runs.is_list() || runs.as_list().empty()) return -1;
    const auto* counts = runs.as_list().front().find("counts");
    const auto* value = counts == nullptr ? nullptr : counts->find(count);
    return value == nullptr ? -1 : value->as_int();
  }

  // Starts `muster serve`; it answers on the SCIM port when this returns.
  void serve() {
    const auto log = folder() / "serve.log";
    server_ = std::make_unique<support::Process>(
        std::vector<std::string>{program(), "--config", (folder() / "muster.yaml").string(),
                                 "serve"},
        log);
    port_ = 0;
    for (int look = 0; look < 2'000 && port_ == 0 && server_->running(); ++look) {
      const auto said = support::read_file(log);
      constexpr std::string_view mark = "SCIM on http://127.0.0.1:";
      const auto at = said.find(mark);
      if (at != std::string::npos && said.find('\n', at) != std::string::npos)
        port_ = std::stoi(said.substr(at + mark.size()));
      else
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
    ASSERT_NE(port_, 0) << support::read_file(log);
    auto client = http::Client::create({.origin = "http://127.0.0.1:" + std::to_string(port_)});
    ASSERT_TRUE(client);
    client_.emplace(std::move(*client));
  }

  support::Process& server() { return *server_; }
  std::uint16_t port() const { return static_cast<std::uint16_t>(port_); }
  std::string server_log() const { return support::read_file(folder() / "serve.log"); }

  // SIGTERM and the end; returns the exit code.
  int stop() {
    client_.reset();
    if (!server_) return 0;
    const int code = server_->end(SIGTERM);
    server_.reset();
    return code;
  }

  std::string make_token() {
    auto text = muster({"-q", "tokens", "create", "--source", "idp"}).said;
    while (!text.empty() && text.back() == '\n') text.pop_back();
    return text;
  }

  http::Response scim(http::Method method, const std::string& target, const std::string& token,
                      const std::string& body = {}) {
    auto answer = client_->send(method, "/scim/v2" + target, {{"Authorization", "Bearer " + token}},
                                body, "application/scim+json");
    EXPECT_TRUE(answer) << describe(answer.error());
    return answer ? std::move(*answer) : http::Response{.status = 0};
  }

  static std::string program() { return MUSTER_BINARY_DIR "/muster"; }

 private:
  support::TempDir folder_;
  std::string store_ = {};
  std::unique_ptr<support::Process> server_;
  int port_ = 0;
  std::optional<http::Client> client_;
};

}  // namespace muster::scenarios
