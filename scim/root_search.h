// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "http/message.h"
#include "scim/resource_service.h"

namespace muster::scim {

// POST /.search at the root (RFC 7644, 3.4.3): users, then groups, as one list. A filter over
// attributes that only one type has finds resources of that type.
http::Response search_all(const http::Request& request, const ResourceService& users,
                          const ResourceService& groups, int max_results);

}  // namespace muster::scim
