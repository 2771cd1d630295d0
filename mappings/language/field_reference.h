// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "mappings/language/type.h"

namespace muster::mappings {

// A member of an object that an expression reads.
struct FieldReference {
  Field field = {};
  bool fold = false;  // its name is found without regard to ASCII case
};

// The name that records give to the field.
inline const std::string& spelled(const Field& field) {
  return field.key.empty() ? field.name : field.key;
}

}  // namespace muster::mappings
