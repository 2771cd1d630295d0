// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "core/result.h"

namespace muster::store {

// An overlay is never asked for this: it would mean that a walk over what is stored makes something
// new.
inline tl::unexpected<Error> refused(const char* what) {
  return fail(Fault::internal, std::string("an overlay cannot ") + what);
}

}  // namespace muster::store
