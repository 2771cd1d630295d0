// SPDX-License-Identifier: Apache-2.0
// What runs leave behind, whatever came before and in whatever order, is what a fresh import of the
// same state gives: who is in which group, who has which address, who waits.
#include <algorithm>
#include <random>
#include <set>

#include "provision/reviews/reviews.h"
#include "provision/runs/lifecycle.h"
#include "provision/runs/reevaluate.h"
#include "tests/provision/world.h"
#include "tests/support/every_engine.h"

namespace muster::provision {
namespace {

constexpr std::string_view directory_rules = R"yaml(
version: mapping/v1
schema:
  profile: generic
  attributes: { number: text }
sources:
  dir:
    kind: ldap
    tag: dir
    records: { text: [id, stable, mail, sn] }
    key: stable
    map: { number: 'id', lastName: 'sn', email: 'mail | email' }
correlate: { none: create }
username: { patterns: ['{lastName}'], collision: { counter: 2, max: 99 } }
classify: { otherwise: { id: rest, class: internal } }
groups:
  managed: ["/g/"]
  rules:
    - { id: own, for: 'from.dir.groups.display', to: '"/g/own-{item | slug}"' }
    - { id: all, for: 'from.dir.groups.display', to: '"/g/all-{item | slug}"', flatten: true }
lifecycle: { guard: { max_deactivate: 100%, min_count: 1000 } }
)yaml";

struct Person {
  std::string id = {};  // the record's key
  std::string stable = {};
  std::string mail = {};
  std::string uid = {};
  std::string dn = {};
};

struct Group {
  std::string id = {};
  std::string dn = {};
  std::vector<std::string> members = {};  // names of people and groups
};

struct Directory {
  std::vector<Person> people = {};
  std::vector<Group> groups = {};
};

class FreshImport : public World {
 protected:
  void SetUp() override { start(); }

  void start() {
    provisioner_.reset();
    store_.reset();
    use(std::string(directory_rules));
    store::StoreOptions options;
    options.url = support::store_url("sqlite::memory:");
    options.sources = {"dir"};
    auto opened = store::Store::open(options);
    ASSERT_TRUE(opened) << describe(opened.error());
    store_ = std::move(*opened);
    provisioner_ = std::make_unique<Provisioner>(*store_, engine_);
  }

  static SourceRecord record_of(const Person& person) {
    auto one = record("dir", person.id,
                      R"({"id":")" + person.id + R"(","stable":")" +
                          (person.stable.empty() ? person.id : person.stable) + R"(","mail":")" +
                          person.mail + R"(","sn":"n)" + person.id + "\"}");
    if (!person.dn.empty()) one.aliases.push_back(person.dn);
    if (!person.uid.empty()) one.aliases.push_back("uid:" + person.uid);
    return one;
  }

  static SourceRecord record_of(const Group& group) {
    auto one = record("dir", group.id, R"({"cn":")" + group.id + R"("})");
    one.key.type = ResourceType::group;
    one.search.display = group.id;
    one.aliases.push_back(group.dn);
    one.members.emplace();
    for (const auto& name : group.members) one.members->push_back({.key = name});
    return one;
  }

  static std::vector<SourceRecord> records_of(const Directory& directory) {
    std::vector<SourceRecord> records;
    for (const auto& person : directory.people) records.push_back(record_of(person));
    for (const auto& group : directory.groups) records.push_back(record_of(group));
    return records;
  }

  // One complete run, in any order of the entries.
  RunReport sync(const Directory& directory, std::mt19937& random) {
    auto records = records_of(directory);
    std::shuffle(records.begin(), records.end(), random);
    ListSource source(std::move(records));
    auto report =
        run_source(*provisioner_, source, {.source = "dir", .snapshot = true, .actor = "test"},
                   system_clock(), {});
    EXPECT_TRUE(report) << describe(report.error());
    return report ? *report : RunReport{};
  }

  // The same change told record by record, in any order, some of it twice.
  void tell(const Directory& before, const Directory& after, std::mt19937& random) {
    std::vector<Submission> words;
    const auto now = records_of(after);
    for (const auto& one : now) {
      words.emplace_back().record = one;
      if (random() % 4 == 0) words.emplace_back().record = one;
    }
    for (const auto& one : records_of(before)) {
      if (std::any_of(now.begin(), now.end(), [&](const auto& n) { return n.key == one.key; }))
        continue;
      auto& word = words.emplace_back();
      word.kind = Submission::Kind::gone;
      word.record.key = one.key;
    }
    std::shuffle(words.begin(), words.end(), random);
    for (auto& word : words) (void)provisioner_->submit_one(std::move(word), {.actor = "test"});
  }

