// SPDX-License-Identifier: Apache-2.0
#include "store/overlay/row_file.h"

#include <gtest/gtest.h>

#include <tuple>

namespace muster::store {
namespace {

Identity person(int i) {
  const auto n = std::to_string(i);
  Identity one;
  one.id = "id-" + n;
  one.user_name = "Zoë." + n;
  one.email = n + "@acme.example";
  one.attributes = {{"phones", Value::List{"1", Value(), 2}, "idp", "sources.idp.map.phones", ""},
                    {"manager", "boss", "idp", "sources.idp.map.manager", "id-boss"}};
  one.classification = Classification::internal;
  one.classification_rule = "own";
  one.state = IdentityState::inactive;
  one.state_reason = std::string(static_cast<std::size_t>(i % 7) * 50, 'x');
  one.groups = {{"/dep", "member", "dep", true}, {"/dep", "manager", "lead", false}};
  one.sources = {"idp", "dir"};
  one.findings = {{Severity::error, "need-mail", "email", "there is none"}};
  if (i % 2 == 0) one.due = Timestamp(std::chrono::milliseconds(i));
  one.version = i;
  one.created = Timestamp(std::chrono::milliseconds(7));
  one.modified = Timestamp(std::chrono::milliseconds(8));
  return one;
}

RecordRow record(int i) {
  const auto n = std::to_string(i);
  RecordRow row;
  row.head = {.id = "r-" + n,
              .key = {"idp", ResourceType::user, "k" + n},
              .link_key = "l" + n,
              .content_hash = -i,
              .evaluated_with = 5,
              .identity_id = "id-" + n,
              .state = RecordState::quarantined,
              .enabled = i % 2 == 0,
              .version = 3,
              .row = i};
  if (i % 3 == 0) row.head.missing_since = Timestamp(std::chrono::milliseconds(i));
  row.contribution.key = row.head.key;
  row.contribution.tag = "idp";
  row.contribution.offers = {{"email", Flow::value, n}, {"title", Flow::clear, {}}};
  row.contribution.lapsed = {{"site", true, Timestamp(std::chrono::milliseconds(9))}};
  row.contribution.rank = 2.5;
  row.correlated_by = "mail";
  row.state_reason = "because";
  row.search = {"u", "e", "d", {"m"}, i % 5 == 0 ? std::optional(i % 2 == 0) : std::nullopt, "s"};
  row.aliases = {"cn=a"};
  return row;
}

auto head_of(const RecordRow& row) {
  const auto& head = row.head;
  return std::tie(head.id, head.key, head.link_key, head.content_hash, head.evaluated_with,
                  head.identity_id, head.state, head.enabled, head.missing_since, head.version,
                  head.row, head.created, head.modified);
}

auto rest_of(const RecordRow& row) {
  return std::tie(row.contribution.key, row.contribution.tag, row.contribution.offers,
                  row.contribution.lapsed, row.contribution.rank, row.correlated_by,
                  row.state_reason, row.search.user_name, row.search.external_id,
                  row.search.display_name, row.search.emails, row.search.active, row.search.display,
                  row.aliases);
}

// With little memory most of them are in the file, the last ones not.
TEST(RowFile, GivesBackWhatWasPutInAnyOrder) {
  RowFile file(1000);
  std::vector<std::pair<RowFile::Place, RowFile::Place>> places;
  constexpr int count = 50;
  for (int i = 0; i < count; ++i) {
    const auto one = file.put(person(i));
    const auto other = file.put(record(i));
    ASSERT_TRUE(one && other);
    places.emplace_back(*one, *other);
  }
  for (int i = count - 1; i >= 0; --i) {
    SCOPED_TRACE(i);
    const auto& [one, other] = places[static_cast<std::size_t>(i)];
    const auto identity = file.identity(one);
    ASSERT_TRUE(identity) << describe(identity.error());
    const auto expected = person(i);
    EXPECT_TRUE(same_person_facts(*identity, expected));
    EXPECT_EQ(
        std::tie(identity->id, identity->due, identity->version, identity->created,
                 identity->modified),
        std::tie(expected.id, expected.due, expected.version, expected.created, expected.modified));
    const auto row = file.row(other);
    ASSERT_TRUE(row) << describe(row.error());
    EXPECT_TRUE(head_of(*row) == head_of(record(i)));
    EXPECT_TRUE(rest_of(*row) == rest_of(record(i)));
  }
}

TEST(RowFile, SaysWhenAPlaceIsNotOne) {
  RowFile file;
  ASSERT_TRUE(file.put(person(1)));
  EXPECT_FALSE(file.identity({0, 5}));
  EXPECT_FALSE(file.row({0, 5}));
}

}  // namespace
}  // namespace muster::store
