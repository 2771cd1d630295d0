// SPDX-License-Identifier: Apache-2.0
#include "store/store.h"

#include "store/sql_store.h"

namespace muster::store {

Result<std::unique_ptr<Store>> Store::open(const StoreOptions& options) {
  constexpr std::string_view sqlite = "sqlite:";
  if (options.url.starts_with(sqlite) && options.url.size() > sqlite.size()) {
    return open_sqlite(options, options.url.substr(sqlite.size()));
  }
  if (options.url.starts_with("postgresql://") || options.url.starts_with("postgres://")) {
    return open_postgresql(options);
  }
  return fail(Fault::invalid,
              "the store's URL must be sqlite:PATH, sqlite::memory: or "
              "postgresql://user@host:port/database");
}

}  // namespace muster::store
