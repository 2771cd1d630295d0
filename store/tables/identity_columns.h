// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "core/identity.h"
#include "store/codec.h"
#include "store/tables/fields.h"

namespace muster::store {

inline constexpr std::array kIdentityFields{
    text<&Identity::id>("id"),
    text<&Identity::user_name>("user_name").changing(),
    text_or_null<&Identity::email>("mail").changing(),
    number<&Identity::classification>("classification").changing(),
    text_or_null<&Identity::classification_rule>("classification_rule").changing(),
    number<&Identity::state>("state").changing(),
    text_or_null<&Identity::state_reason>("state_reason").changing(),
    next_version<&Identity::version>("version"),
    number<&Identity::created>("created"),
    number<&Identity::modified>("modified").changing(),
    packed<write_texts, read_texts, &Identity::sources>("tags").changing(),
    packed<write_findings, read_findings, &Identity::findings>("findings").changing(),
    packed<write_memberships, read_memberships, &Identity::groups>("memberships").changing(),
    packed_not_null<write_attributes, read_attributes, &Identity::attributes>("attributes")
        .changing(),
    number<&Identity::due>("due").changing(Changes::indexed),
};
// What a person was settled by is no fact about the person: ReferenceTable keeps it.
static_assert(kIdentityFields.size() == member_count<Identity>() - 1);

inline constexpr auto kIdentityColumns = columns_of(kIdentityFields);

// Of a table called `i`, the row number first: "select i.row_id, ... from identities i ".
std::string select_identities();
Result<Identity> read_identity(const Row& row);

}  // namespace muster::store
