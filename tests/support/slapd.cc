// SPDX-License-Identifier: Apache-2.0
#include "tests/support/slapd.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <csignal>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <thread>

namespace muster::support {
namespace {

constexpr std::string_view kBaseEntries =
    "dn: dc=example,dc=org\nobjectClass: dcObject\nobjectClass: organization\no: Example\ndc: "
    "example\n\n"
    "dn: ou=people,dc=example,dc=org\nobjectClass: organizationalUnit\nou: people\n\n"
    "dn: ou=groups,dc=example,dc=org\nobjectClass: organizationalUnit\nou: groups\n\n"
    "dn: ou=services,dc=example,dc=org\nobjectClass: organizationalUnit\nou: services\n\n"
    "dn: uid=sync,ou=services,dc=example,dc=org\nobjectClass: account\nobjectClass: "
    "simpleSecurityObject\nuid: sync\n"
    "userPassword: sync-secret\n\n";

// An anonymous bind and the answer "success" (RFC 4511, 4.2), byte by byte.
constexpr std::array<unsigned char, 14> kBind = {0x30, 0x0c, 0x02, 0x01, 0x01, 0x60, 0x07,
                                                 0x02, 0x01, 0x03, 0x04, 0x00, 0x80, 0x00};

}  // namespace

Slapd::Slapd(Options options) : options_(std::move(options)) {
  std::filesystem::create_directory(folder_.path() / "db");
  if (options_.tls) make_test_certificate(folder_.path() / "tls", options_.tls_names);
  write_configuration();
  set_access(options_.access);
  if (options_.base_entries) load(folder_.write("base.ldif", kBaseEntries));
  if (!options_.ldif_file.empty()) load(options_.ldif_file);
  if (!options_.ldif.empty()) load(folder_.write("entries.ldif", options_.ldif));
  start();
}

void Slapd::write_configuration() {
  const std::string folder = folder_.path().string();
  std::ostringstream out;
  for (const char* schema : {"core", "cosine", "inetorgperson", "nis"}) {
    out << "include /etc/ldap/schema/" << schema << ".schema\n";
  }
  out << "pidfile " << folder << "/slapd.pid\nmodulepath /usr/lib/ldap\nmoduleload back_mdb\n"
      << (options_.member_of ? "moduleload memberof\n" : "") << "sizelimit " << options_.size_limit
      << "\n";
  if (options_.tls) {
    out << "TLSCACertificateFile " << folder << "/tls/ca.pem\nTLSCertificateFile " << folder
        << "/tls/cert.pem\nTLSCertificateKeyFile " << folder << "/tls/key.pem\n";
  }
  out << "database mdb\nsuffix " << options_.suffix << "\nrootdn cn=admin," << options_.suffix
      << "\nrootpw " << kAdminPassword << "\ndirectory " << folder << "/db\nmaxsize 4294967296\n"
      << "index objectClass eq\nindex uid,mail,member,entryUUID eq\ndbnosync\n";
  if (options_.member_of) out << "overlay memberof\n";
  if (options_.unlimited) {
    out << "limits dn.exact=\"" << kBindDn
        << "\" size=unlimited time=unlimited size.prtotal=unlimited\n";
  }
  out << "include " << folder << "/access.conf\n";
  folder_.write("slapd.conf", out.str());
}

void Slapd::set_access(std::string_view access) { folder_.write("access.conf", access); }

void Slapd::load(const std::filesystem::path& ldif) const {
  run_program({"/usr/sbin/slapadd", "-q", "-f", (folder_.path() / "slapd.conf").string(), "-l",
               ldif.string()},
              folder_.path());
}

void Slapd::start() {
  // Somebody else may take a free port between the look and the start.
  for (int attempt = 0; attempt < 5; ++attempt) {
    if (port_ == 0 || attempt > 0) {
      port_ = free_port();
      tls_port_ = free_port();
    }
    const std::string listen = uri() + "/" + (options_.tls ? " " + ldaps_uri() + "/" : "");
    process_ = std::make_unique<Process>(
        std::vector<std::string>{"/usr/sbin/slapd", "-d", "0", "-f",
                                 (folder_.path() / "slapd.conf").string(), "-h", listen},
        folder_.path() / "slapd.log");
    while (process_->running()) {
      if (answers()) return;
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
  }
  throw std::runtime_error("slapd did not start: " + read_file(folder_.path() / "slapd.log"));
}

bool Slapd::answers() const {
  const int socket_fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(port_));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const timeval patience{.tv_sec = 2, .tv_usec = 0};
  setsockopt(socket_fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  std::array<unsigned char, 64> answer{};
  const bool good =
      connect(socket_fd, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0 &&
      send(socket_fd, kBind.data(), kBind.size(), MSG_NOSIGNAL) ==
          static_cast<ssize_t>(kBind.size()) &&
      recv(socket_fd, answer.data(), answer.size(), 0) > 0 && answer[0] == 0x30;
  close(socket_fd);
  return good;
}

void Slapd::stop() {
  process_->end(SIGTERM);
  process_.reset();
}

void Slapd::kill() {
  process_->end(SIGKILL);
  process_.reset();
}

void Slapd::pause() { process_->signal(SIGSTOP); }

void Slapd::resume() { process_->signal(SIGCONT); }

void Slapd::modify(const std::string& ldif) {
  const auto file = folder_.write("change.ldif", ldif);
  run_program({"/usr/bin/ldapmodify", "-x", "-H", uri(), "-D", "cn=admin," + options_.suffix, "-w",
               std::string(kAdminPassword), "-f", file.string()},
              folder_.path());
}

void make_test_certificate(const std::filesystem::path& folder, const std::string& names) {
  std::filesystem::create_directories(folder);
  const auto file = [&](const char* name) { return (folder / name).string(); };
  run_program({"openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256",
               "-nodes", "-days", "2", "-subj", "/CN=Muster test authority", "-keyout",
               file("ca.key"), "-out", file("ca.pem")},
              folder);
  run_program({"openssl", "req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
               "-subj", "/CN=localhost", "-keyout", file("key.pem"), "-out", file("request.pem")},
              folder);
  std::ofstream(file("names.cnf")) << "subjectAltName=" << names << "\n";
  run_program({"openssl", "x509", "-req", "-in", file("request.pem"), "-CA", file("ca.pem"),
               "-CAkey", file("ca.key"), "-CAcreateserial", "-days", "2", "-extfile",
               file("names.cnf"), "-out", file("cert.pem")},
              folder);
}

}  // namespace muster::support
