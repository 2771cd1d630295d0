// SPDX-License-Identifier: Apache-2.0
#include "tests/connectors/ldap/pulled.h"

#include <gtest/gtest.h>

#include "tests/support/records.h"

namespace muster::connectors::ldap {

const SourceRecord& Pulled::record(std::string_view dn) const {
  static const SourceRecord none;
  for (const SourceRecord& record : records) {
    if (std::string_view(record.where).starts_with(dn)) return record;
  }
  ADD_FAILURE() << "no record of " << dn;
  return none;
}

std::string Pulled::text(std::string_view dn, std::string_view attribute) const {
  const Value attributes = support::attributes_of(record(dn));
  const Value* value = attributes.find(attribute);
  return value != nullptr && value->is_text() ? value->as_text() : "";
}

std::string codes_of(const Pulled& pulled) {
  std::string codes;
  for (const ItemProblem& problem : pulled.problems) {
    if (!codes.empty()) codes += ' ';
    codes += problem.code;
  }
  return codes;
}

std::string Pulled::sentence() const {
  if (!result) return describe(result.error());
  return result->complete ? "complete" : result->why_incomplete;
}

Pulled pull(const LdapOptions& options, const std::function<void()>& on_batch,
            std::stop_token stop) {
  Pulled pulled;
  LdapSource source(options);
  pulled.result = source.pull(
      [&](Batch&& batch) -> Status {
        ++pulled.batches;
        std::ranges::move(batch.records, std::back_inserter(pulled.records));
        std::ranges::move(batch.problems, std::back_inserter(pulled.problems));
        if (on_batch) on_batch();
        return {};
      },
      std::move(stop));
  return pulled;
}

LdapOptions people_at(const std::string& uri) {
  LdapOptions options;
  options.source = "corp";
  options.uris = {uri};
  options.bind_dn = support::Slapd::kBindDn;
  options.password = Secret(std::string(support::Slapd::kPassword));
  options.users = {.bases = {"ou=people,dc=example,dc=org"}, .attributes = {"uid", "cn", "mail"}};
  options.timeouts.connect = std::chrono::milliseconds(1000);
  options.timeouts.operation = std::chrono::milliseconds(2000);
  return options;
}

std::string people_ldif(int count) {
  std::string ldif;
  for (int i = 0; i < count; ++i) {
    const std::string uid = "u" + std::to_string(i);
    ldif += "dn: uid=" + uid +
            ",ou=people,dc=example,dc=org\nobjectClass: inetOrgPerson\nuid: " + uid +
            "\ncn: Person " + std::to_string(i) + "\nsn: Person\nmail: " + uid + "@example.org\n\n";
  }
  return ldif;
}

}  // namespace muster::connectors::ldap
