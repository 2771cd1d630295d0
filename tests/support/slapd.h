// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

#include "tests/support/process.h"
#include "tests/support/temp_dir.h"

namespace muster::support {

// A real OpenLDAP server on a free port of 127.0.0.1, in a temporary folder, for one test or a
// suite. The directory is dc=example,dc=org with ou=people, ou=groups, ou=services and the account
// of kBindDn; `ldif` comes on top.
class Slapd {
 public:
  struct Options {
    std::string ldif = {};                 // entries to load
    std::filesystem::path ldif_file = {};  // and/or a file of them
    std::string access = "access to * by * read\n";
    std::string suffix = "dc=example,dc=org";
    bool base_entries = true;  // false: the LDIF brings all entries from the suffix on
    // The account may read everything in pages; else `size_limit` counts for it.
    bool unlimited = true;
    int size_limit = 500;
    bool member_of = false;  // memberOf of what changes while it runs
    bool tls = false;        // LDAPS and StartTLS with a certificate for `tls_names`
    std::string tls_names = "IP:127.0.0.1,DNS:localhost";
  };

  static constexpr std::string_view kBindDn = "uid=sync,ou=services,dc=example,dc=org";
  static constexpr std::string_view kPassword = "sync-secret";
  static constexpr std::string_view kAdminDn = "cn=admin,dc=example,dc=org";
  static constexpr std::string_view kAdminPassword = "admin-secret";

  explicit Slapd(Options options);
  Slapd() : Slapd(Options{}) {}

  std::string uri() const { return "ldap://127.0.0.1:" + std::to_string(port_); }
  std::string ldaps_uri() const { return "ldaps://127.0.0.1:" + std::to_string(tls_port_); }
  std::filesystem::path ca_file() const { return folder_.path() / "tls" / "ca.pem"; }

  void start();  // returns when it answers
  void stop();   // in order
  void kill();   // as a crash
  bool running() const { return process_ != nullptr; }
  void pause();  // it accepts connections and hangs
  void resume();

  void set_access(std::string_view access);  // counts from the next start() on
  void modify(const std::string& ldif);  // as the administrator: changes, adds, deletes, renames

 private:
  void write_configuration();
  void load(const std::filesystem::path& ldif) const;
  bool answers() const;

  Options options_;
  TempDir folder_;
  int port_ = 0;
  int tls_port_ = 0;
  std::unique_ptr<Process> process_;
};

// A certificate authority, and a certificate of it for `names` (subjectAltName of openssl): ca.pem,
// cert.pem, key.pem in `folder`.
void make_test_certificate(const std::filesystem::path& folder,
                           const std::string& names = "IP:127.0.0.1,DNS:localhost");

}  // namespace muster::support
