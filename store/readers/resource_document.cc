// SPDX-License-Identifier: Apache-2.0
#include "store/readers/resource_document.h"

#include "core/identity.h"
#include "core/json.h"
#include "store/codec.h"
#include "store/tables/record_columns.h"

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

Result<ResourceRow> read_resource(const Row& row) {
  ResourceRow resource;
  resource.id = row.text(1);
  resource.document = row.text(4);
  resource.state = static_cast<RecordState>(row.number(5));
  resource.state_reason = row.text(6);
  resource.version = row.number(7);
  resource.created = timestamp(row.number(8));
  resource.modified = timestamp(row.number(9));
  if (row.is_null(10)) return resource;
  resource.identity_id = row.text(10);
  resource.user_name = row.text(11);
  resource.classification = name_of(static_cast<Classification>(row.number(12)));
  resource.classification_rule = row.text(13);
  resource.identity_state = name_of(static_cast<IdentityState>(row.number(14)));
  MUSTER_TRY(resource.sources, read_texts(row.text(15)));
  MUSTER_TRY(resource.findings, read_findings(row.text(16)));
  return resource;
}

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
