// SPDX-License-Identifier: Apache-2.0
#include "core/secret.h"

#include <cstring>

namespace muster {

// The whole capacity, because a moved-from short string keeps its bytes behind its size.
void Secret::wipe() {
  text_.resize(text_.capacity());
  explicit_bzero(text_.data(), text_.size());
  text_.clear();
}

}  // namespace muster
