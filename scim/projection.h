// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/record.h"
#include "core/result.h"
#include "core/value.h"
#include "scim/attribute_path.h"

namespace muster::scim {

// Which attributes an answer holds: `attributes` and `excludedAttributes` (RFC 7644, 3.9). Names
// that no schema knows select nothing. Attributes that are always returned stay.
class Projection {
 public:
  // Everything that is returned by default.
  Projection() = default;
  // Both given: Fault::invalid, code invalidValue.
  static Result<Projection> make(const std::vector<std::string>& attributes,
                                 const std::vector<std::string>& excluded, ResourceType type);

  // Nothing was asked for: the resource goes out as it stands.
  bool whole() const { return !only_ && paths_.empty(); }
  // `attributes` was given.
  bool selects() const { return only_; }
  // Whether any part of a core attribute will be in the answer; for what is costly to fetch.
  bool wants(std::string_view attribute) const;
  // Asked for by name: for attributes that are returned on request only.
  bool requests(std::string_view attribute) const;

  Value apply(const Value& resource, ResourceType type) const;

 private:
  void keep(const Value::Member& member, ResourceType type, Value& out) const;

  bool only_ = false;
  std::vector<AttributePath> paths_;
};

}  // namespace muster::scim
