// SPDX-License-Identifier: Apache-2.0
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "core/dn.h"

// What is a DN has one normal form, lies below itself and below the root.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace muster;
  const auto dn = parse_dn({reinterpret_cast<const char*>(data), size});
  if (!dn) return 0;
  const auto again = parse_dn(dn_text(dn->key));
  if (!again || again->key != dn->key || again->rdns != dn->rdns) std::abort();
  if (!dn_under(dn->key, dn->key) || !dn_under(dn->key, "")) std::abort();
  return 0;
}
