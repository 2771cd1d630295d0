// SPDX-License-Identifier: Apache-2.0
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "tests/connectors/csv/fuzz_csv.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  muster::connectors::csv::test::fuzz_csv({reinterpret_cast<const char*>(bytes), size});
  return 0;
}
