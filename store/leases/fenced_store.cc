// SPDX-License-Identifier: Apache-2.0
#include "store/leases/fenced_store.h"

namespace muster::store {

Status FencedStore::write(const Work& work) {
  auto done = store_.write([&](Transaction& tx) -> Status {
    MUSTER_CHECK(tx.leases().check(lease_));
    return work(tx);
  });
  if (!done && lost_lease(done.error())) on_loss_();
  return done;
}

}  // namespace muster::store
