// SPDX-License-Identifier: Apache-2.0
// A pull of all people beside a bare libldap read of the same attributes (paged, values walked and
// dropped), taken in turns.
//   ldap_bench URI BASE BIND_DN PASSWORD [ROUNDS]
#include <ldap.h>
#include <sys/resource.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include "connectors/ldap/ldap_source.h"

namespace {

using muster::connectors::ldap::LdapOptions;
using muster::connectors::ldap::LdapSource;

const std::vector<std::string> kAttributes = {"uid",          "cn",          "sn",
                                              "givenName",    "displayName", "mail",
                                              "employeeType", "title",       "telephoneNumber",
                                              "mobile",       "manager",     "departmentNumber"};
constexpr const char* kFilter = "(objectClass=inetOrgPerson)";
constexpr int kPage = 1000;

struct Cost {
  double wall = 0;
  double cpu = 0;
  unsigned long entries = 0;
};

double cpu_seconds() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) * 1e-6;
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

template <class Read>
Cost measure(Read read) {
  const auto wall = std::chrono::steady_clock::now();
  const double cpu = cpu_seconds();
  Cost cost;
  cost.entries = read();
  cost.cpu = cpu_seconds() - cpu;
  cost.wall = std::chrono::duration<double>(std::chrono::steady_clock::now() - wall).count();
  return cost;
}

[[noreturn]] void give_up(const std::string& why) {
  std::fprintf(stderr, "%s\n", why.c_str());
  std::exit(1);
}

void check(int code) {
  if (code != LDAP_SUCCESS) give_up(ldap_err2string(code));
}

unsigned long walk(LDAP* handle, LDAPMessage* entry) {
  BerElement* cursor = nullptr;
  berval dn{};
  check(ldap_get_dn_ber(handle, entry, &cursor, &dn));
  unsigned long bytes = dn.bv_len;
  for (;;) {
    berval name{};
    BerVarray values = nullptr;
    if (ldap_get_attribute_ber(handle, entry, cursor, &name, &values) != LDAP_SUCCESS ||
        name.bv_val == nullptr)
      break;
    for (const berval* value = values; value != nullptr && value->bv_val != nullptr; ++value)
      bytes += value->bv_len;
    ber_memfree(values);
  }
  ber_free(cursor, 0);
  return bytes;
}

// One page; true when more follow.
bool read_page(LDAP* handle, const char* base, char** attributes, berval& cookie,
               unsigned long& entries) {
  LDAPControl* paging = nullptr;
  check(ldap_create_page_control(handle, kPage, cookie.bv_val != nullptr ? &cookie : nullptr, 1,
                                 &paging));
  LDAPControl* controls[] = {paging, nullptr};
  int id = 0;
  check(ldap_search_ext(handle, base, LDAP_SCOPE_SUBTREE, kFilter, attributes, 0, controls, nullptr,
                        nullptr, 0, &id));
  ldap_control_free(paging);
  for (;;) {
    LDAPMessage* message = nullptr;
    const int type = ldap_result(handle, id, LDAP_MSG_ONE, nullptr, &message);
    if (type <= 0) give_up("the bare read broke off");
    if (type == LDAP_RES_SEARCH_ENTRY) {
      entries += walk(handle, message) > 0 ? 1 : 0;
      ldap_msgfree(message);
      continue;
    }
    int code = 0;
    LDAPControl** answers = nullptr;
    check(ldap_parse_result(handle, message, &code, nullptr, nullptr, nullptr, &answers, 1));
    check(code);
    ber_int_t estimate = 0;
    ber_memfree(cookie.bv_val);
    check(ldap_parse_pageresponse_control(
        handle, ldap_control_find(LDAP_CONTROL_PAGEDRESULTS, answers, nullptr), &estimate,
        &cookie));
    ldap_controls_free(answers);
    return cookie.bv_len > 0;
  }
}

unsigned long bare_read(const LdapOptions& options) {
  LDAP* handle = nullptr;
  check(ldap_initialize(&handle, options.uris.front().c_str()));
  const int version = LDAP_VERSION3;
  ldap_set_option(handle, LDAP_OPT_PROTOCOL_VERSION, &version);
  std::string password = options.password.reveal();
  berval credentials{.bv_len = password.size(), .bv_val = password.data()};
  check(ldap_sasl_bind_s(handle, options.bind_dn.c_str(), LDAP_SASL_SIMPLE, &credentials, nullptr,
                         nullptr, nullptr));
  std::vector<std::string> names = kAttributes;
  names.insert(names.begin(), "entryUUID");
  std::vector<char*> attributes;
  for (std::string& name : names) attributes.push_back(name.data());
  attributes.push_back(nullptr);
  unsigned long entries = 0;
  berval cookie{};
  while (
      read_page(handle, options.users.bases.front().c_str(), attributes.data(), cookie, entries)) {
  }
  ber_memfree(cookie.bv_val);
  ldap_unbind_ext_s(handle, nullptr, nullptr);
  return entries;
}

unsigned long pull(const LdapOptions& options) {
  LdapSource source(options);
  const auto result = source.pull([](muster::Batch&&) { return muster::Status{}; }, {});
  if (!result) give_up(muster::describe(result.error()));
  if (!result->complete) give_up(result->why_incomplete);
  return static_cast<unsigned long>(result->records);
}

double median(std::vector<double> values) {
  std::ranges::sort(values);
  return values[values.size() / 2];
}

struct Series {
  std::vector<double> wall = {};
  std::vector<double> cpu = {};
  unsigned long entries = 0;

  void add(const Cost& cost) {
    wall.push_back(cost.wall);
    cpu.push_back(cost.cpu);
    entries = cost.entries;
  }
  void print(const char* name) const {
    std::printf("%-10s entries=%lu wall_best=%.3f wall_median=%.3f cpu_median=%.3f s\n", name,
                entries, *std::ranges::min_element(wall), median(wall), median(cpu));
  }
};

}  // namespace

int main(int argc, char** argv) {
  if (argc < 5) give_up("usage: ldap_bench URI BASE BIND_DN PASSWORD [ROUNDS]");
  LdapOptions options;
  options.source = "bench";
  options.uris = {argv[1]};
  options.users = {.bases = {argv[2]}, .filter = kFilter, .attributes = kAttributes};
  options.bind_dn = argv[3];
  options.password = muster::Secret(argv[4]);
  options.page_size = kPage;
  options.own_entry_is_canary = false;
  const int rounds = argc > 5 ? std::max(1, std::atoi(argv[5])) : 5;

  Series floor;
  Series ours;
  rusage usage{};
  for (int i = 0; i < rounds; ++i) {
    ours.add(measure([&] { return pull(options); }));
    if (i == 0) getrusage(RUSAGE_SELF, &usage);
    floor.add(measure([&] { return bare_read(options); }));
  }
  floor.print("libldap");
  ours.print("pull");
  std::printf("ratio wall_best=%.2f wall_median=%.2f cpu_median=%.2f max_rss_mb=%.1f\n",
              *std::ranges::min_element(ours.wall) / *std::ranges::min_element(floor.wall),
              median(ours.wall) / median(floor.wall), median(ours.cpu) / median(floor.cpu),
              static_cast<double>(usage.ru_maxrss) / 1024);
  return 0;
}
