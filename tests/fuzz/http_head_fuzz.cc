// SPDX-License-Identifier: Apache-2.0
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "tests/http/fuzz_head.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  muster::http::fuzz_head({reinterpret_cast<const char*>(bytes), size});
  return 0;
}
