// SPDX-License-Identifier: Apache-2.0
// The User schema and the enterprise extension as data (RFC 7643, 4.1, 4.3 and 8.7.1 with its
// verified errata: no `uniqueness` on complex attributes, groups.$ref only Group, manager.value
// caseExact).
#include "scim/schema.h"

namespace muster::scim {
namespace {

Attribute text(std::string_view name, std::string_view description) {
  return {.name = name, .description = description};
}

Attribute reference(std::string_view name, std::string_view description,
                    std::vector<std::string_view> types) {
  return {.name = name,
          .description = description,
          .type = Type::reference,
          .case_exact = true,
          .reference_types = std::move(types)};
}

// RFC 7643, 2.4: the usual sub-attributes of a multi-valued attribute around its `value`.
Attribute plural(std::string_view name, std::string_view description, Attribute value,
                 std::vector<std::string_view> kinds) {
  Attribute type = text("type", "What the value is for.");
  type.canonical_values = std::move(kinds);
  return {.name = name,
          .description = description,
          .type = Type::complex,
          .multi_valued = true,
          .sub_attributes = {std::move(value),
                             text("display", "A name to show for the value."),
                             std::move(type),
                             {.name = "primary",
                              .description = "The preferred value; true at most once.",
                              .type = Type::boolean}}};
}

Attribute name_attribute() {
  return {.name = "name",
          .description = "The parts of the person's name.",
          .type = Type::complex,
          .sub_attributes = {
              text("formatted", "The whole name, ready to show."),
              text("familyName", "The family name."),
              text("givenName", "The given name."),
              text("middleName", "The middle names."),
              text("honorificPrefix", "A title before the name."),
              text("honorificSuffix", "A suffix behind the name."),
          }};
}

Attribute addresses_attribute() {
  Attribute type = text("type", "What the address is for.");
  type.canonical_values = {"work", "home", "other"};
  return {.name = "addresses",
          .description = "Postal addresses.",
          .type = Type::complex,
          .multi_valued = true,
          .sub_attributes = {text("formatted", "The whole address, ready to print."),
                             text("streetAddress", "Street, house number, box."),
                             text("locality", "City."),
                             text("region", "State or region."),
                             text("postalCode", "Postal code."),
                             text("country", "Country, ISO 3166-1 alpha-2."),
                             std::move(type),
                             {.name = "primary",
                              .description = "The preferred value; true at most once.",
                              .type = Type::boolean}}};
}

Attribute read_only(Attribute attribute) {
  attribute.mutability = Mutability::read_only;
  return attribute;
}

// Returned on request: a list answer would cost one more look-up for each person (see README.md).
Attribute groups_attribute() {
  Attribute value = text("value", "The group's id.");
  value.case_exact = true;
  Attribute type = text("type", "How the membership came about.");
  type.canonical_values = {"direct", "indirect"};
  return {.name = "groups",
          .description = "Groups that the person is in; changed through the groups.",
          .type = Type::complex,
          .multi_valued = true,
          .mutability = Mutability::read_only,
          .returned = Returned::request,
          .sub_attributes = {read_only(std::move(value)),
                             read_only(reference("$ref", "The group's address.", {"Group"})),
                             read_only(text("display", "The group's name.")),
                             read_only(std::move(type))}};
}

Attribute password_attribute() {
  return {.name = "password",
          .description = "Accepted and dropped: Muster keeps no passwords.",
          .case_exact = true,
          .mutability = Mutability::write_only,
          .returned = Returned::never};
}

std::vector<Attribute> user_attributes() {
  Attribute photo = reference("value", "Address of the picture.", {"external"});
  Attribute certificate{
      .name = "value", .description = "DER, base64.", .type = Type::binary, .case_exact = true};
  const std::vector<std::string_view> places = {"work", "home", "other"};
  return {
      {.name = "userName",
       .description = "Name by which the person signs in; unique within the source.",
       .required = true,
       .uniqueness = Uniqueness::server},
      name_attribute(),
      text("displayName", "The name to show."),
      text("nickName", "The casual name."),
      reference("profileUrl", "Address of the person's page.", {"external"}),
      text("title", "Job title."),
      text("userType", "Relation to the organisation: Employee, Contractor..."),
      text("preferredLanguage", "Preferred languages, as in Accept-Language."),
      text("locale", "Locale for dates and numbers."),
      text("timezone", "Time zone, as in the IANA list."),
      {.name = "active",
       .description = "Whether the person may use the platform.",
       .type = Type::boolean},
      password_attribute(),
      plural("emails", "Mail addresses.", text("value", "The address."), places),
      plural("phoneNumbers", "Telephone numbers.", text("value", "The number."),
             {"work", "home", "mobile", "fax", "pager", "other"}),
      plural("ims", "Instant messaging addresses.", text("value", "The address."),
             {"aim", "gtalk", "icq", "xmpp", "msn", "skype", "qq", "yahoo"}),
      plural("photos", "Pictures.", std::move(photo), {"photo", "thumbnail"}),
      addresses_attribute(),
      groups_attribute(),
      plural("entitlements", "Things the person has a right to.", text("value", "The right."), {}),
      plural("roles", "Roles of the person.", text("value", "The role."), {}),
      plural("x509Certificates", "Certificates of the person.", std::move(certificate), {}),
  };
}

Attribute manager_attribute() {
  Attribute value = text("value", "The manager's id.");
  value.case_exact = true;
  return {
      .name = "manager",
      .description = "The person's manager.",
      .type = Type::complex,
      .sub_attributes = {std::move(value), reference("$ref", "The manager's address.", {"User"}),
                         read_only(text("displayName", "The manager's name."))}};
}

}  // namespace

const Schema& user_schema() {
  static const Schema schema{user_urn, "User", "User Account", user_attributes()};
  return schema;
}

const Schema& enterprise_schema() {
  static const Schema schema{
      enterprise_urn,
      "EnterpriseUser",
      "Enterprise User",
      {text("employeeNumber", "Number given by the organisation."),
       text("costCenter", "Cost centre."), text("organization", "Organisation."),
       text("division", "Division."), text("department", "Department."), manager_attribute()}};
  return schema;
}

}  // namespace muster::scim
