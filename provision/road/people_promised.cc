// SPDX-License-Identifier: Apache-2.0
// People who are only tried: see user_batch_together.cc.
#include "provision/road/people.h"

namespace muster::provision {

void People::promise(const Identity& identity, const store::RecordRow& record) {
  Person& person = people_[identity.id];
  person.now = identity;
  person.told = {record};
  for (const auto& name : names_of(person.told)) add_name(name, person);
  world_.unstage(identity.id);
  world_.stage(person.now, {record.head.key.source}, engine_.index_keys(person.now));
}

void People::break_promise(const std::string& identity_id) {
  std::erase_if(named_, [&](const auto& name) { return name.second == identity_id; });
  world_.unstage(identity_id);
  people_.erase(identity_id);
}

Result<mappings::Settled> People::settle_promised(const std::string& identity_id) {
  world_.unstage(identity_id);
  MUSTER_TRY(const auto words, words_of(people_.at(identity_id).told, {}));
  return engine_.settle(words, nullptr, *this, run_time_);
}

}  // namespace muster::provision
