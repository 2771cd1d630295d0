// SPDX-License-Identifier: Apache-2.0
#include "gateway/config.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <cstdlib>
#include <fstream>

#include "tests/support/temp_dir.h"

namespace muster::gateway {
namespace {

class Configuration : public ::testing::Test {
 protected:
  std::string write(const std::string& name, const std::string& text, mode_t mode = 0600) {
    const auto path = folder_.path() / name;
    std::ofstream(path) << text;
    ::chmod(path.c_str(), mode);
    return path.string();
  }

  LoadedConfig load(const std::string& text) { return load_config(write("muster.yaml", text)); }

  // All findings, one a line, without the folder.
  std::string findings(const std::string& text) {
    std::string lines;
    for (const auto& one : load(text).diagnostics)
      lines += describe(one).substr(folder_.path().string().size() + 1) + "\n";
    return lines;
  }

  support::TempDir folder_;
};

constexpr const char* good = R"(version: muster/v1
state_directory: state
sources:
  entra: { kind: scim }
)";

TEST_F(Configuration, DefaultsAndPathsAreComplete) {
  const auto loaded = load(good);
  ASSERT_TRUE(loaded.config) << findings(good);
  const auto& config = *loaded.config;
  EXPECT_EQ(config.state_directory, folder_.path() / "state");
  EXPECT_EQ(config.store_url, "sqlite:" + (folder_.path() / "state/muster.db").string());
  EXPECT_EQ(config.scim.port, 8080);
  EXPECT_EQ(config.management.port, 9180);
  EXPECT_EQ(config.scim.address, "127.0.0.1");
  ASSERT_NE(config.source("entra"), nullptr);
  EXPECT_EQ(config.source("nobody"), nullptr);
}

TEST_F(Configuration, EveryProblemIsToldWithItsPlace) {
  const auto told = findings(R"(version: muster/v2
store: { url: "mysql://x" }
listners: { scim: { port: 8080 } }
listeners:
  scim: { port: 80800 }
log: { level: chatty }
sources:
  Bad Name: { kind: scim }
  hr: { kind: cvs }
  dir:
    kind: ldap
    uris: ldap://127.0.0.1
    password: hunter2
    schedule: { every: 15m, cron: "* * * * *" }
)");
  for (const auto* expected :
       {"muster.yaml:1:10 E-VERSION", "muster.yaml:2:15 E-VALUE", "muster.yaml:3:1 E-KEY",
        "did you mean 'listeners'?", "muster.yaml:5:17 E-RANGE", "muster.yaml:6:15 E-VALUE",
        "muster.yaml:8:3 E-VALUE", "muster.yaml:9:15 E-VALUE", "did you mean 'csv'?",
        "muster.yaml:13:15 E-SECRET", "needs either 'every' or 'cron'",
        "'sources.dir.users' is missing"}) {
    EXPECT_NE(told.find(expected), std::string::npos) << expected << "\n" << told;
  }
  EXPECT_EQ(told.find("hunter2"), std::string::npos) << "a secret is never repeated";
}

TEST_F(Configuration, ALeaseLastsFromASecondToTenMinutes) {
  const auto with = [](const std::string& lease) {
    return "version: muster/v1\nstore: { lease: " + lease + " }\nsources: { a: { kind: scim } }\n";
  };
  EXPECT_EQ(load(with("~")).config->store_lease, std::chrono::seconds(30));
  EXPECT_EQ(load(with("1s")).config->store_lease, std::chrono::seconds(1));
  EXPECT_EQ(load(with("10m")).config->store_lease, std::chrono::minutes(10));
  for (const auto* wrong : {"0s", "11m", "1d"})
    EXPECT_NE(findings(with(wrong)).find("muster.yaml:2:17 E-RANGE 'store.lease'"),
              std::string::npos)
        << findings(with(wrong));
}

TEST_F(Configuration, DuplicateKeysAreRefused) {
  const auto told = findings(
      "version: muster/v1\nsources: { a: { kind: scim } }\nsources: { b: { kind: scim } }\n");
  EXPECT_NE(told.find("muster.yaml:3:1 E-DUP"), std::string::npos) << told;
}

TEST_F(Configuration, SecretsComeFromFilesOrTheEnvironment) {
  const auto with = [](const std::string& line) {
    return "version: muster/v1\nsources:\n  dir:\n    kind: ldap\n    uris: [ldap://127.0.0.1]\n   "
           " bind_dn: cn=x\n    " +
           line + "\n    users: { bases: ou=people }\n";
  };
  write("secret", "s3cret\n");
  auto loaded = load(with("password_file: secret"));
  ASSERT_TRUE(loaded.config);
  EXPECT_EQ(loaded.config->sources[0].ldap.password.reveal(), "s3cret");

  ::setenv("MUSTER_TEST_PASSWORD", "from-env", 1);
  loaded = load(with("password: ${env:MUSTER_TEST_PASSWORD}"));
  ASSERT_TRUE(loaded.config);
  EXPECT_EQ(loaded.config->sources[0].ldap.password.reveal(), "from-env");

  EXPECT_NE(findings(with("password: ${env:MUSTER_TEST_UNSET}")).find("no MUSTER_TEST_UNSET"),
            std::string::npos);
  EXPECT_NE(findings(with("password_file: missing")).find("cannot read"), std::string::npos);
  write("open", "s3cret", 0644);
  EXPECT_NE(findings(with("password_file: open")).find("chmod 600"), std::string::npos);
}

TEST_F(Configuration, SchedulesAreIntervalsOrCron) {
  const auto with = [](const std::string& schedule) {
    return "version: muster/v1\nsources:\n  hr: { kind: csv, file: hr.csv, mode: snapshot, "
           "schedule: " +
           schedule + " }\n";
  };
  auto loaded = load(with("{ every: 15m, jitter: 30s }"));
  ASSERT_TRUE(loaded.config) << findings(with("{ every: 15m, jitter: 30s }"));
  EXPECT_EQ(loaded.config->sources[0].schedule->every, std::chrono::minutes(15));
  EXPECT_EQ(loaded.config->sources[0].schedule->jitter, std::chrono::seconds(30));
  EXPECT_TRUE(loaded.config->sources[0].snapshot);
  EXPECT_EQ(loaded.config->sources[0].file, (folder_.path() / "hr.csv").string());
  EXPECT_TRUE(load(with("{ cron: '0 3 * * *' }")).config->sources[0].schedule->cron);
  EXPECT_NE(findings(with("{ cron: '0 3 * *' }")).find("E-CRON"), std::string::npos);
}

TEST_F(Configuration, AFileThatIsNotThere) {
  const auto loaded = load_config(folder_.path() / "none.yaml");
  EXPECT_FALSE(loaded.config);
  ASSERT_EQ(loaded.diagnostics.size(), 1u);
  EXPECT_EQ(loaded.diagnostics[0].code, "E-FILE");
}

}  // namespace
}  // namespace muster::gateway
