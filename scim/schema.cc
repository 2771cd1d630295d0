// SPDX-License-Identifier: Apache-2.0
#include "scim/schema.h"

#include <algorithm>

#include "core/text.h"

namespace muster::scim {
namespace {

const Attribute* find_named(const std::vector<Attribute>& attributes, std::string_view name) {
  const auto found = std::find_if(attributes.begin(), attributes.end(), [&](const Attribute& a) {
    return ascii_equal_fold(a.name, name);
  });
  return found == attributes.end() ? nullptr : &*found;
}

}  // namespace

const Attribute* Attribute::sub(std::string_view wanted) const {
  return find_named(sub_attributes, wanted);
}

const Attribute* Schema::find(std::string_view wanted) const {
  return find_named(attributes, wanted);
}

const Schema* ResourceSchemas::schema(std::string_view urn) const {
  if (ascii_equal_fold(core->id, urn)) return core;
  for (const Schema* extension : extensions) {
    if (ascii_equal_fold(extension->id, urn)) return extension;
  }
  return nullptr;
}

const Attribute* ResourceSchemas::core_attribute(std::string_view wanted) const {
  const Attribute* own = core->find(wanted);
  return own != nullptr ? own : find_named(common_attributes(), wanted);
}

const ResourceSchemas& schemas_of(ResourceType type) {
  static const ResourceSchemas user{
      "User", "/Users", &user_schema(), {&enterprise_schema(), &muster_schema()}};
  static const ResourceSchemas group{"Group", "/Groups", &group_schema(), {}};
  return type == ResourceType::user ? user : group;
}

Filter::Type filter_type(Type type) {
  switch (type) {
    case Type::string:
    case Type::binary:
      return Filter::Type::text;
    case Type::boolean:
      return Filter::Type::boolean;
    case Type::decimal:
      return Filter::Type::decimal;
    case Type::integer:
      return Filter::Type::integer;
    case Type::date_time:
      return Filter::Type::date_time;
    case Type::reference:
      return Filter::Type::reference;
    case Type::complex:
      return Filter::Type::complex;
  }
  return Filter::Type::text;
}

}  // namespace muster::scim
