// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>
#include <openssl/ssl.h>

#include <filesystem>
#include <fstream>
#include <memory>

#include "certificate.h"
#include "http/client.h"
#include "raw_client.h"
#include "served.h"

namespace muster::http {
namespace {

class Tls : public ::testing::Test {
 protected:
  static ServerOptions options(const Certificate& certificate) {
    auto options = Served::options();
    options.tls = certificate.files();
    return options;
  }

  void SetUp() override { ASSERT_TRUE(certificate_.made()); }

  Certificate certificate_;
  Served server_{{get("/", [](const Request& r) { return text("hello " + r.head.remote); }),
                  post("/", [](const Request& r) { return text(r.body); })},
                 options(certificate_)};
};

struct FreeSsl {
  void operator()(SSL* ssl) const { SSL_free(ssl); }
  void operator()(SSL_CTX* context) const { SSL_CTX_free(context); }
  void operator()(BIO* bio) const { BIO_free_all(bio); }
};

// What a handshake with these settings came to: the version, or empty.
std::string shake_hands(std::uint16_t port, int min_version, int max_version, const char* ciphers) {
  std::unique_ptr<SSL_CTX, FreeSsl> context(SSL_CTX_new(TLS_client_method()));
  SSL_CTX_set_security_level(context.get(), 0);
  SSL_CTX_set_min_proto_version(context.get(), min_version);
  SSL_CTX_set_max_proto_version(context.get(), max_version);
  if (SSL_CTX_set_cipher_list(context.get(), ciphers) != 1) return "no such cipher";
  std::unique_ptr<BIO, FreeSsl> bio(BIO_new_ssl_connect(context.get()));
  BIO_set_conn_hostname(bio.get(), ("127.0.0.1:" + std::to_string(port)).c_str());
  if (BIO_do_connect(bio.get()) != 1 || BIO_do_handshake(bio.get()) != 1) return "";
  SSL* ssl = nullptr;
  BIO_get_ssl(bio.get(), &ssl);
  return SSL_get_version(ssl);
}

Result<Client> client_for(std::uint16_t port, const std::string& ca_file,
                          const std::string& host = "127.0.0.1") {
  return Client::create({.origin = "https://" + host + ":" + std::to_string(port),
                         .address = "127.0.0.1",
                         .ca_file = ca_file});
}

TEST_F(Tls, serves_requests_and_bodies) {
  auto client = client_for(server_.port(), certificate_.chain());
  ASSERT_TRUE(client);
  auto answer = client->send(Method::get, "/");
  ASSERT_TRUE(answer) << answer.error().detail;
  EXPECT_EQ(answer->body, "hello 127.0.0.1");
  const std::string large(500'000, 'x');
  answer = client->send(Method::post, "/", {}, large);
  ASSERT_TRUE(answer) << answer.error().detail;
  EXPECT_EQ(answer->body, large);
}

TEST_F(Tls, speaks_only_current_versions_and_ciphers) {
  struct Case {
    std::string story;
    int min_version;
    int max_version;
    const char* ciphers;
    std::string version;
  };
  const std::vector<Case> cases = {
      {"TLS 1.3", TLS1_3_VERSION, TLS1_3_VERSION, "ALL", "TLSv1.3"},
      {"TLS 1.2", TLS1_2_VERSION, TLS1_2_VERSION, "ALL", "TLSv1.2"},
      {"TLS 1.1", TLS1_1_VERSION, TLS1_1_VERSION, "ALL", ""},
      {"TLS 1.0", TLS1_VERSION, TLS1_VERSION, "ALL", ""},
      {"an AEAD cipher", TLS1_2_VERSION, TLS1_2_VERSION, "ECDHE-ECDSA-AES128-GCM-SHA256",
       "TLSv1.2"},
      {"CBC", TLS1_2_VERSION, TLS1_2_VERSION, "ECDHE-ECDSA-AES128-SHA256", ""},
      {"no forward secrecy", TLS1_2_VERSION, TLS1_2_VERSION, "AES128-GCM-SHA256", ""},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.story);
    EXPECT_EQ(shake_hands(server_.port(), c.min_version, c.max_version, c.ciphers), c.version);
  }
}

TEST_F(Tls, clear_text_and_silence_are_closed) {
  RawClient clear(server_.port());
  clear.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_EQ(clear.answer().status, 0);
  EXPECT_TRUE(clear.closed_by_server());

  auto settings = options(certificate_);
  settings.handshake_deadline = std::chrono::milliseconds(100);
  Served hasty({}, settings);
  RawClient silent(hasty.port());
  EXPECT_TRUE(silent.closed_by_server());
  EXPECT_EQ(hasty->counters().timeouts, 1u);
}

TEST_F(Tls, a_refusal_arrives_over_tls) {
  auto client = client_for(server_.port(), certificate_.chain());
  ASSERT_TRUE(client);
  auto answer = client->send(Method::post, "/", {}, std::string((1 << 20) + 1, 'x'));
  ASSERT_TRUE(answer) << answer.error().detail;
  EXPECT_EQ(answer->status, 413);
}

TEST_F(Tls, the_client_checks_certificate_and_name) {
  Certificate other;
  auto stranger = client_for(server_.port(), other.chain());
  ASSERT_TRUE(stranger);
  auto answer = stranger->send(Method::get, "/");
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code, "tls");

  auto named = client_for(server_.port(), certificate_.chain(), "muster.test");
  ASSERT_TRUE(named);
  EXPECT_TRUE(named->send(Method::get, "/"));

  auto misnamed = client_for(server_.port(), certificate_.chain(), "other.test");
  ASSERT_TRUE(misnamed);
  answer = misnamed->send(Method::get, "/");
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code, "tls");
}

TEST_F(Tls, certificates_are_exchanged_without_a_restart) {
  Certificate renewed;
  ASSERT_TRUE(renewed.made());
  auto old = client_for(server_.port(), certificate_.chain());
  ASSERT_TRUE(old && old->send(Method::get, "/"));

  std::ofstream(certificate_.key()) << "not a key";
  EXPECT_FALSE(server_->reload_tls());
  auto still = client_for(server_.port(), certificate_.chain());
  ASSERT_TRUE(still && still->send(Method::get, "/"));

  const auto replace = std::filesystem::copy_options::overwrite_existing;
  std::filesystem::copy_file(renewed.chain(), certificate_.chain(), replace);
  std::filesystem::copy_file(renewed.key(), certificate_.key(), replace);
  EXPECT_TRUE(server_->reload_tls());
  auto fresh = client_for(server_.port(), renewed.chain());
  ASSERT_TRUE(fresh && fresh->send(Method::get, "/"));
  EXPECT_TRUE(old->send(Method::get, "/")) << "an open connection goes on";
}

TEST_F(Tls, a_key_of_another_certificate_is_refused) {
  Certificate other;
  auto settings = options(certificate_);
  settings.tls.private_key = other.key();
  Server server(settings, {});
  const auto started = server.start();
  ASSERT_FALSE(started);
  EXPECT_EQ(started.error().where, other.key());
}

}  // namespace
}  // namespace muster::http
