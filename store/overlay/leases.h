// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "store/lease.h"
#include "store/overlay/refused.h"

namespace muster::store {

// What is only tried needs no lease.
class NoLeases final : public LeaseTable {
 public:
  Result<std::optional<Lease>> find(std::string_view) override { return std::optional<Lease>(); }
  Result<Lease> acquire(std::string_view, const LeaseHolder&, std::chrono::milliseconds) override {
    return refused("take a lease");
  }
  Status renew(const Lease&, std::chrono::milliseconds) override {
    return refused("renew a lease");
  }
  Status release(const Lease&) override { return refused("release a lease"); }
  Status check(const Lease&) override { return refused("check a lease"); }
};

}  // namespace muster::store
