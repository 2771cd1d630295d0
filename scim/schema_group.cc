// SPDX-License-Identifier: Apache-2.0
// The Group schema (RFC 7643, 4.2; errata 5368: displayName is required), what Muster says about a
// person, and the attributes that every resource has.
#include "scim/schema.h"

namespace muster::scim {
namespace {

Attribute fact(std::string_view name, std::string_view description,
               std::vector<std::string_view> canonical_values = {}) {
  return {.name = name,
          .description = description,
          .case_exact = true,
          .mutability = Mutability::read_only,
          .canonical_values = std::move(canonical_values)};
}

Attribute facts(std::string_view name, std::string_view description,
                std::vector<Attribute> sub_attributes) {
  return {.name = name,
          .description = description,
          .type = Type::complex,
          .multi_valued = true,
          .mutability = Mutability::read_only,
          .sub_attributes = std::move(sub_attributes)};
}

Attribute members_attribute() {
  return {.name = "members",
          .description = "Members of the group; they come and go whole.",
          .type = Type::complex,
          .multi_valued = true,
          .sub_attributes = {{.name = "value",
                              .description = "The member's id.",
                              .case_exact = true,
                              .mutability = Mutability::immutable},
                             {.name = "$ref",
                              .description = "The member's address.",
                              .type = Type::reference,
                              .case_exact = true,
                              .mutability = Mutability::immutable,
                              .reference_types = {"User", "Group"}},
                             {.name = "type",
                              .description = "What the member is.",
                              .mutability = Mutability::immutable,
                              .canonical_values = {"User", "Group"}},
                             {.name = "display",
                              .description = "The member's name, as it was told.",
                              .mutability = Mutability::immutable}}};
}

Attribute meta_attribute() {
  Attribute created = fact("created", "When the resource was made.");
  created.type = Type::date_time;
  Attribute modified = fact("lastModified", "When the resource last changed.");
  modified.type = Type::date_time;
  Attribute location = fact("location", "The resource's address.");
  location.type = Type::reference;
  location.reference_types = {"uri"};
  return {.name = "meta",
          .description = "About the resource.",
          .type = Type::complex,
          .mutability = Mutability::read_only,
          .sub_attributes = {fact("resourceType", "Name of the resource type."), std::move(created),
                             std::move(modified), std::move(location),
                             fact("version", "Version of the resource, as its ETag.")}};
}

}  // namespace

const Schema& group_schema() {
  static const Schema schema{
      group_urn,
      "Group",
      "Group",
      {{.name = "displayName", .description = "The group's name.", .required = true},
       members_attribute()}};
  return schema;
}

const Schema& muster_schema() {
  static const Schema schema{
      muster_urn,
      "MusterUser",
      "What Muster makes of the person",
      {fact("identityId", "The person that this record belongs to."),
       fact("platformUserName", "The person's user name on the platform."),
       fact("classification", "Whether the person is internal.", {"internal", "external"}),
       fact("classificationRule", "The rule that decided it."),
       fact("state", "Where the record stands.",
            {"active", "inactive", "review", "quarantined", "skipped"}),
       facts("sources", "Data sources that know the person, the owner first.",
             {fact("value", "Tag of the data source."),
              {.name = "primary",
               .description = "Whether it owns the person.",
               .type = Type::boolean,
               .mutability = Mutability::read_only}}),
       facts("findings", "What deserves attention.",
             {fact("severity", "How bad it is.", {"info", "warning", "error"}),
              fact("code", "Which finding."), fact("attribute", "Where it was found."),
              fact("message", "What is wrong and what to do.")})}};
  return schema;
}

const std::vector<Attribute>& common_attributes() {
  static const std::vector<Attribute> attributes = {
      {.name = "schemas",
       .description = "URNs of the schemas that the resource uses.",
       .type = Type::reference,
       .multi_valued = true,
       .returned = Returned::always,
       .reference_types = {"uri"}},
      {.name = "id",
       .description = "Given by Muster, never used again.",
       .case_exact = true,
       .mutability = Mutability::read_only,
       .returned = Returned::always},
      {.name = "externalId",
       .description = "The client's own id for the resource.",
       .case_exact = true},
      meta_attribute()};
  return attributes;
}

}  // namespace muster::scim
