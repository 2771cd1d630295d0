// SPDX-License-Identifier: Apache-2.0
#include "scim/filter_dialect.h"

#include <array>

#include "core/clock.h"
#include "core/json.h"
#include "scim/presenter.h"
#include "scim/schema.h"

namespace muster::scim {
namespace {

using store::Indexed;
using store::IndexedName;

constexpr std::array<IndexedName, 6> kUserNames{{{"id", Indexed::id},
                                                 {"userName", Indexed::user_name},
                                                 {"externalId", Indexed::external_id},
                                                 {"emails.value", Indexed::email},
                                                 {"displayName", Indexed::display_name},
                                                 {"active", Indexed::active}}};
constexpr std::array<IndexedName, 4> kGroupNames{{{"id", Indexed::id},
                                                  {"externalId", Indexed::external_id},
                                                  {"members.value", Indexed::member},
                                                  {"displayName", Indexed::display_name}}};

Value meta(const store::ResourceRow& row, ResourceType type) {
  Value meta;
  meta.set("resourceType", Value(name_of(type)));
  meta.set("created", Value(format_timestamp(row.created)));
  meta.set("lastModified", Value(format_timestamp(row.modified)));
  meta.set("version", Value(entity_tag(row.version)));
  return meta;
}

Value extension(const store::ResourceRow& row) {
  Value out;
  out.set("state", Value(store::shown_state(row)));
  if (row.identity_id.empty()) return out;
  out.set("identityId", Value(row.identity_id));
  out.set("platformUserName", Value(row.user_name));
  out.set("classification", Value(row.classification));
  out.set("classificationRule", Value(row.classification_rule));
  Value::List sources;
  for (const auto& tag : row.sources) {
    Value source;
    source.set("value", Value(tag));
    source.set("primary", Value(sources.empty()));
    sources.push_back(std::move(source));
  }
  out.set("sources", Value(std::move(sources)));
  return out;
}

Value member_list(std::span<const store::MemberRow> members) {
  Value::List list;
  for (const auto& member : members) {
    Value one;
    one.set("value", Value(member.record_id.empty() ? member.key : member.record_id));
    one.set("type", Value(name_of(member.type)));
    one.set("display", Value(member.display));
    list.push_back(std::move(one));
  }
  return Value(std::move(list));
}

}  // namespace

std::span<const IndexedName> ScimFilters::indexed(ResourceType type) const {
  if (type == ResourceType::group) return kGroupNames;
  return kUserNames;
}

Result<Value> ScimFilters::document(const store::ResourceRow& row, ResourceType type,
                                    std::span<const store::MemberRow> members) const {
  MUSTER_TRY(Value document, parse_json(row.document, JsonLimits{64, row.document.size()}));
  document.set("id", Value(row.id));
  document.set("meta", meta(row, type));
  if (type == ResourceType::group) {
    document.set("members", member_list(members));
  } else {
    document.set(muster_urn, extension(row));
  }
  return document;
}

}  // namespace muster::scim
