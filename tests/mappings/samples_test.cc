// SPDX-License-Identifier: Apache-2.0
#include <filesystem>
#include <set>

#include "tests/mappings/fixtures.h"

namespace muster::mappings {
namespace {

const std::filesystem::path root = MUSTER_SOURCE_DIR;

TEST(Samples, LoadWithoutErrorsAndTheirTestsPass) {
  for (const char* name : {"etc/examples/acme-mapping.yaml", "etc/generic-mapping.yaml"}) {
    SCOPED_TRACE(name);
    auto loaded = Engine::load_file(root / name);
    // Tests that show the way need not exercise every line.
    std::erase_if(loaded.diagnostics, [](const auto& d) { return d.code == "W-COVER"; });
    EXPECT_EQ(printed(loaded.diagnostics), "");
    EXPECT_NE(loaded.engine, nullptr);
    EXPECT_GT(loaded.tests.run, 0u);
    EXPECT_EQ(loaded.tests.failed, 0u);
  }
}

TEST(Samples, PresetsLoadWithoutAWordAndTheirTestsPass) {
  std::set<std::string> names;
  for (const auto& file : std::filesystem::directory_iterator(root / "etc/presets")) {
    SCOPED_TRACE(file.path().string());
    names.insert(file.path().stem().string());
    auto loaded = Engine::load_file(file.path());
    EXPECT_EQ(printed(loaded.diagnostics), "");
    ASSERT_NE(loaded.engine, nullptr);
    EXPECT_EQ(loaded.engine->sources().size(), 1U);
  }
  EXPECT_EQ(names, (std::set<std::string>{"389ds", "active-directory", "entra", "entra-bulk-csv",
                                          "meeds-csv", "okta", "openldap", "scim"}));
}

TEST(Samples, AcmeSaysWhatItNeedsOfItsSources) {
  auto loaded = Engine::load_file(root / "etc/examples/acme-mapping.yaml");
  ASSERT_NE(loaded.engine, nullptr) << printed(loaded.diagnostics);
  const auto* directory = loaded.engine->source("directory");
  ASSERT_NE(directory, nullptr);
  EXPECT_EQ(directory->kind, "ldap");
  EXPECT_EQ(directory->tag, "ldap");
  EXPECT_EQ(directory->key, "entryUUID");
  EXPECT_EQ(
      directory->reads,
      (std::vector<std::string>{"c", "departmentNumber", "employeeNumber", "entryUUID", "givenName",
                                "mail", "manager", "memberOf", "mobile", "preferredLanguage", "sn",
                                "telephoneNumber", "uid", "userAccountControl"}));
  EXPECT_TRUE(loaded.engine->reads_records());
  EXPECT_TRUE(loaded.engine->reads_groups());
  EXPECT_EQ(loaded.engine->absence().grace, std::chrono::days(7));
  EXPECT_DOUBLE_EQ(loaded.engine->guard().share, 0.05);
  EXPECT_EQ(loaded.engine->guard().count, 5);
  EXPECT_EQ(loaded.engine->match_attributes(),
            (std::vector<std::string>{"employeeId", "userName", "email"}));
}

TEST(Samples, GenericTakesAScimClientAsItIs) {
  auto loaded = Engine::load_file(root / "etc/generic-mapping.yaml");
  ASSERT_NE(loaded.engine, nullptr) << printed(loaded.diagnostics);
  const Engine& engine = *loaded.engine;
  KnownPeople held;
  auto told = told_of(engine, "scim", "1",
                      R"({"userName": "Li Wu!", "name": {"givenName": "Li", "familyName": "Wu"}})");
  auto settled = engine.settle({&told, 1}, nullptr, held, at(noon));
  ASSERT_TRUE(settled.has_value());
  EXPECT_FALSE(settled->quarantined) << settled->reason;
  EXPECT_EQ(settled->identity.user_name, "li.wu");
}

}  // namespace
}  // namespace muster::mappings
