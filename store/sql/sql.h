// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace muster::store {

enum class Engine { sqlite, postgresql };

// One statement, the same text for both engines: parameters are written $1, $2... `in` names their
// types, one letter each: 'n' a 64-bit number, 't' text. Sessions keep it prepared under its
// address, so every Sql has static storage.
struct Sql {
  std::string text = {};
  std::string in = {};
};

}  // namespace muster::store
