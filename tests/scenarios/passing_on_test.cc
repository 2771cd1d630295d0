// SPDX-License-Identifier: Apache-2.0
// Names, memberships and addresses that pass from one person to another in a real directory, as
// `muster sources sync` sees it.
#include <gtest/gtest.h>

#include "tests/scenarios/installation.h"
#include "tests/support/every_engine.h"
#include "tests/support/slapd.h"

namespace muster::scenarios {
namespace {

using support::Slapd;

constexpr std::string_view people = "ou=people,dc=example,dc=org";

std::string person(const std::string& name, const std::string& uid, const std::string& mail) {
  return "dn: cn=" + name + "," + std::string(people) +
         "\nobjectClass: inetOrgPerson\nuid: " + uid + "\ncn: " + name +
         "\nsn: Adler\ngivenName: " + name + "\nmail: " + mail + "@corp.example\n";
}

std::string added(const std::string& entry) {
  const auto end = entry.find('\n') + 1;
  return entry.substr(0, end) + "changetype: add\n" + entry.substr(end) + "\n";
}

class PassingOn : public ::testing::Test {
 protected:
  void start(const std::string& ldif) {
    Slapd::Options options;
    options.ldif =
        "dn: ou=teams,dc=example,dc=org\nobjectClass: organizationalUnit\nou: teams\n\n" + ldif;
    slapd_ = std::make_unique<Slapd>(options);
    std::string mapping(small_mapping);
    mapping +=
        "groups:\n  managed: [\"/g/\"]\n  rules:\n"
        "    - { id: team, for: 'from.directory.groups.display', to: '\"/g/{item | slug}\"' }\n";
    installation_.write("mapping.yaml", mapping);
    installation_.configure(slapd_->uri(),
                            "    groups:\n      bases: [\"ou=teams,dc=example,dc=org\"]\n");
  }

  Ended sync() const { return installation_.muster({"sources", "sync", "directory"}); }

  // "ann: /g/staff /g/all, mail" of everybody who is active.
  std::map<std::string, std::string> seen() const {
    std::map<std::string, std::string> found;
    const auto list = installation_.json({"users", "list"});
    for (const auto& one : list.as_list()) {
      if (one.find("state")->as_text() != "active") continue;
      std::string text = one.find("email")->as_text();
      for (const auto& group : one.find("groups")->as_list())
        text += " " + group.find("path")->as_text();
      found[one.find("userName")->as_text()] = text;
    }
    return found;
  }

  std::unique_ptr<Slapd> slapd_;
  Installation installation_;
};
MUSTER_ON_EVERY_ENGINE(PassingOn);

using Seen = std::map<std::string, std::string>;

TEST_F(PassingOn, AMemberUidIsThatOfItsHolderNow) {
  start(person("ann", "u0005", "ann") + "\n" + person("bob", "u0006", "bob") +
        "\ndn: cn=staff,ou=teams,dc=example,dc=org\nobjectClass: posixGroup\ncn: staff\n"
        "gidNumber: 7\nmemberUid: u0005\n");
  ASSERT_EQ(sync().code, 0);
  EXPECT_EQ(seen(),
            (Seen{{"ann.adler", "ann@corp.example /g/staff"}, {"bob.adler", "bob@corp.example"}}));
  // Renamed, and the name given to somebody new.
  slapd_->modify("dn: cn=ann," + std::string(people) +
                 "\nchangetype: modify\nreplace: uid\nuid: other\n-\n\n" +
                 added(person("cid", "u0005", "cid")));
  ASSERT_EQ(sync().code, 0);
  const Seen wanted{{"ann.adler", "ann@corp.example"},
                    {"bob.adler", "bob@corp.example"},
                    {"cid.adler", "cid@corp.example /g/staff"}};
  EXPECT_EQ(seen(), wanted);
  ASSERT_EQ(sync().code, 0);
  EXPECT_EQ(seen(), wanted);
  // The holder leaves, another one takes the name.
  slapd_->modify("dn: cn=cid," + std::string(people) + "\nchangetype: delete\n\ndn: cn=bob," +
                 std::string(people) + "\nchangetype: modify\nreplace: uid\nuid: u0005\n-\n");
  ASSERT_EQ(sync().code, 0);
  const auto left = seen();
  EXPECT_EQ(left,
            (Seen{{"ann.adler", "ann@corp.example"}, {"bob.adler", "bob@corp.example /g/staff"}}));
  installation_.forget();
  installation_.configure(slapd_->uri(),
                          "    groups:\n      bases: [\"ou=teams,dc=example,dc=org\"]\n");
  ASSERT_EQ(sync().code, 0);
  EXPECT_EQ(seen(), left) << "as a fresh import has it";
}

TEST_F(PassingOn, AddressesAreSwappedAndTakenOverInOneRun) {
  start(person("ann", "a", "ann") + "\n" + person("bob", "b", "info") + "\n" +
        person("cid", "c", "cid") + "\n" + person("dan", "d", "dan"));
  ASSERT_EQ(sync().code, 0);
  const auto mail = [](const std::string& name, const std::string& address) {
    return "dn: cn=" + name + "," + std::string(people) +
           "\nchangetype: modify\nreplace: mail\nmail: " + address + "@corp.example\n-\n\n";
  };
  slapd_->modify(mail("ann", "cid") + mail("cid", "dan") + mail("dan", "ann") + "dn: cn=bob," +
                 std::string(people) + "\nchangetype: delete\n\n" +
                 added(person("eve", "e", "info")));
  const auto ended = sync();
  EXPECT_EQ(ended.code, 0) << ended.said;
  EXPECT_EQ(seen(), (Seen{{"ann.adler", "cid@corp.example"},
                          {"cid.adler", "dan@corp.example"},
                          {"dan.adler", "ann@corp.example"},
                          {"eve.adler", "info@corp.example"}}));
  const auto bob = installation_.muster({"users", "explain", "bob.adler"});
  EXPECT_TRUE(bob.has("inactive")) << bob.said;
}

// What nobody can be a member of is said by name.
TEST_F(PassingOn, AGroupWithoutAsciiFormIsNamed) {
  start(person("ann", "a", "ann") +
        "\ndn:: Y2496ZaL55m66YOoLG91PXRlYW1zLGRjPWV4YW1wbGUsZGM9b3Jn\n"
        "objectClass: groupOfNames\ncn:: 6ZaL55m66YOo\nmember: cn=ann," +
        std::string(people) + "\n");
  ASSERT_EQ(sync().code, 0);
  const auto shown = installation_.muster({"-o", "json", "users", "show", "ann.adler"});
  EXPECT_TRUE(shown.has("W-GROUP")) << shown.said;
  EXPECT_TRUE(shown.has("directory '\u958b\u767a\u90e8'")) << shown.said;
}

}  // namespace
}  // namespace muster::scenarios
