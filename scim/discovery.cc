// SPDX-License-Identifier: Apache-2.0
#include "scim/discovery.h"

#include "core/json.h"
#include "core/text.h"
#include "core/value.h"
#include "scim/list_request.h"
#include "scim/problem.h"
#include "scim/schema.h"

namespace muster::scim {
namespace {

constexpr std::string_view schema_schema = "urn:ietf:params:scim:schemas:core:2.0:Schema";
constexpr std::string_view type_schema = "urn:ietf:params:scim:schemas:core:2.0:ResourceType";
constexpr std::string_view config_schema =
    "urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig";

std::string_view word_of(Type type) {
  switch (type) {
    case Type::string:
      return "string";
    case Type::boolean:
      return "boolean";
    case Type::decimal:
      return "decimal";
    case Type::integer:
      return "integer";
    case Type::date_time:
      return "dateTime";
    case Type::binary:
      return "binary";
    case Type::reference:
      return "reference";
    case Type::complex:
      return "complex";
  }
  return {};
}

std::string_view word_of(Mutability mutability) {
  switch (mutability) {
    case Mutability::read_write:
      return "readWrite";
    case Mutability::read_only:
      return "readOnly";
    case Mutability::immutable:
      return "immutable";
    case Mutability::write_only:
      return "writeOnly";
  }
  return {};
}

std::string_view word_of(Returned returned) {
  switch (returned) {
    case Returned::always:
      return "always";
    case Returned::by_default:
      return "default";
    case Returned::request:
      return "request";
    case Returned::never:
      return "never";
  }
  return {};
}

Value list_of(const std::vector<std::string_view>& texts) {
  Value::List out;
  for (const auto text : texts) out.emplace_back(text);
  return out;
}

// caseExact is about texts, uniqueness not about complex attributes (RFC 7643, errata 6004, 8415).
Value describe(const Attribute& attribute) {
  Value out;
  out.set("name", attribute.name).set("type", word_of(attribute.type));
  out.set("multiValued", attribute.multi_valued).set("description", attribute.description);
  out.set("required", attribute.required);
  const bool is_text = attribute.type == Type::string || attribute.type == Type::reference ||
                       attribute.type == Type::binary;
  if (is_text) out.set("caseExact", attribute.case_exact);
  out.set("mutability", word_of(attribute.mutability));
  out.set("returned", word_of(attribute.returned));
  if (!attribute.is_complex()) {
    out.set("uniqueness", attribute.uniqueness == Uniqueness::server ? "server" : "none");
  }
  if (!attribute.canonical_values.empty()) {
    out.set("canonicalValues", list_of(attribute.canonical_values));
  }
  if (!attribute.reference_types.empty()) {
    out.set("referenceTypes", list_of(attribute.reference_types));
  }
  if (attribute.is_complex()) {
    Value::List subs;
    for (const auto& sub : attribute.sub_attributes) subs.push_back(describe(sub));
    out.set("subAttributes", std::move(subs));
  }
  return out;
}

Value meta(std::string_view type, std::string location) {
  Value out;
  out.set("resourceType", type).set("location", std::move(location));
  return out;
}

Value describe(const Schema& schema, const std::string& base) {
  Value::List attributes;
  for (const auto& attribute : schema.attributes) attributes.push_back(describe(attribute));
  Value out;
  out.set("schemas", list_of({schema_schema})).set("id", schema.id).set("name", schema.name);
  out.set("description", schema.description).set("attributes", std::move(attributes));
  out.set("meta", meta("Schema", base + "/Schemas/" + std::string(schema.id)));
  return out;
}

Value describe(ResourceType type, const std::string& base) {
  const ResourceSchemas& schemas = schemas_of(type);
  Value out;
  out.set("schemas", list_of({type_schema})).set("id", schemas.name).set("name", schemas.name);
  out.set("description", schemas.core->description).set("endpoint", schemas.endpoint);
  out.set("schema", schemas.core->id);
  Value::List extensions;
  for (const Schema* extension : schemas.extensions) {
    Value entry;
    entry.set("schema", extension->id).set("required", false);
    extensions.push_back(std::move(entry));
  }
  if (!extensions.empty()) out.set("schemaExtensions", std::move(extensions));
  out.set("meta", meta("ResourceType", base + "/ResourceTypes/" + std::string(schemas.name)));
  return out;
}

Value supported(bool is_supported) {
  Value out;
  out.set("supported", is_supported);
  return out;
}

Value provider_config(const std::string& base, int max_results) {
  Value bulk = supported(false);
  bulk.set("maxOperations", 0).set("maxPayloadSize", 0);
  Value filter = supported(true);
  filter.set("maxResults", max_results);
  Value bearer;
  bearer.set("type", "oauthbearertoken").set("name", "Bearer token");
  bearer.set("description", "A token that whoever runs this service makes, bound to one source.");
  bearer.set("primary", true);
  Value out;
  out.set("schemas", list_of({config_schema}));
  out.set("patch", supported(true)).set("bulk", std::move(bulk)).set("filter", std::move(filter));
  out.set("changePassword", supported(false)).set("sort", supported(false));
  out.set("etag", supported(true));
  out.set("authenticationSchemes", Value::List{std::move(bearer)});
  out.set("meta", meta("ServiceProviderConfig", base + "/ServiceProviderConfig"));
  return out;
}

// RFC 7644, section 4: a filter on these is forbidden, so that clients do not take a part for all.
bool has_filter(const http::Request& request) {
  return request.head.parameter("filter") != nullptr;
}

http::Response no_filter() {
  return problem(403, "", "what the service says about itself cannot be filtered");
}

}  // namespace

Discovery::Discovery(const std::string& base, int max_results)
    : config_(write_json(provider_config(base, max_results))) {
  for (const auto type : {ResourceType::user, ResourceType::group}) {
    resource_types_.push_back(
        {std::string(schemas_of(type).name), write_json(describe(type, base))});
  }
  for (const Schema* schema :
       {&user_schema(), &group_schema(), &enterprise_schema(), &muster_schema()}) {
    schemas_.push_back({std::string(schema->id), write_json(describe(*schema, base))});
  }
}

http::Response Discovery::service_provider_config(const http::Request& request) const {
  return has_filter(request) ? no_filter() : json_response(200, config_);
}

http::Response Discovery::resource_types(const http::Request& request) const {
  return list(request, resource_types_);
}

http::Response Discovery::resource_type(const http::Request& request) const {
  return one(request, resource_types_);
}

http::Response Discovery::schemas(const http::Request& request) const {
  return list(request, schemas_);
}

http::Response Discovery::schema(const http::Request& request) const {
  return one(request, schemas_);
}

http::Response Discovery::list(const http::Request& request, const std::vector<Item>& items) {
  if (has_filter(request)) return no_filter();
  Found found;
  found.total = static_cast<std::int64_t>(items.size());
  for (const auto& item : items) found.resources.push_back(item.json);
  return json_response(200, list_response(found, 1));
}

http::Response Discovery::one(const http::Request& request, const std::vector<Item>& items) {
  if (has_filter(request)) return no_filter();
  for (const auto& item : items) {
    if (ascii_equal_fold(item.id, request.captures.front())) return json_response(200, item.json);
  }
  return problem(404, "", "there is no such description");
}

}  // namespace muster::scim
