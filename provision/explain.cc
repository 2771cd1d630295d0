// SPDX-License-Identifier: Apache-2.0
#include "provision/explain.h"

#include "mappings/explain.h"
#include "provision/people.h"

namespace muster::provision {

Result<Value> explain(const Provisioner& provisioner, std::string_view identity_id,
                      Timestamp run_time) {
  const auto engine = provisioner.engine();
  Value explained;
  auto read = provisioner.store().write([&](store::Transaction& tx) -> Status {
    BatchHeld held(tx);
    People people(tx, *engine, held, run_time);
    const std::string ids[] = {std::string(identity_id)};
    MUSTER_CHECK(people.load(ids));
    const auto* person = people.find(identity_id);
    if (person == nullptr) return fail(Fault::not_found, "there is no person with id " + ids[0]);
    MUSTER_TRY(auto told, people.told_of(*person));
    MUSTER_TRY(explained, mappings::explain_identity(*engine, told, person->now, people, run_time));
    return {};
  });
  if (!read) return fail(std::move(read).error());
  return explained;
}

}  // namespace muster::provision
