// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "http/message.h"

namespace muster::scim {

// The entity tags of an If-Match or If-None-Match field: a list, or * for any version. Tags are
// compared weakly: SCIM versions are weak (RFC 7644, 3.14).
class VersionTags {
 public:
  // Absent field: is_given() is false.
  static VersionTags of(const http::RequestHead& head, std::string_view field);

  bool is_given() const { return given_; }
  bool match(std::int64_t version) const;

 private:
  bool given_ = false;
  bool any_ = false;
  std::vector<std::int64_t> versions_;
};

}  // namespace muster::scim
