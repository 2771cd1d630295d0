// SPDX-License-Identifier: Apache-2.0
#include "store/tables/identity_changes.h"

#include <algorithm>

#include "core/text.h"
#include "store/codec.h"
#include "store/tables/numbers.h"
#include "store/tables/record_columns.h"

namespace muster::store {
namespace {

const Sql kInsert{
    "insert into identities (row_id, id, user_name, mail, mail_key, classification, "
    "classification_rule, state,"
    " state_reason, version, created, modified, tags, findings, memberships, match_keys, "
    "attributes, due)"
    " values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)",
    "nttttntnt"
    "nnn"
    "tttttn"};
const Sql kSeen{
    "select row_id, version, user_name, mail_key, match_keys, due from identities where id = $1",
    "t"};
const Sql kUpdate{
    "update identities set version = $3, user_name = $4, mail = $5, classification = $6, "
    "classification_rule = $7,"
    " state = $8, state_reason = $9, modified = $10, tags = $11, findings = $12, memberships = "
    "$13, match_keys = $14,"
    " attributes = $15 where row_id = $1 and version = $2",
    "nnnttntntn"
    "ttttt"};
const Sql kUpdateMail{"update identities set mail_key = $2 where row_id = $1", "nt"};
const Sql kUpdateKeys{"update identities set match_keys = $2 where id = $1", "tt"};
const Sql kUpdateDue{"update identities set due = $2 where row_id = $1", "nn"};
const Sql kClaim{
    "insert into user_names (name_key, identity_id) values ($1, $2) on conflict do nothing", "tt"};
const Sql kHolder{"select identity_id from user_names where name_key = $1", "t"};
const Sql kAddKey{
    "insert into identity_keys (attribute, key, identity_id) values ($1, $2, $3) on conflict do "
    "nothing",
    "ttt"};
const Sql kDropKey{
    "delete from identity_keys where attribute = $1 and key = $2 and identity_id = $3", "ttt"};

// What is stored of an identity that is to change; a new one has row 0.
struct Seen {
  std::int64_t row = 0;
  std::int64_t version = 0;
  std::string user_name = {};
  std::string mail_key = {};
  std::string match_keys = {};
  std::optional<Timestamp> due = {};
};

struct KeyChange {
  const IdentityKey* key = nullptr;
  const std::string* identity = nullptr;
};

struct NameClaim {
  std::string name = {};
  const std::string* identity = nullptr;
};

std::string mail_key_of(const Identity& identity) {
  return identity.email.empty() ? std::string() : fold_key(identity.email);
}

Result<std::vector<Seen>> see(Session& session, std::span<const Identity> identities) {
  std::vector<std::size_t> known;
  for (std::size_t i = 0; i < identities.size(); ++i) {
    if (identities[i].version != 0) known.push_back(i);
  }
  std::vector<Seen> seen(identities.size());
  MUSTER_CHECK(session.read(
      kSeen, known.size(),
      [&](std::size_t k, Binder& binder) { binder.text(identities[known[k]].id); },
      [&](std::size_t k, const Row& row) {
        seen[known[k]] = {row.number(0), row.number(1), row.string(2),
                          row.string(3), row.string(4), timestamp(row.optional_number(5))};
      }));
  for (auto i : known) {
    if (seen[i].row == 0)
      return fail(Fault::not_found, "the person to change does not exist", identities[i].id);
    if (seen[i].version == identities[i].version) continue;
    return fail(Fault::conflict, "the person was changed by somebody else meanwhile: read it again",
                identities[i].id, "version");
  }
  return seen;
}

Status insert(WriteScope& scope, std::span<const Identity> identities,
              std::span<const std::vector<IdentityKey>> keys,
              const std::vector<std::size_t>& which) {
  if (which.empty()) return {};
  MUSTER_TRY(auto numbers, next_identity_numbers(scope.session(), which.size()));
  MUSTER_CHECK(scope.session().write(kInsert, which.size(), [&](std::size_t k, Binder& binder) {
    const Identity& identity = identities[which[k]];
    binder.number(numbers[k])
        .text(identity.id)
        .text(identity.user_name)
        .text_or_null(identity.email);
    binder.text_or_null(mail_key_of(identity))
        .number(static_cast<std::int64_t>(identity.classification));
    binder.text_or_null(identity.classification_rule)
        .number(static_cast<std::int64_t>(identity.state));
    binder.text_or_null(identity.state_reason).number(1);
    binder.number(milliseconds(identity.created)).number(milliseconds(identity.modified));
    binder.text_or_null(write_texts(identity.sources))
        .text_or_null(write_findings(identity.findings));
    binder.text_or_null(write_memberships(identity.groups))
        .text_or_null(write_keys(keys[which[k]]));
    binder.text(write_attributes(identity.attributes)).number_or_null(milliseconds(identity.due));
  }));
  for (auto number : numbers) scope.tallies().count_identity(number);
  return {};
}

Status update(WriteScope& scope, std::span<const Identity> identities,
              std::span<const std::vector<IdentityKey>> keys, const std::vector<Seen>& seen,
              const std::vector<std::size_t>& which) {
  MUSTER_TRY(
      std::int64_t updated,
      scope.session().write(kUpdate, which.size(), [&](std::size_t k, Binder& binder) {
        const Identity& identity = identities[which[k]];
        binder.number(seen[which[k]].row).number(identity.version).number(identity.version + 1);
        binder.text(identity.user_name).text_or_null(identity.email);
        binder.number(static_cast<std::int64_t>(identity.classification))
            .text_or_null(identity.classification_rule);
        binder.number(static_cast<std::int64_t>(identity.state))
            .text_or_null(identity.state_reason);
        binder.number(milliseconds(identity.modified)).text_or_null(write_texts(identity.sources));
        binder.text_or_null(write_findings(identity.findings))
            .text_or_null(write_memberships(identity.groups));
        binder.text_or_null(write_keys(keys[which[k]])).text(write_attributes(identity.attributes));
      }));
  if (updated != static_cast<std::int64_t>(which.size())) {
    return fail(Fault::conflict, "a person was changed by somebody else meanwhile: read it again",
                {}, "version");
  }
  std::vector<std::size_t> moved;
  for (auto i : which) {
    if (mail_key_of(identities[i]) != seen[i].mail_key) moved.push_back(i);
  }
  MUSTER_CHECK(scope.session().write(kUpdateMail, moved.size(), [&](std::size_t k, Binder& binder) {
    binder.number(seen[moved[k]].row).text_or_null(mail_key_of(identities[moved[k]]));
  }));
  std::vector<std::size_t> later;
  for (auto i : which) {
    if (identities[i].due != seen[i].due) later.push_back(i);
  }
  MUSTER_CHECK(scope.session().write(kUpdateDue, later.size(), [&](std::size_t k, Binder& binder) {
    binder.number(seen[later[k]].row).number_or_null(milliseconds(identities[later[k]].due));
  }));
  return {};
}

// A name belongs to whoever had it first, for good; having it already is fine.
Status claim_names(Session& session, std::span<const Identity> identities,
                   const std::vector<Seen>& seen) {
  std::vector<NameClaim> claims;
  for (std::size_t i = 0; i < identities.size(); ++i) {
    const Identity& identity = identities[i];
    if (identity.user_name.empty() || identity.user_name == seen[i].user_name) continue;
    claims.push_back({fold_key(identity.user_name), &identity.id});
  }
  MUSTER_TRY(std::int64_t claimed,
             session.write(kClaim, claims.size(), [&](std::size_t i, Binder& binder) {
               binder.text(claims[i].name).text(*claims[i].identity);
             }));
  if (claimed == static_cast<std::int64_t>(claims.size())) return {};
  bool taken = false;
  MUSTER_CHECK(session.read(
      kHolder, claims.size(), [&](std::size_t i, Binder& binder) { binder.text(claims[i].name); },
      [&](std::size_t i, const Row& row) { taken = taken || row.text(0) != *claims[i].identity; }));
  if (!taken) return {};
  return fail(Fault::conflict, "another person has or had this user name", "userName",
              "uniqueness");
}

Status replace_keys(Session& session, std::span<const std::string> ids,
                    std::span<const std::vector<IdentityKey>> before,
                    std::span<const std::vector<IdentityKey>> after) {
  std::vector<KeyChange> added;
  std::vector<KeyChange> dropped;
  for (std::size_t i = 0; i < ids.size(); ++i) {
    auto collect = [&](const auto& now, const auto& other, std::vector<KeyChange>& out) {
      for (const auto& key : now) {
        if (std::find(other.begin(), other.end(), key) == other.end())
          out.push_back({&key, &ids[i]});
      }
    };
    collect(after[i], before[i], added);
    collect(before[i], after[i], dropped);
  }
  auto bind = [](const std::vector<KeyChange>& changes) {
    return [&changes](std::size_t i, Binder& binder) {
      binder.text(changes[i].key->attribute).text(changes[i].key->key).text(*changes[i].identity);
    };
  };
  MUSTER_CHECK(session.write(kDropKey, dropped.size(), bind(dropped)));
  MUSTER_CHECK(session.write(kAddKey, added.size(), bind(added)));
  return {};
}

Status replace_keys(Session& session, std::span<const Identity> identities,
                    std::span<const std::vector<IdentityKey>> keys, const std::vector<Seen>& seen) {
  std::vector<std::string> ids;
  std::vector<std::vector<IdentityKey>> before(identities.size());
  for (std::size_t i = 0; i < identities.size(); ++i) {
    ids.push_back(identities[i].id);
    MUSTER_TRY(before[i], read_keys(seen[i].match_keys));
  }
  return replace_keys(session, ids, before, keys);
}

}  // namespace

Status put_identities(WriteScope& scope, std::span<Identity> identities,
                      std::span<const std::vector<IdentityKey>> keys) {
  if (keys.size() != identities.size())
    return fail(Fault::internal, "every identity needs its list of keys");
  MUSTER_TRY(auto seen, see(scope.session(), identities));
  std::vector<std::size_t> fresh;
  std::vector<std::size_t> known;
  for (std::size_t i = 0; i < identities.size(); ++i)
    (identities[i].version == 0 ? fresh : known).push_back(i);
  MUSTER_CHECK(insert(scope, identities, keys, fresh));
  MUSTER_CHECK(update(scope, identities, keys, seen, known));
  MUSTER_CHECK(claim_names(scope.session(), identities, seen));
  MUSTER_CHECK(replace_keys(scope.session(), identities, keys, seen));
  for (auto& identity : identities) ++identity.version;
  return {};
}

Status index_identities(WriteScope& scope, std::span<const std::string> ids,
                        std::span<const std::vector<IdentityKey>> before,
                        std::span<const std::vector<IdentityKey>> after) {
  MUSTER_CHECK(scope.session().write(kUpdateKeys, ids.size(), [&](std::size_t i, Binder& binder) {
    binder.text(ids[i]).text_or_null(write_keys(after[i]));
  }));
  return replace_keys(scope.session(), ids, before, after);
}

}  // namespace muster::store
