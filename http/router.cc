// SPDX-License-Identifier: Apache-2.0
#include "http/router.h"

#include <algorithm>
#include <array>
#include <utility>

namespace muster::http {
namespace {

constexpr std::size_t method_count = static_cast<std::size_t>(Method::other);

// Splits off the first segment of "/a/b", leaving "/b".
std::string_view take_segment(std::string_view& path) {
  path.remove_prefix(1);
  const std::size_t end = std::min(path.find('/'), path.size());
  const auto segment = path.substr(0, end);
  path.remove_prefix(end);
  return segment;
}

bool is_capture(std::string_view segment) {
  return segment.size() > 2 && segment.front() == '{' && segment.back() == '}';
}

}  // namespace

struct Router::Node {
  std::array<const Route*, method_count> routes = {};
  std::vector<std::pair<std::string, std::unique_ptr<Node>>> literals;
  std::unique_ptr<Node> capture;

  bool ends_here() const {
    return std::any_of(routes.begin(), routes.end(), [](const Route* r) { return r != nullptr; });
  }

  Node& child(std::string_view segment) {
    if (is_capture(segment)) {
      if (!capture) capture = std::make_unique<Node>();
      return *capture;
    }
    for (auto& [text, node] : literals)
      if (text == segment) return *node;
    return *literals.emplace_back(std::string(segment), std::make_unique<Node>()).second;
  }

  const Node* find(std::string_view path, std::vector<std::string>& captures) const {
    if (path.empty()) return ends_here() ? this : nullptr;
    const auto segment = take_segment(path);
    for (const auto& [text, node] : literals) {
      if (text != segment) continue;
      if (const Node* found = node->find(path, captures)) return found;
      break;
    }
    if (!capture || segment.empty()) return nullptr;
    captures.emplace_back(segment);
    if (const Node* found = capture->find(path, captures)) return found;
    captures.pop_back();
    return nullptr;
  }

  std::string allow() const {
    std::string list;
    for (std::size_t i = 0; i < method_count; ++i) {
      const auto method = static_cast<Method>(i);
      const bool head_by_get =
          method == Method::head && routes[static_cast<std::size_t>(Method::get)] != nullptr;
      if (routes[i] == nullptr && !head_by_get) continue;
      if (!list.empty()) list += ", ";
      list += name_of(method);
    }
    return list;
  }
};

Router::Router() : root_(std::make_unique<Node>()) {}
Router::Router(Router&&) noexcept = default;
Router& Router::operator=(Router&&) noexcept = default;
Router::~Router() = default;

Result<Router> Router::build(std::vector<Route> routes) {
  Router router;
  for (auto& route : routes) {
    router.routes_.push_back(std::make_unique<Route>(std::move(route)));
    MUSTER_CHECK(router.add(*router.routes_.back()));
  }
  return router;
}

Status Router::add(const Route& route) {
  const auto where = std::string(name_of(route.method)) + " " + route.pattern;
  if (!route.handler || route.method == Method::other)
    return fail(Fault::internal, "the route has no handler or no method", where);
  if (!route.pattern.starts_with('/'))
    return fail(Fault::internal, "a route's pattern starts with '/'", where);
  Node* node = root_.get();
  for (std::string_view rest = route.pattern; !rest.empty();)
    node = &node->child(take_segment(rest));
  auto& place = node->routes[static_cast<std::size_t>(route.method)];
  if (place != nullptr) return fail(Fault::internal, "two routes for the same requests", where);
  place = &route;
  return {};
}

Router::Match Router::match(Method method, std::string_view path) const {
  Match match;
  if (!path.starts_with('/')) return match;
  const Node* node = root_->find(path, match.captures);
  if (node == nullptr) return match;
  if (method != Method::other) match.route = node->routes[static_cast<std::size_t>(method)];
  if (match.route == nullptr && method == Method::head)
    match.route = node->routes[static_cast<std::size_t>(Method::get)];
  if (match.route == nullptr) match.allow = node->allow();
  return match;
}

}  // namespace muster::http
