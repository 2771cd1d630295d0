// SPDX-License-Identifier: Apache-2.0
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "core/text.h"
#include "mappings/language/email.h"
#include "mappings/language/sets.h"

// What is a domain has one ASCII form, which a set of just that domain holds, and nothing that only
// ends like it.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace muster;
  using namespace muster::mappings;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto domain = domain_to_ascii(text);
  DomainSet set(true);
  if (domain.has_value() != set.add(text).has_value()) std::abort();
  if (!domain) return 0;
  if (!is_ascii(*domain) || domain_to_ascii(*domain).value_or("") != *domain) std::abort();
  static_cast<void>(domain_to_unicode(*domain));
  if (!set.contains(*domain) || !set.contains("a." + *domain) || set.contains("a" + *domain))
    std::abort();
  return 0;
}
