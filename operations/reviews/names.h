// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>
#include <vector>

#include "core/result.h"
#include "store/reader.h"

namespace muster::operations {

// User names of identities, each read once; the id where nobody is. `reader` must outlive it.
class Names {
 public:
  explicit Names(store::Reader& reader) : reader_(reader) {}

  Result<std::string> of(const std::string& identity_id);  // empty stays empty
  Result<std::vector<std::string>> of(const std::vector<std::string>& ids);

 private:
  store::Reader& reader_;
  std::map<std::string, std::string> names_;
};

}  // namespace muster::operations
