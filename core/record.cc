// SPDX-License-Identifier: Apache-2.0
#include "core/record.h"

namespace muster {

std::string_view name_of(ResourceType type) {
  switch (type) {
    case ResourceType::user:
      return "User";
    case ResourceType::group:
      return "Group";
  }
  return "User";
}

}  // namespace muster
