// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "store/codec.h"
#include "store/rows.h"
#include "store/tables/fields.h"

namespace muster::store {

// A link key is null where it equals the key.
inline constexpr Field<RecordHead> kLinkKey{
    {"link_key", 't', Changes::indexed},
    [](Binder& binder, const RecordHead& head, std::int64_t) {
      head.link_key == head.key.key ? binder.null() : binder.text_or_null(head.link_key);
    },
    [](const Row& row, std::size_t at, RecordHead& head, SourceNames*) -> Status {
      head.link_key = row.is_null(at) ? std::string_view(head.key.key) : row.text(at);
      return {};
    }};

inline constexpr std::array kHeadFields{
    number<&RecordHead::row>("row_id"),
    text<&RecordHead::id>("id"),
    source_name<&RecordHead::key, &SourceKey::source>("source_id"),
    number<&RecordHead::key, &SourceKey::type>("type"),
    text<&RecordHead::key, &SourceKey::key>("key"),
    kLinkKey,
    number<&RecordHead::content_hash>("content_hash").changing(),
    number<&RecordHead::evaluated_with>("evaluated_with").changing(),
    text_or_null<&RecordHead::identity_id>("identity_id").changing(Changes::indexed),
    number<&RecordHead::state>("state").changing(Changes::indexed),
    number<&RecordHead::enabled>("enabled").changing(),
    number<&RecordHead::missing_since>("missing_since").changing(),
    next_version<&RecordHead::version>("version"),
    number<&RecordHead::created>("created"),
    number<&RecordHead::modified>("modified").changing(),
};
static_assert(kHeadFields.size() ==
              member_count<RecordHead>() - 1 /* key */ + member_count<SourceKey>());

// A contribution does not repeat the record's key, so the head is read before it.
inline constexpr Field<RecordRow> kContribution{
    {"contribution", 't', Changes::freely},
    [](Binder& binder, const RecordRow& record, std::int64_t) {
      binder.text(write_contribution(record.contribution));
    },
    [](const Row& row, std::size_t at, RecordRow& record, SourceNames*) -> Status {
      MUSTER_TRY(record.contribution, read_contribution(row.text(at), record.head.key));
      return {};
    }};

// What a record has beside its head.
inline constexpr std::array kRecordFields{
    text<&RecordRow::document>("document").changing(),
    kContribution,
    text_or_null<&RecordRow::correlated_by>("correlated_by").changing(),
    text_or_null<&RecordRow::state_reason>("state_reason").changing(),
    text_or_null<&RecordRow::search, &SearchKeys::user_name>("user_name_key")
        .changing(Changes::indexed),
    text_or_null<&RecordRow::search, &SearchKeys::external_id>("external_id")
        .changing(Changes::indexed),
    text_or_null<&RecordRow::search, &SearchKeys::display_name>("display_name_key")
        .changing(Changes::indexed),
    number<&RecordRow::search, &SearchKeys::active>("active").changing(Changes::indexed),
    packed<write_texts, read_texts, &RecordRow::search, &SearchKeys::emails>("emails").changing(
        Changes::indexed),
    text_or_null<&RecordRow::search, &SearchKeys::display>("display").changing(),
    packed<write_texts, read_texts, &RecordRow::aliases>("aliases").changing(Changes::indexed),
    packed<write_findings, read_findings, &RecordRow::findings>("findings").changing(),
};
static_assert(kRecordFields.size() ==
              member_count<RecordRow>() - 2 /* head, search */ + member_count<SearchKeys>());

inline constexpr auto kHeadColumns = columns_of(kHeadFields);
inline constexpr auto kRowColumns = joined(kHeadColumns, columns_of(kRecordFields));

// Of a table called `r`: "select ... from records r ".
std::string select_heads();
std::string select_records();

Result<RecordHead> read_head(const Row& row, Session& session, Catalog& catalog);
Result<RecordRow> read_record(const Row& row, Session& session, Catalog& catalog);

// Lists of states that stand in conditions, "(0, 2)".
std::string live_states();     // linked or quarantined: contributes to a person
std::string silent_states();   // belongs to a person and does not contribute any more
std::string waiting_states();  // store::waits

}  // namespace muster::store
