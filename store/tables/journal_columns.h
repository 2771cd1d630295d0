// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/event.h"
#include "store/codec.h"
#include "store/rows.h"
#include "store/tables/fields.h"

namespace muster::store {

inline constexpr std::array kRunFields{
    text<&RunRow::id>("id"),
    source_name<&RunRow::source>("source_id"),
    number<&RunRow::kind>("kind"),
    number<&RunRow::state>("state").changing(),
    text_or_null<&RunRow::actor>("actor").changing(),
    text_or_null<&RunRow::detail>("detail").changing(),
    text_or_null<&RunRow::code>("code").changing(),
    text_or_null<&RunRow::server>("server").changing(),
    packed_not_null<write_counts, read_counts, &RunRow::counts>("counts").changing(),
    number<&RunRow::started>("started").changing(),
    number<&RunRow::ended>("ended").changing(),
    packed<write_finding_groups, read_finding_groups, &RunRow::findings>("findings").changing(),
    packed<write_standing, read_standing, &RunRow::standing>("standing").changing(),
};
static_assert(kRunFields.size() == member_count<RunRow>());
inline constexpr auto kRunColumns = columns_of(kRunFields);

// Behind the run's row number.
inline constexpr std::array kItemFields{
    number<&RunItem::number>("number"),
    text<&RunItem::action>("action"),
    text<&RunItem::result>("result"),
    text_or_null<&RunItem::code>("code"),
    text_or_null<&RunItem::where>("place"),
    text_or_null<&RunItem::record_key>("record_key"),
    text_or_null<&RunItem::identity_id>("identity_id"),
    text_or_null<&RunItem::message>("message"),
};
static_assert(kItemFields.size() == member_count<RunItem>());
inline constexpr auto kItemColumns = columns_of(kItemFields);

inline constexpr std::array kTokenFields{
    text<&TokenRow::id>("id"),
    source_name<&TokenRow::source>("source_id"),
    text<&TokenRow::secret_sha256>("secret_sha256"),
    number<&TokenRow::created>("created"),
    number<&TokenRow::expires>("expires").changing(),
    number<&TokenRow::revoked>("revoked").changing(),
    number<&TokenRow::last_used>("last_used").changing(),
};
static_assert(kTokenFields.size() == member_count<TokenRow>());
inline constexpr auto kTokenColumns = columns_of(kTokenFields);

// Behind the sequence, which the engine gives.
inline constexpr std::array kAuditFields{
    number<&AuditRow::at>("at"),         text<&AuditRow::actor>("actor"),
    text<&AuditRow::action>("action"),   text_or_null<&AuditRow::subject>("subject"),
    text_or_null<&AuditRow::run>("run"), text_or_null<&AuditRow::detail>("detail"),
};
static_assert(kAuditFields.size() + 1 == member_count<AuditRow>());
// An entry becomes a row; a new member has to become a member of the row, too.
static_assert(member_count<AuditEntry>() + 2 == member_count<AuditRow>());
inline constexpr auto kAuditColumns = columns_of(kAuditFields);

inline constexpr std::array kOutboxFields{
    text<&OutboxRow::kind>("kind"),
    text<&OutboxRow::subject>("subject"),
    text<&OutboxRow::body>("body"),
    number<&OutboxRow::created>("created"),
};
static_assert(kOutboxFields.size() + 1 == member_count<OutboxRow>());
static_assert(member_count<Event>() + 2 == member_count<OutboxRow>());
inline constexpr auto kOutboxColumns = columns_of(kOutboxFields);

Result<RunRow> read_run(const Row& row, Session& session, Catalog& catalog);

}  // namespace muster::store
