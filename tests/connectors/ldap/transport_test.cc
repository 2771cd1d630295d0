// SPDX-License-Identifier: Apache-2.0
// Signing in, TLS and fail-over.
#include <gtest/gtest.h>

#include "tests/connectors/ldap/pulled.h"
#include "tests/support/scripted_ldap.h"

namespace muster::connectors::ldap {
namespace {

using support::LdapConversation;
using support::LdapRequest;
using support::ScriptedLdap;
using support::Slapd;

std::string closed_uri() { return "ldap://127.0.0.1:" + std::to_string(support::free_port()); }

class Transport : public ::testing::Test {
 protected:
  static void SetUpTestSuite() { server_ = new Slapd({.ldif = people_ldif(3), .tls = true}); }
  static void TearDownTestSuite() {
    delete server_;
    server_ = nullptr;
  }

  static void expect_three_people(const LdapOptions& options, const std::string& from) {
    const Pulled pulled = pull(options);
    ASSERT_TRUE(pulled.complete()) << pulled.sentence();
    EXPECT_EQ(pulled.records.size(), 3U);
    EXPECT_EQ(pulled.result->server, from + " (OpenLDAP)");
  }

  static LdapOptions over_tls(const std::string& uri, bool start_tls) {
    LdapOptions options = people_at(uri);
    options.start_tls = start_tls;
    options.ca_file = server_->ca_file();
    return options;
  }

