// SPDX-License-Identifier: Apache-2.0
#include "store/readers/resource_document.h"

#include "core/identity.h"
#include "core/json.h"

namespace muster::store {
namespace {

constexpr std::string_view kExtension = "urn:ietf:params:scim:schemas:extension:muster:2.0:User";

Value meta(const ResourceRow& row, ResourceType type) {
  Value meta;
  meta.set("resourceType", Value(name_of(type)));
  meta.set("created", Value(format_timestamp(row.created)));
  meta.set("lastModified", Value(format_timestamp(row.modified)));
  meta.set("version", Value("W/\"" + std::to_string(row.version) + "\""));
  return meta;
}

Value extension(const ResourceRow& row) {
  Value out;
  out.set("state", Value(shown_state(row)));
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

Value member_list(std::span<const MemberRow> members) {
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

Result<Value> filter_document(const ResourceRow& row, ResourceType type,
                              std::span<const MemberRow> members) {
  MUSTER_TRY(Value document, parse_json(row.document, JsonLimits{64, row.document.size()}));
  document.set("id", Value(row.id));
  document.set("meta", meta(row, type));
  if (type == ResourceType::group) {
    document.set("members", member_list(members));
  } else {
    document.set(kExtension, extension(row));
  }
  return document;
}

}  // namespace muster::store
