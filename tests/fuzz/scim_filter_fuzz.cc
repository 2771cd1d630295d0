// SPDX-License-Identifier: Apache-2.0
// Filters of clients: every text is parsed or refused with a place, and what was parsed can be
// evaluated.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "core/json.h"
#include "scim/filter_parser.h"

namespace {

const muster::Value& document() {
  static const muster::Value value = *muster::parse_json(
      R"({"schemas":["a"],"id":"1","userName":"u","active":true,"title":"\u00fc",
          "emails":[{"value":"a@b","type":"work","primary":true},{"value":"c@d"}],
          "meta":{"created":"2026-01-01T00:00:00Z"},"members":[{"value":"m"}]})");
  return value;
}

void check(const muster::Result<muster::Filter>& filter) {
  if (filter) {
    static_cast<void>(muster::matches(*filter, document()));
  } else if (filter.error().code != "invalidFilter" || filter.error().where.empty()) {
    std::abort();
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  check(muster::scim::parse_filter(text, muster::ResourceType::user));
  check(muster::scim::parse_filter(text, muster::ResourceType::group));
  check(muster::scim::parse_people_filter(text));
  return 0;
}
