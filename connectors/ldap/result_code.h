// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "core/result.h"

namespace muster::connectors::ldap {

// "sizeLimitExceeded (4)" (RFC 4511, appendix A); what libldap says for its own negative codes.
std::string result_name(int code);

// The kind of fault that a result code of a search or bind stands for.
Fault fault_of(int code);

// What the operator can do about it: a sentence, or empty.
std::string_view advice_for(int code);

// "sizeLimitExceeded (4), the server says: ...". `diagnostic` may be empty.
std::string explain(int code, std::string_view diagnostic);

}  // namespace muster::connectors::ldap
