// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "core/result.h"
#include "http/message.h"

namespace muster::scim {

inline constexpr std::string_view media_type = "application/scim+json";

// An error in SCIM form (RFC 7644, 3.12).
http::Response problem(int status, std::string_view scim_type, std::string_view detail);

// The one place where faults become statuses and scimTypes.
http::Response problem(const Error& error);

http::Response json_response(int status, std::string body);

}  // namespace muster::scim