  // Of everybody who is active: number, groups.
  std::string memberships() {
    std::set<std::string> lines;
    for (const auto& one : people()) {
      if (one.state != IdentityState::active) continue;
      std::string line = one.find("number")->value.as_text();
      for (const auto& group : one.groups) line += " " + group.path;
      lines.insert(line);
    }
    return joined(lines);
  }

  // Of everybody who is active: number and address.
  std::string addresses() {
    std::set<std::string> lines;
    for (const auto& one : people())
      if (one.state == IdentityState::active)
        lines.insert(one.find("number")->value.as_text() + " " + one.email);
    return joined(lines);
  }

  std::size_t waiting() {
    std::size_t count = 0;
    EXPECT_TRUE(store_->read([&](store::View& view) -> Status {
      MUSTER_TRY(const auto heads, view.walks().waiting(0, 1000));
      count = heads.size();
      return {};
    }));
    return count;
  }

  static std::string joined(const std::set<std::string>& lines) {
    std::string all;
    for (const auto& line : lines) all += line + "\n";
    return all;
  }

  std::string person_of(const std::string& key) {
    std::string id;
    EXPECT_TRUE(store_->read([&](store::View& view) -> Status {
      const std::string keys[] = {key};
      MUSTER_TRY(const auto heads, view.records().heads("dir", ResourceType::user, keys));
      if (heads[0]) id = heads[0]->identity_id;
      return {};
    }));
    return id;
  }
};
MUSTER_ON_EVERY_ENGINE(FreshImport);

// A directory that people join and leave, in which they are renamed, swap names and take over those
// of others; some names are had by two.
class Life {
 public:
  explicit Life(std::mt19937& random) : random_(random) {
    for (int i = 0; i < 6; ++i) join();
    for (int i = 0; i < 3; ++i) {
      const auto n = std::to_string(i);
      now.groups.push_back({"g" + n, "cn=g" + n, {}});
    }
    for (auto& group : now.groups) fill(group);
  }

  void change() {
    const auto any = [this] { return random_() % now.people.size(); };
    switch (random_() % 8) {
      case 0:
        return join();
      case 1:
        if (now.people.size() > 3) now.people.erase(now.people.begin() + static_cast<long>(any()));
        return;
      case 2:
        return std::swap(now.people[any()].uid, now.people[any()].uid);
      case 3:
        return std::swap(now.people[any()].dn, now.people[any()].dn);
      case 4:
        now.people[any()].uid = uid();
        return;
      case 5:
        now.people[any()].dn = dn();
        return;
      case 6:
        return std::swap(now.groups[random_() % 3].dn, now.groups[random_() % 3].dn);
      default:
        return fill(now.groups[random_() % 3]);
    }
  }

  Directory now = {};

 private:
  std::string uid() { return "u" + std::to_string(random_() % 9); }
  std::string dn() { return "dn=" + std::to_string(random_() % 12); }

  void join() {
    const auto n = std::to_string(++number_);
    now.people.push_back({"p" + n, "", "p" + n + "@x.example", uid(), dn()});
  }

  void fill(Group& group) {
    std::set<std::string> names;
    for (int i = 0; i < 5; ++i) {
      const auto kind = random_() % 5;
      names.insert(kind == 0   ? "cn=g" + std::to_string(random_() % 3)
                   : kind == 1 ? "p" + std::to_string(random_() % 9)
                   : kind == 2 ? dn()
                               : "uid:" + uid());
    }
    group.members.assign(names.begin(), names.end());
  }

  std::mt19937& random_;
  int number_ = 0;
};

TEST_F(FreshImport, MembershipsFollowTheNamesWhateverTheOrder) {
  const int lives = support::on_postgresql() ? 3 : 40;
  for (int seed = 0; seed < lives && !HasFailure(); ++seed) {
    std::mt19937 random(static_cast<unsigned>(seed));
    start();
    Life life(random);
    sync(life.now, random);
    for (int step = 0; step < 5; ++step) {
      const auto before = life.now;
      for (auto changes = 1 + random() % 5; changes > 0; --changes) life.change();
      if (random() % 2)
        sync(life.now, random);
      else
        tell(before, life.now, random);
    }
    const auto seen = memberships();
    start();
    sync(life.now, random);
    EXPECT_EQ(seen, memberships()) << "seed " << seed;
  }
}

