// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "core/value.h"
#include "core/yaml.h"
#include "mappings/language/type.h"
#include "mappings/report.h"

namespace muster::mappings {

// The attributes of a SCIM user: RFC 7643 4.1 (without `groups`, which the service provider keeps)
// and the enterprise extension (4.3) under the alias `enterprise`.
std::shared_ptr<const Fields> scim_user_fields();

// The `records:` of an LDAP or CSV source: attribute names under the type they have. `kind` is
// "ldap" (names compare without case, `dn` is always there) or "csv".
std::shared_ptr<const Fields> read_records(Report& report, const YamlNode& node,
                                           std::string_view kind, std::string_view what);

// What rules about the identity see of a record as `from.<tag>`: its fields and the groups that the
// person is in.
std::shared_ptr<const Fields> with_groups(const Fields& record);

// A record as the `tests:` of a file write it: scalars typed by the fields, `null` stays none.
// Names that the fields do not know are E-NAME.
Value read_given_record(Report& report, const YamlNode& node, const Fields& fields,
                        std::string_view what);

}  // namespace muster::mappings
