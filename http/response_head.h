// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "http/message.h"

namespace muster::http {

// What the server adds to a response of a handler.
struct Delivery {
  std::string_view request_id = {};
  std::string_view date = {};  // IMF-fixdate (RFC 9110, 5.6.7)
  bool close = false;
};

// False when a field name is no token or a value would break out of its line (CR, LF, NUL, other
// control characters).
bool is_sendable(const Response& response);

// Whether a response of that status may have a body at all (RFC 9110, 6.4.1).
bool may_have_body(int status);

// Status line and fields with the empty line. Framing is the server's: Content-Length,
// Transfer-Encoding, Connection and Content-Type among response.headers are left out.
void write_head(const Response& response, const Delivery& delivery, std::string& into);

}  // namespace muster::http