TEST_F(FreshImport, AReusedMemberUidIsTheNewHoldersAtTheNextRun) {
  std::mt19937 random(1);
  Directory state;
  state.people = {{"p1", "", "p1@x.example", "u0005", "dn=1"}};
  state.groups = {{"staff", "cn=staff", {"uid:u0005"}}};
  sync(state, random);
  EXPECT_EQ(memberships(), "p1 /g/all-staff /g/own-staff\n");
  state.people[0].uid = "other";
  state.people.push_back({"p2", "", "p2@x.example", "u0005", "dn=2"});
  sync(state, random);
  EXPECT_EQ(memberships(), "p1\np2 /g/all-staff /g/own-staff\n");
}

TEST_F(FreshImport, ANameThatTwoHaveIsNobodysAndIsTold) {
  std::mt19937 random(1);
  Directory state;
  state.people = {{"p1", "", "p1@x.example", "shared", "dn=1"}};
  state.groups = {{"staff", "cn=staff", {"uid:shared"}}};
  sync(state, random);
  auto outcome = put(record_of(Person{"p0", "", "p0@x.example", "shared", "dn=2"}));
  ASSERT_TRUE(outcome);
  EXPECT_EQ(memberships(), "p0\np1\n");
  ASSERT_EQ(outcome->decision.findings.size(), 1U);
  EXPECT_EQ(outcome->decision.findings[0].code, "W-MEMBER");
  EXPECT_NE(outcome->decision.findings[0].message.find("dir record p0 and dir record p1"),
            std::string::npos);
  outcome = put(record_of(Person{"p0", "", "p0@x.example", "own", "dn=2"}));
  EXPECT_TRUE(outcome->decision.findings.empty());
  EXPECT_EQ(memberships(), "p0\np1 /g/all-staff /g/own-staff\n");
}

// Addresses pass between people in any way; every state has each address once.
TEST_F(FreshImport, AddressesFollowTheRecordsWhateverTheOrder) {
  const int lives = support::on_postgresql() ? 3 : 30;
  for (int seed = 0; seed < lives && !HasFailure(); ++seed) {
    std::mt19937 random(static_cast<unsigned>(seed));
    start();
    Directory state;
    int joined = 0;
    const auto join = [&](std::string mail) {
      const auto n = std::to_string(100 + static_cast<int>(random() % 800));
      state.people.push_back({"p" + n + "-" + std::to_string(++joined), "", std::move(mail)});
    };
    for (int i = 0; i < 12; ++i) join("a" + std::to_string(i) + "@x.example");
    sync(state, random);
    for (int step = 0; step < 5; ++step) {
      std::vector<std::string> mails;
      for (const auto& one : state.people) mails.push_back(one.mail);
      for (int more = 0; more < 3; ++more)
        mails.push_back("b" + std::to_string(step * 3 + more) + "@x.example");
      if (random() % 2) state.people.erase(state.people.begin() + static_cast<long>(random() % 12));
      std::shuffle(mails.begin(), mails.end(), random);
      for (auto& one : state.people) {
        one.mail = mails.back();
        mails.pop_back();
      }
      while (state.people.size() < 12) {
        join(mails.back());
        mails.pop_back();
      }
      const auto report = sync(state, random);
      EXPECT_EQ(report.row.state, store::RunState::done) << report.row.detail;
      EXPECT_EQ(waiting(), 0U);
      std::set<std::string> wanted;
      for (const auto& one : state.people) wanted.insert(one.id + " " + one.mail);
      EXPECT_EQ(addresses(), FreshImport::joined(wanted)) << "seed " << seed << " step " << step;
    }
  }
}