  static Slapd* server_;
};

Slapd* Transport::server_ = nullptr;

TEST_F(Transport, Ldaps) {
  expect_three_people(over_tls(server_->ldaps_uri(), false), server_->ldaps_uri());
}

TEST_F(Transport, StartTls) { expect_three_people(over_tls(server_->uri(), true), server_->uri()); }

TEST_F(Transport, AnUntrustedCertificateIsRefused) {
  const support::TempDir other;
  support::make_test_certificate(other.path());
  for (const bool start_tls : {false, true}) {
    LdapOptions options = over_tls(start_tls ? server_->uri() : server_->ldaps_uri(), start_tls);
    options.ca_file = other.path() / "ca.pem";
    const Pulled pulled = pull(options);
    ASSERT_FALSE(pulled.result) << start_tls;
    EXPECT_EQ(pulled.result.error().fault, Fault::unavailable);
    EXPECT_NE(pulled.sentence().find("ca_file holds"), std::string::npos) << pulled.sentence();
  }
}

TEST_F(Transport, ACertificateForAnotherNameIsRefused) {
  const Slapd other({.ldif = people_ldif(1), .tls = true, .tls_names = "DNS:other.example.org"});
  for (const bool start_tls : {false, true}) {
    LdapOptions options = over_tls(start_tls ? other.uri() : other.ldaps_uri(), start_tls);
    options.ca_file = other.ca_file();
    const Pulled pulled = pull(options);
    ASSERT_FALSE(pulled.result) << start_tls;
    EXPECT_EQ(pulled.result.error().fault, Fault::unavailable);
    EXPECT_EQ(pulled.records.size(), 0U);
  }
}

TEST_F(Transport, ACaFileThatIsNotThere) {
  LdapOptions options = over_tls(server_->ldaps_uri(), false);
  options.ca_file = "/nowhere/ca.pem";
  const Pulled pulled = pull(options);
  ASSERT_FALSE(pulled.result);
  EXPECT_EQ(pulled.result.error().fault, Fault::invalid);
  EXPECT_EQ(pulled.result.error().where, "/nowhere/ca.pem");
}

TEST_F(Transport, AServerWithoutStartTlsNeverSeesThePassword) {
  const Slapd plain({.ldif = people_ldif(3)});
  const Pulled pulled = pull(over_tls(plain.uri(), true));
  ASSERT_FALSE(pulled.result);
  EXPECT_EQ(pulled.result.error().fault, Fault::unavailable);
  EXPECT_NE(
      pulled.sentence().find(
          "The server refused StartTLS: protocolError (2), the server says: unsupported extended "
          "operation. Nothing was sent in clear text."),
      std::string::npos)
      << pulled.sentence();

  bool saw_bind = false;
  const ScriptedLdap scripted([&](LdapConversation&, const LdapRequest& request) {
    saw_bind = saw_bind || request.operation == 0x60;
    return false;
  });
  EXPECT_FALSE(pull(over_tls(scripted.uri(), true)).result);
  EXPECT_FALSE(saw_bind);
}

TEST_F(Transport, AWrongPasswordIsNotTriedElsewhere) {
  const ScriptedLdap second([](LdapConversation&, const LdapRequest&) { return false; });
  LdapOptions options = people_at(server_->uri());
  options.uris.push_back(second.uri());
  options.password = Secret("wrong-secret");
  const Pulled pulled = pull(options);
  ASSERT_FALSE(pulled.result);
  EXPECT_EQ(pulled.result.error().fault, Fault::denied);
  EXPECT_EQ(pulled.sentence(), "uid=sync,ou=services,dc=example,dc=org: " + server_->uri() +
                                   ": Signing in as uid=sync,ou=services,dc=example,dc=org was "
                                   "refused: invalidCredentials (49). Correct bind_dn "
                                   "or the password, or unlock the account. The other servers were "
                                   "not tried, so that the account is not "
                                   "locked.");
  EXPECT_EQ(second.connections(), 0);
}

TEST_F(Transport, NobodyAnswers) {
  const std::string first = closed_uri();
  const std::string second = closed_uri();
  LdapOptions options = people_at(first);
  options.uris.push_back(second);
  const Pulled pulled = pull(options);
  ASSERT_FALSE(pulled.result);
  EXPECT_EQ(pulled.result.error().fault, Fault::unavailable);
  EXPECT_TRUE(pulled.sentence().starts_with("None of the directory servers could be used. " +
                                            first + ": Connecting failed: connection lost (-1)"))
      << pulled.sentence();
  EXPECT_NE(pulled.sentence().find(second + ": Connecting failed"), std::string::npos)
      << pulled.sentence();
}

TEST_F(Transport, TheSecondServerHelpsOut) {
  const auto script = [](LdapConversation&, const LdapRequest&) { return false; };
  const ScriptedLdap closes(script, [](LdapConversation&) { return false; });
  const ScriptedLdap hangs([](LdapConversation&, const LdapRequest&) { return true; });
  const ScriptedLdap is_busy([](LdapConversation& conversation, const LdapRequest& request) {
    conversation.bound(request, 51, "come back later");
    return true;
  });
  const ScriptedLdap loses_root([](LdapConversation& conversation, const LdapRequest& request) {
    if (request.operation == 0x60) return false;
    conversation.close();
    return true;
  });
  struct Case {
    const char* story;
    std::string first;
  };
  for (const Case& c :
       {Case{"refuses the connection", closed_uri()}, Case{"accepts and closes", closes.uri()},
        Case{"accepts and hangs", hangs.uri()}, Case{"is busy", is_busy.uri()},
        Case{"goes after the bind", loses_root.uri()},
        Case{"unknown host", "ldap://muster.invalid"}}) {
    SCOPED_TRACE(c.story);
    LdapOptions options = people_at(c.first);
    options.allow_clear_text = true;
    options.timeouts.connect = std::chrono::milliseconds(300);
    options.timeouts.operation = std::chrono::milliseconds(600);
    options.uris.push_back(server_->uri());
    expect_three_people(options, server_->uri());
  }
}

TEST_F(Transport, StartTlsRefusedOnTheFirstServerOnly) {
  const Slapd plain({.ldif = people_ldif(1)});
  LdapOptions options = over_tls(plain.uri(), true);
  options.uris.push_back(server_->uri());
  expect_three_people(options, server_->uri());
}

TEST_F(Transport, AHangingServerDuringTheTlsHandshake) {
  const ScriptedLdap hangs([](LdapConversation& conversation, const LdapRequest& request) {
    if (request.operation == 0x77)
      conversation.extended(request, 0);  // StartTLS: yes, and then nothing
    return true;
  });
  for (const bool start_tls : {false, true}) {
    SCOPED_TRACE(start_tls);
    LdapOptions options =
        over_tls(start_tls ? hangs.uri() : "ldaps" + hangs.uri().substr(4), start_tls);
    options.timeouts.connect = std::chrono::milliseconds(300);
    const Pulled pulled = pull(options);
    ASSERT_FALSE(pulled.result);
    EXPECT_EQ(pulled.result.error().fault, Fault::unavailable);
    options.uris.push_back(server_->ldaps_uri());
    expect_three_people(options, server_->ldaps_uri());
  }
}

TEST_F(Transport, AnonymousIsAnAccountToo) {
  LdapOptions options = people_at(server_->uri());
  options.bind_dn.clear();
  options.password = Secret();
  expect_three_people(options, server_->uri());
}

}  // namespace
}  // namespace muster::connectors::ldap
