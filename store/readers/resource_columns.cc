// SPDX-License-Identifier: Apache-2.0
#include "store/readers/resource_columns.h"

#include "core/identity.h"
#include "store/codec.h"
#include "store/tables/fields.h"

namespace muster::store {
namespace {

// A word that is kept as the number of its enum.
template <class Enum, auto... path>
constexpr auto word(std::string_view column) {
  return Field<ResourceRow>{
      {column, 'n'},
      nullptr,
      [](const Row& row, std::size_t at, ResourceRow& resource, SourceNames*) -> Status {
        member<path...>(resource) = name_of(static_cast<Enum>(row.number(at)));
        return {};
      }};
}

constexpr std::array kOfRecord{
    text<&ResourceRow::id>("id"),
    text<&ResourceRow::document>("document"),
    number<&ResourceRow::state>("state"),
    text<&ResourceRow::state_reason>("state_reason"),
    number<&ResourceRow::version>("version"),
    number<&ResourceRow::created>("created"),
    number<&ResourceRow::modified>("modified"),
};
constexpr std::array kOfIdentity{
    text<&ResourceRow::identity_id>("id"),
    text<&ResourceRow::user_name>("user_name"),
    word<Classification, &ResourceRow::classification>("classification"),
    text<&ResourceRow::classification_rule>("classification_rule"),
    word<IdentityState, &ResourceRow::identity_state>("state"),
    packed<write_texts, read_texts, &ResourceRow::sources>("tags"),
    packed<write_findings, read_findings, &ResourceRow::findings>("findings"),
};
static_assert(kOfRecord.size() + kOfIdentity.size() == member_count<ResourceRow>());

constexpr std::size_t kRecordAt = 3;
constexpr std::size_t kIdentityAt = kRecordAt + kOfRecord.size();

}  // namespace

std::string select_resources() {
  return "select r.row_id, r.source_id, r.type, " + select_list(columns_of(kOfRecord), "r") + ", " +
         select_list(columns_of(kOfIdentity), "i") +
         " from records r left join identities i on i.id = r.identity_id ";
}

Result<ResourceRow> read_resource(const Row& row) {
  ResourceRow resource;
  MUSTER_CHECK(read_fields(row, kRecordAt, kOfRecord, resource));
  if (row.is_null(kIdentityAt)) return resource;
  MUSTER_CHECK(read_fields(row, kIdentityAt, kOfIdentity, resource));
  return resource;
}

}  // namespace muster::store
