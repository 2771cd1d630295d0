// SPDX-License-Identifier: Apache-2.0
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "core/text.h"
#include "mappings/language/email.h"

// What is an address has one form, and its domain is in ASCII.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace muster;
  using namespace muster::mappings;
  const auto email = parse_email({reinterpret_cast<const char*>(data), size});
  if (!email) return 0;
  if (!is_ascii(email->domain)) std::abort();
  const auto again = parse_email(email->text());
  if (!again || again->text() != email->text()) std::abort();
  return 0;
}
