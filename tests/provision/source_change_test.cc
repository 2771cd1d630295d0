// SPDX-License-Identifier: Apache-2.0
#include "provision/runs/source_change.h"

#include <gtest/gtest.h>

namespace muster::provision {
namespace {

TEST(SourceChange, OnlyWhatMakesStrangersOfPeopleIsAChange) {
  struct Story {
    const char* before;
    std::int64_t people;
    const char* now;
    std::optional<SourceChange::What> what;
  };
  const Story stories[] = {
      {"csv id", 3, "csv id", std::nullopt},
      {"csv id", 3, "csv number", SourceChange::What::key},
      {"csv id", 0, "csv number", std::nullopt},  // nobody who could be taken for somebody else
      {"", 3, "csv number", std::nullopt},        // it was never said
      {"csv id", 3, "ldap id", SourceChange::What::kind},
      {"csv id", 3, "scim", SourceChange::What::kind},
      {"left csv id", 3, "csv id", std::nullopt},  // it comes back
      {"left csv id", 3, "csv number", SourceChange::What::key},
  };
  for (const auto& story : stories) {
    const auto change = key_change({"hr", story.before, story.people}, story.now);
    EXPECT_EQ(change.has_value(), story.what.has_value()) << story.before << " " << story.now;
    if (change && story.what) {
      EXPECT_EQ(change->what, *story.what) << change->message;
    }
  }
}

TEST(SourceChange, RecordsAreKnownByKindAndKey) {
  const auto known_by = [](const char* kind, const char* key, const char* configured) {
    return keyed_by({.name = "one", .kind = kind, .key = key}, configured);
  };
  EXPECT_EQ(known_by("scim", "externalId", ""), "scim") << "by the ids that we gave";
  EXPECT_EQ(known_by("csv", "Number", ""), "csv Number");
  EXPECT_EQ(known_by("ldap", "entryUUID", ""), "ldap entryuuid");
  EXPECT_EQ(known_by("ldap", "entryUUID", "employeeNumber"), "ldap employeenumber");
}

}  // namespace
}  // namespace muster::provision
