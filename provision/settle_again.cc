// SPDX-License-Identifier: Apache-2.0
#include "provision/settle_again.h"

#include <algorithm>

namespace muster::provision {
namespace {

constexpr std::size_t portion = 500;

}  // namespace

Status settle_again(store::Transaction& tx, const mappings::Engine& engine, Timestamp run_time,
                    std::vector<std::string> identity_ids) {
  // Ends, because a mapping file in which people could follow from each other in a circle is
  // refused (E-CYCLE).
  while (!identity_ids.empty()) {
    std::vector<Reference> moved;
    for (std::size_t from = 0; from < identity_ids.size(); from += portion) {
      const auto part =
          std::span(identity_ids).subspan(from, std::min(portion, identity_ids.size() - from));
      BatchHeld held(tx);
      People people(tx, engine, held, run_time);
      MUSTER_CHECK(people.load(part));
      for (const auto& id : part) {
        if (Person* person = people.find(id)) MUSTER_CHECK(people.settle_again(*person));
      }
      MUSTER_CHECK(people.flush());
      auto more = people.moved();
      moved.insert(moved.end(), std::make_move_iterator(more.begin()),
                   std::make_move_iterator(more.end()));
    }
    identity_ids.clear();
    if (!moved.empty()) {
      MUSTER_TRY(identity_ids, tx.references().referrers(moved));
    }
  }
  return {};
}

Status settle_referrers(store::Transaction& tx, const mappings::Engine& engine, Timestamp run_time,
                        const People& changed) {
  const auto moved = changed.moved();
  if (moved.empty()) return {};
  MUSTER_TRY(auto ids, tx.references().referrers(moved));
  std::erase_if(ids, [&](const std::string& id) { return changed.holds(id); });
  return settle_again(tx, engine, run_time, std::move(ids));
}

}  // namespace muster::provision
