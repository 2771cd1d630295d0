// SPDX-License-Identifier: Apache-2.0
#include "core/uuid.h"

#include <array>
#include <atomic>
#include <cstdint>
#include <cstdlib>
#include <cstring>

#include "core/random.h"

namespace muster {
namespace {

// A clock that was set back by less than this keeps counting from the last id, so that ids stay in
// order (RFC 9562, 6.2); a greater difference is another clock (a restored machine, a test) and is
// believed.
constexpr std::uint64_t tolerated_step_back_ms = 10'000;

// Milliseconds and counter in 60 bits. A full counter runs over into the milliseconds.
std::uint64_t next_tick(std::uint64_t now_ms) {
  static std::atomic<std::uint64_t> last{0};
  std::uint64_t seen = last.load(std::memory_order_relaxed);
  std::uint64_t tick = 0;
  do {
    tick = now_ms << 12;
    const bool behind = tick <= seen && (seen >> 12) - now_ms <= tolerated_step_back_ms;
    if (behind) tick = seen + 1;
  } while (!last.compare_exchange_weak(seen, tick, std::memory_order_relaxed));
  return tick;
}

// 64 ids' worth are drawn at once.
std::uint64_t random_bits() {
  static thread_local std::array<std::uint64_t, 64> pool;
  static thread_local std::size_t left = 0;
  if (left == 0) {
    const auto drawn = random_bytes(sizeof pool);
    if (!drawn) std::abort();  // an id that somebody can guess or that is there twice is worse
    std::memcpy(pool.data(), drawn->data(), sizeof pool);
    left = pool.size();
  }
  return pool[--left];
}

}  // namespace

std::string new_uuid(Timestamp now) {
  const auto tick =
      next_tick(static_cast<std::uint64_t>(now.time_since_epoch().count()) & 0xFFFF'FFFF'FFFFu);
  const std::uint64_t high = (tick >> 12) << 16 | 0x7000u | (tick & 0xFFFu);
  const std::uint64_t low = 0x8000'0000'0000'0000u | (random_bits() >> 2);

  constexpr char digits[] = "0123456789abcdef";
  std::string out(36, '-');
  std::size_t at = 0;
  for (int nibble = 0; nibble < 32; ++nibble) {
    if (nibble == 8 || nibble == 12 || nibble == 16 || nibble == 20) ++at;
    const std::uint64_t half = nibble < 16 ? high : low;
    out[at++] = digits[half >> (60 - 4 * (nibble % 16)) & 0xFu];
  }
  return out;
}

}  // namespace muster
