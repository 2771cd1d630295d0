// SPDX-License-Identifier: Apache-2.0
#include "provision/road/decide.h"

#include <gtest/gtest.h>

#include "provision/runs/guard.h"

namespace muster::provision {
namespace {

Identity mara(IdentityState state = IdentityState::active, std::string mail = "mara@acme.example") {
  Identity identity;
  identity.id = "1";
  identity.user_name = "mara";
  identity.email = mail;
  identity.attributes = {{"email", Value(mail), "idp", "sources.idp.map.email"},
                         {"userName", Value("mara"), "", "username.patterns[0]"}};
  identity.state = state;
  identity.sources = {"idp"};
  return identity;
}

TEST(Decide, StoriesOfOnePerson) {
  const auto off = IdentityState::inactive;
  const Identity here = mara(), left = mara(off),
                 moved = mara(IdentityState::active, "m@acme.example");
  struct Case {
    const char* story;
    const Identity* before;
    const Identity* after;
    Bond bond;
    Verb verb;
    std::vector<std::string> changed;
  };
  const Case cases[] = {
      {"a newcomer", nullptr, &here, Bond::fresh, Verb::create, {}},
      {"a newcomer who is off", nullptr, &left, Bond::fresh, Verb::create, {}},
      {"nothing new", &here, &here, Bond::held, Verb::unchanged, {}},
      {"another mail", &here, &moved, Bond::held, Verb::update, {"email"}},
      {"a second source", &here, &here, Bond::fresh, Verb::link, {}},
      {"a leaver", &here, &left, Bond::held, Verb::deactivate, {"state"}},
      {"a leaver whose record went", &here, &left, Bond::leaving, Verb::deactivate, {"state"}},
      {"a returner", &left, &here, Bond::held, Verb::reactivate, {"state"}},
      {"a returner by a second source", &left, &here, Bond::fresh, Verb::reactivate, {"state"}},
      {"one of two sources went", &here, &here, Bond::leaving, Verb::end, {}},
      {"gone and off already", &left, &left, Bond::leaving, Verb::end, {}},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.story);
    const auto effect = decide(c.before, *c.after, c.bond);
    EXPECT_EQ(effect.verb, c.verb) << name_of(effect.verb);
    EXPECT_EQ(effect.changed, c.changed);
  }
}

TEST(Decide, DifferencesNameAddedAndRemovedAttributes) {
  auto before = mara(), after = mara();
  before.attributes.insert(before.attributes.begin(), {"department", Value("Sales"), "idp", "r"});
  after.attributes.push_back({"zip", Value("1"), "idp", "r"});
  EXPECT_EQ(differences(before, after), (std::vector<std::string>{"department", "zip"}));
}

TEST(Guard, LimitIsTheLargerOfCountAndShare) {
  const mappings::GuardLimits limits{.share = 0.05, .count = 5};
  struct Case {
    const char* story;
    Loss loss;
    bool held;
  };
  const Case cases[] = {
      {"nobody leaves", {100, 0, false}, false},
      {"five of a hundred", {100, 5, false}, false},
      {"six of a hundred", {100, 6, false}, true},
      {"five of ten", {10, 5, false}, false},
      {"six of ten", {10, 6, false}, true},
      {"five percent of a thousand", {1000, 50, false}, false},
      {"one more", {1000, 51, false}, true},
      {"an empty answer, two people", {2, 2, true}, true},
      {"an empty answer, nobody known", {0, 0, true}, false},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.story);
    EXPECT_EQ(reason_to_hold(limits, c.loss, "people").has_value(), c.held);
  }
}

}  // namespace
}  // namespace muster::provision
