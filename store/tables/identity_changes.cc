// SPDX-License-Identifier: Apache-2.0
#include "store/tables/identity_changes.h"

#include <algorithm>
#include <array>
#include <set>

#include "core/text.h"
#include "store/codec.h"
#include "store/tables/identity_columns.h"
#include "store/tables/numbers.h"

namespace muster::store {
namespace {

// What is made of a person to find it by.
constexpr std::array kFound{Column{"match_keys", 't', Changes::freely}};
// Behind a unique index, so written only when it changes.
constexpr std::array kOnce{Column{"row_id", 'n'}, Column{"mail_key", 't'}};

const Sql kInsert = insert_sql("identities", joined(kOnce, kFound, kIdentityColumns));
const Sql kUpdate = update_sql("identities", joined(kFound, kIdentityColumns), Changes::freely,
                               "row_id = $1 and version = $2", "nn");
const Sql kUpdateMail{"update identities set mail_key = $2 where row_id = $1", "nt"};
const Sql kUpdateKeys{"update identities set match_keys = $2 where id = $1", "tt"};
const Sql kUpdateDue =
    update_sql("identities", kIdentityColumns, Changes::indexed, "row_id = $1", "n");
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
  std::vector<std::string> tags = {};
  std::vector<Finding> findings = {};
};

constexpr std::array kSeenFields{
    number<&Seen::row>("row_id"),
    number<&Seen::version>("version"),
    text<&Seen::user_name>("user_name"),
    text<&Seen::mail_key>("mail_key"),
    text<&Seen::match_keys>("match_keys"),
    number<&Seen::due>("due"),
    packed<write_texts, read_texts, &Seen::tags>("tags"),
    packed<write_findings, read_findings, &Seen::findings>("findings"),
};
static_assert(kSeenFields.size() == member_count<Seen>());
const Sql kSeen{"select " + select_list(columns_of(kSeenFields)) + " from identities where id = $1",
                "t"};

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
        return read_fields(row, 0, kSeenFields, seen[known[k]]);
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
    binder.number(numbers[k]).text_or_null(mail_key_of(identity));
    binder.text_or_null(write_keys(keys[which[k]]));
    bind_fields(binder, kIdentityFields, identity);
  }));
  for (auto number : numbers) scope.tallies().count_identity(number);
  return {};
}

Status update(WriteScope& scope, std::span<const Identity> identities,
              std::span<const std::vector<IdentityKey>> keys, const std::vector<Seen>& seen,
              const std::vector<std::size_t>& which) {
  MUSTER_TRY(std::int64_t updated,
             scope.session().write(kUpdate, which.size(), [&](std::size_t k, Binder& binder) {
               const Identity& identity = identities[which[k]];
               binder.number(seen[which[k]].row).number(identity.version);
               binder.text_or_null(write_keys(keys[which[k]]));
               bind_changes(binder, kIdentityFields, Changes::freely, identity);
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
    binder.number(seen[later[k]].row);
    bind_changes(binder, kIdentityFields, Changes::indexed, identities[later[k]]);
  }));
  return {};
}

// Addresses that pass from one of these people to another are given up before anybody takes them.
Status give_up_mails(Session& session, std::span<const Identity> identities,
                     const std::vector<Seen>& seen) {
  std::set<std::string> taken;
  for (std::size_t i = 0; i < identities.size(); ++i) {
    auto key = mail_key_of(identities[i]);
    if (!key.empty() && key != seen[i].mail_key) taken.insert(std::move(key));
  }
  std::vector<std::int64_t> rows;
  for (std::size_t i = 0; i < identities.size(); ++i) {
    if (seen[i].mail_key.empty() || mail_key_of(identities[i]) == seen[i].mail_key) continue;
    if (taken.contains(seen[i].mail_key)) rows.push_back(seen[i].row);
  }
  MUSTER_CHECK(session.write(kUpdateMail, rows.size(), [&](std::size_t i, Binder& binder) {
    binder.number(rows[i]).null();
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

// What stands about a person is counted for who owns the person.
void count_findings(WriteScope& scope, const std::vector<std::string>& tags,
                    const std::vector<Finding>& findings, std::int64_t change) {
  if (findings.empty()) return;
  scope.tallies().count_findings(Tallies::About::person, tags.empty() ? std::string() : tags[0],
                                 findings, change);
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
  MUSTER_CHECK(give_up_mails(scope.session(), identities, seen));
  MUSTER_CHECK(insert(scope, identities, keys, fresh));
  MUSTER_CHECK(update(scope, identities, keys, seen, known));
  MUSTER_CHECK(claim_names(scope.session(), identities, seen));
  MUSTER_CHECK(replace_keys(scope.session(), identities, keys, seen));
  for (std::size_t i = 0; i < identities.size(); ++i) {
    count_findings(scope, seen[i].tags, seen[i].findings, -1);
    count_findings(scope, identities[i].sources, identities[i].findings, 1);
    ++identities[i].version;
  }
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
