// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>

#include "store/lease.h"
#include "store/store.h"

namespace muster::store {

// A store as the holder of a lease sees it: each write looks at the fence first, in its own
// transaction, and is refused as lost_lease when somebody else has taken the lease, so that nothing
// of it is stored. Reads and rehearsals are those of `store`, which must outlive it. Thread-safe.
class FencedStore final : public Store {
 public:
  // `on_loss` is called by the thread whose write was refused.
  FencedStore(Store& store, Lease lease, std::function<void()> on_loss)
      : store_(store), lease_(std::move(lease)), on_loss_(std::move(on_loss)) {}

  Status write(const Work& work) override;
  Status read(const Look& look) override { return store_.read(look); }
  Result<std::unique_ptr<Reader>> reader() override { return store_.reader(); }
  Result<std::unique_ptr<Store>> rehearsal() override { return store_.rehearsal(); }
  Result<std::unique_ptr<View>> snapshot() override { return store_.snapshot(); }
  Counters counters() const override { return store_.counters(); }

 private:
  Store& store_;
  Lease lease_;
  std::function<void()> on_loss_;
};

}  // namespace muster::store
