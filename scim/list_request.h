// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/query.h"
#include "core/record.h"
#include "core/result.h"
#include "core/value.h"
#include "http/message.h"
#include "scim/projection.h"

namespace muster::scim {

// A question for many (RFC 7644, 3.4.2), from query parameters or a SearchRequest body. sortBy is
// passed over: ServiceProviderConfig announces no sorting.
struct ListRequest {
  Query query = {};
  Projection projection = {};
};

// `max_results` bounds one answer; it is the page size too when that is smaller than the usual one.
Result<ListRequest> read_list_request(const http::RequestHead& head, ResourceType type,
                                      int max_results);
Result<ListRequest> read_search_request(const Value& body, ResourceType type, int max_results);

// A part of what was asked for, as JSON texts, and how many there are in all.
struct Found {
  std::int64_t total = 0;
  std::vector<std::string> resources = {};
};

// The body of a ListResponse (RFC 7644, 3.4.2).
std::string list_response(const Found& found, std::int64_t start);

// attributes and excludedAttributes of a request for one resource.
Result<Projection> read_projection(const http::RequestHead& head, ResourceType type);

}  // namespace muster::scim
