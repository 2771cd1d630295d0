// SPDX-License-Identifier: Apache-2.0
#include "provision/people/rename.h"

#include <algorithm>

#include "core/json.h"
#include "core/text.h"
#include "provision/road/people.h"
#include "provision/road/refusal.h"
#include "provision/road/wave.h"

namespace muster::provision {
namespace {

Status may_have(const BatchWorld& world, const mappings::Engine& engine, const Identity& person,
                const std::string& name) {
  if (person.user_name == name)
    return fail(Fault::invalid, "the person has the user name '" + name + "' already", "userName");
  if (const auto problem = engine.user_name_problem(name); !problem.empty())
    return fail(Fault::invalid, "the user name '" + name + "' " + problem, "userName");
  MUSTER_TRY(bool taken, world.name_taken(fold_key(name), person.id));
  if (!taken) return {};
  MUSTER_TRY(auto holder, world.name_holder(fold_key(name)));
  return fail(Fault::conflict,
              "the user name '" + name + "' is taken (" + holder +
                  "); names are never given to a second person",
              "userName", "uniqueness");
}

void put_name(Identity& person, const std::string& name, std::string_view by) {
  person.user_name = name;
  IdentityAttribute attribute{"userName", name, "", "rename by " + std::string(by)};
  auto& attributes = person.attributes;
  const auto place = std::lower_bound(
      attributes.begin(), attributes.end(), attribute.name,
      [](const IdentityAttribute& one, const std::string& wanted) { return one.name < wanted; });
  if (place != attributes.end() && place->name == attribute.name) {
    *place = std::move(attribute);
  } else {
    attributes.insert(place, std::move(attribute));
  }
}

AuditEntry audit_of_rename(const Identity& person, const std::string& old_name,
                           const std::string& actor) {
  Value detail;
  detail.set("from", old_name);
  detail.set("to", person.user_name);
  return {.actor = actor,
          .action = "user.rename",
          .subject = person.id,
          .run = {},
          .detail = write_json(detail)};
}

Result<Identity> rename_in(store::Transaction& tx, const mappings::Engine& engine,
                           std::string_view identity_id, const std::string& name,
                           std::string_view by, Timestamp run_time) {
  const SubmitContext context{.actor = "cli:" + std::string(by)};
  Wave wave(tx, engine, context, run_time);
  BatchWorld world(tx);
  People people(tx, engine, world, run_time);
  const std::string ids[] = {std::string(identity_id)};
  MUSTER_CHECK(people.load(ids));
  auto* person = people.find(identity_id);
  if (person == nullptr)
    return fail(Fault::not_found, "there is no person with id '" + ids[0] + "'");
  MUSTER_CHECK(may_have(world, engine, person->now, name));
  const auto old_name = person->now.user_name;
  Person named = *person;
  put_name(named.now, name, by);
  // Rules may read the name; when they refuse what follows from it, everything else stays.
  MUSTER_TRY(auto settled, people.settle(named));
  MUSTER_TRY(const auto refusal, refusal_of(people, named, settled));
  auto renamed = refusal ? std::move(named.now) : std::move(settled.identity);
  people.accept(*person, std::move(renamed));
  MUSTER_CHECK(people.flush(tx));
  MUSTER_CHECK(wave.moved(people));
  const AuditEntry entries[] = {audit_of_rename(person->now, old_name, context.actor)};
  MUSTER_CHECK(tx.journal().audit(entries));
  MUSTER_CHECK(wave.settle());
  return person->now;
}

}  // namespace

Result<Identity> rename(Provisioner& provisioner, std::string_view identity_id,
                        std::string_view name, std::string_view by, Timestamp run_time) {
  const auto engine = provisioner.engine();
  Identity renamed;
  auto written = provisioner.store().write([&](store::Transaction& tx) -> Status {
    MUSTER_TRY(renamed, rename_in(tx, *engine, identity_id, std::string(name), by, run_time));
    return {};
  });
  if (!written) return fail(std::move(written).error());
  return renamed;
}

}  // namespace muster::provision
