// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "core/filter.h"
#include "core/result.h"
#include "scim/schema.h"

namespace muster::scim {

// An attribute's place in a resource. Points into the schema tables. `attribute` is null when the
// path names a schema as a whole ("urn:...:enterprise:2.0:User").
struct AttributePath {
  const Schema* schema = nullptr;  // an extension; null for core and common attributes
  const Attribute* attribute = nullptr;
  const Attribute* sub = nullptr;

  // What the path ends at.
  const Attribute& leaf() const { return sub != nullptr ? *sub : *attribute; }
};

// "name.givenName", "URN:department", "urn:...:User": names in any case (RFC 7644, 3.10). A name
// that core does not know is looked for in the extensions. An error's detail says which part is
// unknown and what may have been meant; the caller adds code and place.
Result<AttributePath> resolve_path(std::string_view text, ResourceType type);

// "urn:...:User:name.givenName" in canonical spelling; core attributes without URN.
std::string spelled(const AttributePath& path);

Filter::Path filter_path(const AttributePath& path);

}  // namespace muster::scim
