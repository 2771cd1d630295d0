// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace muster::connectors::ldap {

// The text of an objectGUID as Windows writes it, in lower case: the first three groups of the 16
// bytes are little-endian, the others in order (MS-DTYP, 2.3.4.2). nullopt unless there are 16
// bytes.
std::optional<std::string> guid_text(std::string_view bytes);

}  // namespace muster::connectors::ldap
