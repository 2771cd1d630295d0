// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"
#include "http/message.h"

namespace muster::http {

// Finds the route of a path in a tree of segments: a literal segment wins over a {..} one.
// Immutable after construction, thread-safe.
class Router {
 public:
  struct Match {
    const Route* route = nullptr;  // nullptr: no route for that path and method
    std::string allow = {};        // methods of that path when only the method is wrong
    std::vector<std::string> captures = {};
  };

  // Refuses a pattern that does not start with '/', a route without handler, and two routes for the
  // same thing.
  static Result<Router> build(std::vector<Route> routes);
  Router(Router&&) noexcept;
  Router& operator=(Router&&) noexcept;
  ~Router();

  // HEAD is answered by the route for GET where it has none of its own (RFC 9110, 9.3.2).
  Match match(Method method, std::string_view path) const;

 private:
  struct Node;
  Router();
  Status add(const Route& route);

  std::vector<std::unique_ptr<Route>> routes_;
  std::unique_ptr<Node> root_;
};

}  // namespace muster::http
