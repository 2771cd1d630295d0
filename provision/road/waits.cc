// SPDX-License-Identifier: Apache-2.0
#include "provision/road/waits.h"

#include <utility>

namespace muster::provision {

Status keep_waits(store::Transaction& tx, std::span<const Wait> waits) {
  std::vector<std::string> ids;
  for (const auto& wait : waits) ids.push_back(wait.record_id);
  if (ids.empty()) return {};
  MUSTER_TRY(auto before, tx.references().of(ids));
  std::vector<store::ReferenceChange> changes;
  for (std::size_t i = 0; i < waits.size(); ++i) {
    if (before[i] != waits[i].asked)
      changes.push_back({waits[i].record_id, std::move(before[i]), waits[i].asked});
  }
  return tx.references().replace(changes);
}

}  // namespace muster::provision
