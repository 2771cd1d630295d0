// SPDX-License-Identifier: Apache-2.0
#include "scim/root_search.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "core/json.h"
#include "scim/problem.h"

namespace muster::scim {
namespace {

// Adds what `wanted` finds of another type behind what is there; its page begins where the earlier
// types end.
Status append(const http::Request& request, const ResourceService& service, ListRequest wanted,
              Found& out) {
  wanted.query.start = std::max<std::int64_t>(1, wanted.query.start - out.total);
  wanted.query.count -= static_cast<std::int64_t>(out.resources.size());
  MUSTER_TRY(auto found, service.find(request, wanted));
  out.total += found.total;
  std::move(found.resources.begin(), found.resources.end(), std::back_inserter(out.resources));
  return {};
}

Result<http::Response> try_search(const http::Request& request, const ResourceService& users,
                                  const ResourceService& groups, int max_results) {
  MUSTER_TRY(const auto body, parse_json(request.body));
  const auto of_users = read_search_request(body, ResourceType::user, max_results);
  const auto of_groups = read_search_request(body, ResourceType::group, max_results);
  if (!of_users && !of_groups) return fail(of_users.error());
  Found found;
  if (of_users) MUSTER_CHECK(append(request, users, *of_users, found));
  if (of_groups) MUSTER_CHECK(append(request, groups, *of_groups, found));
  const auto start = of_users ? of_users->query.start : of_groups->query.start;
  return json_response(200, list_response(found, start));
}

}  // namespace

http::Response search_all(const http::Request& request, const ResourceService& users,
                          const ResourceService& groups, int max_results) {
  auto answer = try_search(request, users, groups, max_results);
  return answer ? *std::move(answer) : problem(answer.error());
}

}  // namespace muster::scim
