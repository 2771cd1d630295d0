// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string_view>

#include "http/gate.h"
#include "http/message.h"

namespace muster::http {

// Reads a request target (origin-form or absolute-form, RFC 9112, 3.2) into head.path and
// head.query, percent-decoded exactly once, so that authorization and routing see the same text.
// Refuses what is not printable ASCII, broken escapes, an encoded slash or control character, dot
// segments, and what does not decode to UTF-8.
std::optional<Refusal> read_target(std::string_view target, RequestHead& head);

}  // namespace muster::http
