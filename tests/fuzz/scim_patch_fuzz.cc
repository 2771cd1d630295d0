// SPDX-License-Identifier: Apache-2.0
// PATCH bodies of clients against a whole user. What is accepted leaves a document that could have
// been sent whole.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "core/json.h"
#include "scim/canonical.h"
#include "scim/patch.h"

namespace {

using muster::ResourceType;

const muster::Value& user() {
  static const muster::Value value = *muster::scim::canonical_document(
      *muster::parse_json(
          R"({"userName":"u","active":true,"name":{"givenName":"g","familyName":"f"},
              "emails":[{"value":"a@b","type":"work","primary":true},{"value":"c@d","type":"home"}],
              "roles":[{"value":"r"}],
              "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User":
                {"department":"d","manager":{"value":"m"}}})"),
      ResourceType::user, {});
  return value;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const muster::scim::ClientQuirks quirks;
  const auto body = muster::parse_json(text);
  if (!body) return 0;
  const auto operations = muster::scim::read_patch(*body, ResourceType::user, quirks);
  if (!operations) return 0;
  muster::Value document = user();
  if (!muster::scim::apply_patch(*operations, ResourceType::user, quirks, document)) return 0;
  const auto again = muster::scim::canonical_document(document, ResourceType::user, quirks);
  if (!again) std::abort();
  return 0;
}
