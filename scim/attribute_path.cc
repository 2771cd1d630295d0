// SPDX-License-Identifier: Apache-2.0
#include "scim/attribute_path.h"

#include "core/text.h"

namespace muster::scim {
namespace {

bool has_prefix_fold(std::string_view text, std::string_view prefix) {
  return text.size() >= prefix.size() && ascii_equal_fold(text.substr(0, prefix.size()), prefix);
}

// The schema whose URN begins the text: versions hold dots and colons, so the URN is cut off first.
const Schema* leading_schema(std::string_view text, const ResourceSchemas& schemas) {
  const auto leads = [&](const Schema* schema) {
    return has_prefix_fold(text, schema->id) &&
           (text.size() == schema->id.size() || text[schema->id.size()] == ':');
  };
  if (leads(schemas.core)) return schemas.core;
  for (const Schema* extension : schemas.extensions) {
    if (leads(extension)) return extension;
  }
  return nullptr;
}

std::string did_you_mean(std::string_view word, const std::vector<Attribute>& attributes) {
  std::vector<std::string> names;
  for (const auto& attribute : attributes) names.emplace_back(attribute.name);
  return muster::did_you_mean(word, names);
}

tl::unexpected<Error> unknown(std::string_view word, std::string_view owner,
                              const std::vector<Attribute>& attributes) {
  return fail(Fault::invalid, std::string(owner) + " has no attribute '" + std::string(word) + "'" +
                                  did_you_mean(word, attributes));
}

// Core first; then whatever extension knows the name.
void find_anywhere(std::string_view name, const ResourceSchemas& schemas, AttributePath& path) {
  path.attribute = schemas.core_attribute(name);
  for (const Schema* extension : schemas.extensions) {
    if (path.attribute != nullptr) return;
    path.attribute = extension->find(name);
    if (path.attribute != nullptr) path.schema = extension;
  }
}

}  // namespace

Result<AttributePath> resolve_path(std::string_view text, ResourceType type) {
  const ResourceSchemas& schemas = schemas_of(type);
  AttributePath path;
  std::string_view rest = text;
  if (const Schema* schema = leading_schema(text, schemas)) {
    rest.remove_prefix(std::min(text.size(), schema->id.size() + 1));
    path.schema = schema == schemas.core ? nullptr : schema;
    if (rest.empty()) {
      path.schema = schema;
      return path;
    }
  } else if (has_prefix_fold(text, "urn:")) {
    return fail(Fault::invalid, "no schema of " + std::string(schemas.name) +
                                    " begins this name: '" + std::string(text) + "'");
  }

  const auto dot = rest.find('.');
  const auto name = rest.substr(0, dot);
  if (path.schema != nullptr) {
    path.attribute = path.schema->find(name);
  } else {
    find_anywhere(name, schemas, path);
  }
  const Schema* owner = path.schema != nullptr ? path.schema : schemas.core;
  if (path.attribute == nullptr) return unknown(name, owner->name, owner->attributes);
  if (dot == rest.npos) return path;

  const auto sub = rest.substr(dot + 1);
  path.sub = path.attribute->sub(sub);
  if (path.sub == nullptr) {
    return unknown(sub, "'" + std::string(path.attribute->name) + "'",
                   path.attribute->sub_attributes);
  }
  return path;
}

std::string spelled(const AttributePath& path) {
  std::string out;
  if (path.schema != nullptr) out += path.schema->id;
  if (path.attribute == nullptr) return out;
  if (!out.empty()) out += ':';
  out += path.attribute->name;
  if (path.sub != nullptr) out.append(".").append(path.sub->name);
  return out;
}

Filter::Path filter_path(const AttributePath& path) {
  return {path.schema == nullptr ? std::string() : std::string(path.schema->id),
          std::string(path.attribute->name),
          path.sub == nullptr ? std::string() : std::string(path.sub->name)};
}

}  // namespace muster::scim
