// SPDX-License-Identifier: Apache-2.0
#include "core/result.h"

namespace muster {

std::string_view name_of(Fault fault) {
  switch (fault) {
    case Fault::invalid:
      return "invalid";
    case Fault::not_found:
      return "not_found";
    case Fault::conflict:
      return "conflict";
    case Fault::denied:
      return "denied";
    case Fault::unavailable:
      return "unavailable";
    case Fault::internal:
      return "internal";
  }
  return "internal";
}

std::string describe(const Error& error) {
  if (error.where.empty()) return error.detail;
  return error.where + ": " + error.detail;
}

}  // namespace muster
