// SPDX-License-Identifier: Apache-2.0
#include "operations/reviews/names.h"

namespace muster::operations {

Result<std::string> Names::of(const std::string& identity_id) {
  if (identity_id.empty()) return std::string();
  auto& name = names_[identity_id];
  if (!name.empty()) return name;
  MUSTER_TRY(auto person, reader_.people().get(identity_id));
  name = person ? person->user_name : identity_id;
  return name;
}

Result<std::vector<std::string>> Names::of(const std::vector<std::string>& ids) {
  std::vector<std::string> names;
  for (const auto& id : ids) {
    MUSTER_TRY(auto name, of(id));
    names.push_back(std::move(name));
  }
  return names;
}

}  // namespace muster::operations
