// SPDX-License-Identifier: Apache-2.0
#include "core/random.h"

#include <openssl/rand.h>

namespace muster {

Result<std::string> random_bytes(std::size_t count) {
  std::string bytes(count, '\0');
  if (RAND_bytes(reinterpret_cast<unsigned char*>(bytes.data()), static_cast<int>(count)) != 1)
    return fail(Fault::unavailable, "the system's random generator gives nothing");
  return bytes;
}

}  // namespace muster
