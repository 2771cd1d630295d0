// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <shared_mutex>
#include <span>
#include <string>
#include <string_view>

#include "core/result.h"
#include "store/sql/session.h"

namespace muster::store {

// Names of sources and the numbers that stand for them in the tables. Thread-safe; remembers what
// is committed.
class Catalog {
 public:
  // Registers the names, in their order, and reads all that the store knows; in a transaction of
  // the caller.
  Status open(Session& session, std::span<const std::string> names);

  // 0 for a source that nobody registered.
  Result<std::int64_t> id(Session& session, std::string_view name);
  // Registers an unknown one within the caller's transaction.
  Result<std::int64_t> id_or_new(Session& session, std::string_view name);
  // Empty for an unknown number.
  Result<std::string> name(Session& session, std::int64_t id);

 private:
  std::shared_mutex mutex_;
  std::map<std::string, std::int64_t, std::less<>> ids_;
  std::map<std::int64_t, std::string> names_;
};

}  // namespace muster::store
