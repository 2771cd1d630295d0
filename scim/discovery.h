// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "http/message.h"

namespace muster::scim {

// What the service says about itself (RFC 7644, section 4; RFC 7643, sections 5 to 7): made once
// from the schema tables, then sent as it stands. Thread-safe.
class Discovery {
 public:
  // `base` without a slash at the end.
  Discovery(const std::string& base, int max_results);

  http::Response service_provider_config(const http::Request& request) const;
  http::Response resource_types(const http::Request& request) const;
  http::Response resource_type(const http::Request& request) const;
  http::Response schemas(const http::Request& request) const;
  http::Response schema(const http::Request& request) const;

 private:
  struct Item {
    std::string id;
    std::string json;
  };
  static http::Response list(const http::Request& request, const std::vector<Item>& items);
  static http::Response one(const http::Request& request, const std::vector<Item>& items);

  std::string config_;
  std::vector<Item> resource_types_;
  std::vector<Item> schemas_;
};

}  // namespace muster::scim
