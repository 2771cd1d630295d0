// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "store/lease.h"
#include "store/tables/write_scope.h"

namespace muster::store {

class SqlLeaseTable final : public LeaseTable {
 public:
  explicit SqlLeaseTable(WriteScope& scope) : scope_(scope) {}
  Result<std::optional<Lease>> find(std::string_view name) override;
  Result<Lease> acquire(std::string_view name, const LeaseHolder& holder,
                        std::chrono::milliseconds duration) override;
  Status renew(const Lease& lease, std::chrono::milliseconds duration) override;
  Status release(const Lease& lease) override;
  Status check(const Lease& lease) override;

 private:
  Result<Timestamp> time();
  Result<std::optional<Lease>> read(const Sql& sql, std::string_view name);
  Status set_end(const Lease& lease, Timestamp until);

  WriteScope& scope_;
};

}  // namespace muster::store
