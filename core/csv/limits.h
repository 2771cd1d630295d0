// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>

namespace muster {

// What a file may bring before reading stops or a row is refused. Memory depends on these alone,
// never on the file.
struct CsvLimits {
  std::size_t cell_bytes = 64 << 10;
  std::size_t record_bytes = 1 << 20;
  std::size_t columns = 512;
  std::uint64_t rows = 2'000'000;
  std::uint64_t file_bytes = 256 << 20;
};

}  // namespace muster