TEST_F(FreshImport, ASwapARingAndAChainAreSettledInOneRun) {
  std::mt19937 random(1);
  Directory state;
  for (int i = 0; i < 15; ++i) {
    const auto n = std::to_string(10 + i);
    state.people.push_back({"p" + n, "", "m" + n + "@x.example"});
  }
  sync(state, random);
  std::swap(state.people[0].mail, state.people[1].mail);
  std::swap(state.people[2].mail, state.people[3].mail);
  std::swap(state.people[3].mail, state.people[4].mail);
  for (std::size_t i = 5; i + 1 < 15; ++i) state.people[i].mail = state.people[i + 1].mail;
  state.people[14].mail = "new@x.example";
  const auto report = sync(state, random);
  EXPECT_EQ(report.row.counts.review + report.row.counts.quarantined, 0);
  std::set<std::string> wanted;
  for (const auto& one : state.people) wanted.insert(one.id + " " + one.mail);
  EXPECT_EQ(addresses(), joined(wanted));
}

// The same stable id twice: one person, and the other record waits until one of the two changes,
// whatever looks at them meanwhile.
TEST_F(FreshImport, AStableIdIsOnePersonWhateverTheOrder) {
  const int lives = support::on_postgresql() ? 3 : 30;
  for (int seed = 0; seed < lives && !HasFailure(); ++seed) {
    std::mt19937 random(static_cast<unsigned>(seed));
    start();
    Directory state;
    for (int i = 0; i < 6; ++i) {
      const auto n = std::to_string(i);
      state.people.push_back({"p" + n, "s" + std::to_string(random() % 4), "m" + n + "@x.example"});
    }
    if (random() % 2)
      sync(state, random);
    else
      tell({}, state, random);
    for (int again = 0; again < 3; ++again) {
      if (random() % 2) sync(state, random);
      (void)retry_waiting(*provisioner_, {.actor = "test"}, system_clock(), {});
      ASSERT_TRUE(run_lifecycle(*provisioner_, "test", system_clock(), {}));
    }
    std::set<std::string> stable;
    for (const auto& one : state.people) stable.insert(one.stable);
    EXPECT_EQ(people().size(), stable.size()) << "seed " << seed;
    EXPECT_EQ(waiting(), state.people.size() - stable.size()) << "seed " << seed;
  }
}

TEST_F(FreshImport, ADoubtAboutAStableIdEndsByADecisionOrAChangedRecord) {
  ASSERT_TRUE(put(record_of(Person{"p1", "s1", "m1@x.example"})));
  ASSERT_TRUE(put(record_of(Person{"p2", "s2", "m2@x.example"})));
  const auto first = person_of("p1");
  const auto second = person_of("p2");
  const auto look_again = [this] {
    ASSERT_TRUE(retry_waiting(*provisioner_, {.actor = "test"}, system_clock(), {}));
    ASSERT_TRUE(run_lifecycle(*provisioner_, "test", system_clock(), {}));
  };
  // A known record that takes another one's stable id: both people stay as they were.
  EXPECT_EQ(put(record_of(Person{"p2", "s1", "new@x.example"}))->decision.verb, Verb::quarantine);
  look_again();
  EXPECT_EQ(person_of("p2"), second);
  EXPECT_EQ(addresses(), "p1 m1@x.example\np2 m2@x.example\n");
  EXPECT_EQ(waiting(), 1U);
  EXPECT_EQ(put(record_of(Person{"p2", "s2", "new@x.example"}))->decision.verb, Verb::update);
  EXPECT_EQ(waiting(), 0U);

  // An unknown one: it waits, until somebody says that it is somebody else.
  EXPECT_EQ(put(record_of(Person{"p0", "s1", "m0@x.example"}))->decision.verb, Verb::review);
  look_again();
  EXPECT_EQ(people().size(), 2U);
  std::string review;
  ASSERT_TRUE(store_->read([&](store::View& view) -> Status {
    MUSTER_TRY(const auto heads, view.walks().waiting(0, 10));
    const std::string ids[] = {heads.front().id};
    MUSTER_TRY(const auto latest, view.reviews().latest(ids));
    review = latest[0]->id;
    return {};
  }));
  const ReviewAnswer create{
      .kind = ReviewAnswer::Kind::create, .review = review, .person = "", .by = "ann"};
  const auto created = answer_review(*provisioner_, create, "ann");
  ASSERT_TRUE(created) << describe(created.error());
  look_again();
  EXPECT_EQ(people().size(), 3U);
  EXPECT_EQ(person_of("p1"), first);
  EXPECT_EQ(waiting(), 0U);
  EXPECT_EQ(put(record_of(Person{"p0", "s1", "other@x.example"}))->decision.verb, Verb::update);
}

}  // namespace
}  // namespace muster::provision
