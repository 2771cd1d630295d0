// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "store/codec.h"
#include "store/rows.h"
#include "store/tables/fields.h"

namespace muster::store {

inline constexpr std::array kReviewFields{
    text<&ReviewRow::id>("id"),
    source_name<&ReviewRow::source>("source_id"),
    text<&ReviewRow::record_id>("record_id"),
    text<&ReviewRow::record_key>("record_key"),
    number<&ReviewRow::state>("state").changing(),
    text<&ReviewRow::reason>("reason").changing(),
    text_or_null<&ReviewRow::tier>("tier").changing(),
    packed<write_texts, read_texts, &ReviewRow::candidates>("candidates").changing(),
    number<&ReviewRow::opened>("opened"),
    number<&ReviewRow::resolution>("resolution").changing(),
    number<&ReviewRow::resolved>("resolved").changing(),
    text_or_null<&ReviewRow::person>("person").changing(),
    text_or_null<&ReviewRow::by>("resolved_by").changing(),
    text_or_null<&ReviewRow::note>("note").changing(),
};
static_assert(kReviewFields.size() == member_count<ReviewRow>());
inline constexpr auto kReviewColumns = columns_of(kReviewFields);

// Of a table called `v`, the row number first: "select v.row_id, ... from reviews v ".
std::string select_reviews();
Result<ReviewRow> read_review(const Row& row, Session& session, Catalog& catalog);

// The review of that id, for the write side and the read side alike.
Result<std::optional<ReviewRow>> find_review(Session& session, Catalog& catalog,
                                             std::string_view id);

}  // namespace muster::store
