// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "core/identity.h"
#include "core/value.h"
#include "operations/users/users.h"
#include "store/rows.h"

namespace muster::operations {

// The person's mail address, that of the past for somebody who left and gave it up.
std::string mail_of(const Identity& person);
Value as_document(const Identity& person);
// Which record contributes to a person, without what it says.
Value as_document(const store::RecordRow& record);
// The person with its records.
Value as_document(const PersonDetails& details);

}  // namespace muster::operations
