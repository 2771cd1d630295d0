// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "mappings/engine.h"
#include "operations/installation.h"
#include "store/store.h"
#include "tests/support/temp_dir.h"

namespace muster::operations {

// A file of the staff department and one of badges, whose people are only suggested; who has no
// mail address is quarantined, who is missing leaves at once.
inline constexpr std::string_view office_rules = R"yaml(version: mapping/v1
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
  hr:
    kind: csv
    records: { text: [id, mail, first, last] }
    key: id
    map:
      email:     'mail | email'
      firstName: 'first'
      lastName:  'last'
  badges:
    kind: csv
    records: { text: [no, mail, first, last] }
    key: no
    map:
      email:     'mail | email'
      firstName: 'first'
      lastName:  'last'
correlate:
  tiers:
    - { id: mail, match: [email], one: link, only: [hr, idp] }
    - { id: mail-of-badge, match: [email], one: suggest, only: [badges] }
username:
  patterns: ['{firstName}.{lastName}', '{email | before("@")}']
classify:
  otherwise: { id: everybody, class: internal }
lifecycle:
  absent: { grace: 0d, then: disable }
  guard: { max_deactivate: 5%, min_count: 1 }
validate:
  - { id: need-mail, severity: error, check: 'present(email)' }
)yaml";

// The rules with one piece of text in place of another.
inline std::string rules_with(std::string_view what, std::string_view instead) {
  std::string rules(office_rules);
  const auto at = rules.find(what);
  EXPECT_NE(at, std::string::npos) << what;
  return rules.replace(at, what.size(), instead);
}

// An installation with an empty store in memory, and no command line anywhere.
class Office : public ::testing::Test {
 protected:
  void SetUp() override {
    store::StoreOptions options;
    options.sources = {"idp", "hr", "badges"};
    store_ = *store::Store::open(options);
    provisioner_ = provisioner_of(std::string(office_rules));
    here_.emplace(place_of(*provisioner_));
    mapping_ = folder_.write("mapping.yaml", office_rules);
  }

  std::unique_ptr<provision::Provisioner> provisioner_of(const std::string& rules) {
    auto loaded = mappings::Engine::load_text(rules, "mapping.yaml");
    EXPECT_TRUE(loaded.engine) << (loaded.diagnostics.empty() ? std::string()
                                                              : describe(loaded.diagnostics[0]));
    return std::make_unique<provision::Provisioner>(*store_, loaded.engine);
  }

  Installation place_of(provision::Provisioner& provisioner) {
    SourceSettings idp, hr, badges;
    idp.name = "idp";
    hr.name = "hr";
    hr.kind = badges.kind = SourceKind::csv;
    badges.name = "badges";
    badges.snapshot = false;
    return {.provisioner = provisioner,
            .sources = {idp, hr, badges},
            .state_directory = folder_.path()};
  }

  // hr.csv with so many people, each with an address.
  std::string staff(int people) {
    std::string text = "id,mail,first,last\n";
    for (int i = 1; i <= people; ++i) {
      const auto n = std::to_string(i);
      text += n + ",p" + n + "@acme.example,P" + n + ",Q" + n + "\n";
    }
    return folder_.write("hr.csv", text);
  }

  // The user names of those who are active.
  std::vector<std::string> active() {
    std::vector<std::string> names;
    auto page = (*store_->reader())->people().list({.count = 1000});
    EXPECT_TRUE(page);
    for (const auto& one : page->rows)
      if (one.state == IdentityState::active) names.push_back(one.user_name);
    return names;
  }

  support::TempDir folder_;
  std::unique_ptr<store::Store> store_;
  std::unique_ptr<provision::Provisioner> provisioner_;
  std::optional<Installation> here_;
  std::filesystem::path mapping_;
};

}  // namespace muster::operations
