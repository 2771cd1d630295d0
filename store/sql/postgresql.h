// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>

#include "store/sql/session.h"

namespace muster::store::postgresql {

struct Options {
  std::string url = {};  // "postgresql://user@host:port/database"
  std::string password = {};
};

Result<std::unique_ptr<Session>> connect(const Options& options);

}  // namespace muster::store::postgresql
