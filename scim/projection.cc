// SPDX-License-Identifier: Apache-2.0
#include "scim/projection.h"

#include <algorithm>
#include <utility>

namespace muster::scim {
namespace {

bool is_always_returned(std::string_view name) { return name == "id" || name == "schemas"; }

// What the paths say about one attribute.
struct Mention {
  bool whole = false;
  std::vector<std::string_view> subs = {};
};

Mention mention_of(const std::vector<AttributePath>& paths, const Schema* schema,
                   std::string_view name, std::string_view core_urn) {
  Mention out;
  for (const auto& path : paths) {
    if (path.attribute == nullptr) {
      const bool is_core = path.schema->id == core_urn;
      if (path.schema == schema || (schema == nullptr && is_core)) out.whole = true;
    } else if (path.schema == schema && path.attribute->name == name) {
      if (path.sub == nullptr) {
        out.whole = true;
      } else {
        out.subs.push_back(path.sub->name);
      }
    }
  }
  return out;
}

// The element with only these sub-attributes, or without them.
Value with_subs(const Value& value, const std::vector<std::string_view>& subs, bool only) {
  if (value.is_list()) {
    Value::List out;
    for (const auto& element : value.as_list()) {
      Value kept = with_subs(element, subs, only);
      if (!kept.absent()) out.push_back(std::move(kept));
    }
    return out.empty() ? Value() : Value(std::move(out));
  }
  if (!value.is_object()) return only ? Value() : value;
  Value out;
  for (const auto& [name, inner] : value.as_object()) {
    const bool named = std::find(subs.begin(), subs.end(), name) != subs.end();
    if (named == only) out.set(name, inner);
  }
  return out;
}

Value projected(const Value& value, const Mention& mention, bool only) {
  if (mention.whole) return only ? value : Value();
  if (mention.subs.empty()) return only ? Value() : value;
  return with_subs(value, mention.subs, only);
}

}  // namespace

Result<Projection> Projection::make(const std::vector<std::string>& attributes,
                                    const std::vector<std::string>& excluded, ResourceType type) {
  if (!attributes.empty() && !excluded.empty()) {
    return fail(Fault::invalid, "attributes and excludedAttributes cannot be given together",
                "excludedAttributes", "invalidValue");
  }
  Projection out;
  out.only_ = !attributes.empty();
  for (const auto& name : out.only_ ? attributes : excluded) {
    if (auto path = resolve_path(name, type)) out.paths_.push_back(*path);
  }
  return out;
}

bool Projection::requests(std::string_view attribute) const {
  return only_ && std::any_of(paths_.begin(), paths_.end(), [&](const AttributePath& path) {
           return path.schema == nullptr && path.attribute != nullptr &&
                  path.attribute->name == attribute;
         });
}

bool Projection::wants(std::string_view attribute) const {
  const bool wholly_named =
      std::any_of(paths_.begin(), paths_.end(), [&](const AttributePath& path) {
        return path.attribute == nullptr ||
               (path.schema == nullptr && path.sub == nullptr && path.attribute->name == attribute);
      });
  return only_ ? wholly_named || requests(attribute) : !wholly_named;
}

Value Projection::apply(const Value& resource, ResourceType type) const {
  if (whole() || !resource.is_object()) return resource;
  Value out;
  for (const auto& member : resource.as_object()) keep(member, type, out);
  return out;
}

void Projection::keep(const Value::Member& member, ResourceType type, Value& out) const {
  const ResourceSchemas& schemas = schemas_of(type);
  if (is_always_returned(member.name)) {
    out.set(member.name, member.value);
    return;
  }
  const Schema* extension = schemas.schema(member.name);
  if (extension == nullptr) {
    const auto mention = mention_of(paths_, nullptr, member.name, schemas.core->id);
    Value kept = projected(member.value, mention, only_);
    if (!kept.absent()) out.set(member.name, std::move(kept));
    return;
  }
  Value inner;
  for (const auto& [name, value] : member.value.as_object()) {
    const auto mention = mention_of(paths_, extension, name, schemas.core->id);
    Value kept = projected(value, mention, only_);
    if (!kept.absent()) inner.set(name, std::move(kept));
  }
  if (!inner.absent()) out.set(member.name, std::move(inner));
}

}  // namespace muster::scim
