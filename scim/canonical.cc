// SPDX-License-Identifier: Apache-2.0
#include "scim/canonical.h"

#include <algorithm>
#include <optional>

#include "core/clock.h"
#include "core/text.h"

namespace muster::scim {
namespace {

tl::unexpected<Error> wrong(std::string_view place, std::string detail) {
  return fail(Fault::invalid, std::move(detail), std::string(place), "invalidValue");
}

Result<Value> canonical_text(const Value& told, std::string_view place) {
  if (!told.is_text()) return wrong(place, "a text is expected");
  // No database keeps it.
  if (told.as_text().find('\0') != std::string::npos) {
    return wrong(place, "a text must not hold the character U+0000");
  }
  return told;
}

Result<Value> canonical_boolean(const Value& told, std::string_view place,
                                const ClientQuirks& quirks) {
  if (told.is_bool()) return told;
  if (told.is_text() && quirks.text_booleans) {
    if (ascii_equal_fold(told.as_text(), "true")) return Value(true);
    if (ascii_equal_fold(told.as_text(), "false")) return Value(false);
  }
  return wrong(place, "true or false is expected");
}

Result<Value> canonical_time(const Value& told, std::string_view place) {
  if (told.is_text() && parse_timestamp(told.as_text())) return told;
  return wrong(place, "a time such as \"2026-11-22T08:00:00Z\" is expected");
}

Result<Value> canonical_simple(const Attribute& attribute, const Value& told,
                               std::string_view place, const ClientQuirks& quirks) {
  switch (attribute.type) {
    case Type::string:
    case Type::binary:
    case Type::reference:
      return canonical_text(told, place);
    case Type::boolean:
      return canonical_boolean(told, place, quirks);
    case Type::integer:
      if (told.is_int()) return told;
      return wrong(place, "an integer is expected");
    case Type::decimal:
      if (told.is_int() || told.is_double()) return told;
      return wrong(place, "a number is expected");
    case Type::date_time:
      return canonical_time(told, place);
    case Type::complex:
      return wrong(place, "an object is expected");
  }
  return wrong(place, "a value of another type is expected");
}

// Puts the members of an object under their canonical names. `told` names twice what differs only
// in case: nobody can say which one is meant.
Status put_members(const std::vector<Attribute>& attributes, const Value& told,
                   std::string_view prefix, const ClientQuirks& quirks, Value& out) {
  for (const auto& member : told.as_object()) {
    const auto& value = member.value;
    const auto known = std::find_if(attributes.begin(), attributes.end(), [&member](const auto& a) {
      return ascii_equal_fold(a.name, member.name);
    });
    if (known == attributes.end() || !is_kept(*known)) continue;
    std::string place(prefix);
    place += known->name;
    if (out.find(known->name) != nullptr) return wrong(place, "the attribute is given twice");
    MUSTER_TRY(Value made, canonical_value(*known, value, place, quirks));
    if (!made.absent()) out.set(known->name, std::move(made));
  }
  return {};
}

Result<Value> canonical_complex(const Attribute& attribute, const Value& told,
                                std::string_view place, const ClientQuirks& quirks) {
  Value out{Value::Object{}};
  if (told.is_object()) {
    MUSTER_CHECK(
        put_members(attribute.sub_attributes, told, std::string(place) + ".", quirks, out));
    return out;
  }
  const Attribute* value = attribute.sub("value");
  if (value == nullptr || !quirks.unwrap_values) return wrong(place, "an object is expected");
  MUSTER_TRY(Value made, canonical_simple(*value, told, place, quirks));
  out.set("value", std::move(made));
  return out;
}

Result<Value> canonical_list(const Attribute& attribute, const Value& told, std::string_view place,
                             const ClientQuirks& quirks) {
  if (!told.is_list() && !quirks.unwrap_values) return wrong(place, "a list is expected");
  const Value::List single = told.is_list() ? Value::List{} : Value::List{told};
  if (told.is_list() && told.as_list().size() > max_elements) return too_many(place);
  Value::List out;
  for (const auto& element : told.is_list() ? told.as_list() : single) {
    MUSTER_TRY(Value made, canonical_element(attribute, element, place, quirks));
    const bool repeated = std::find(out.begin(), out.end(), made) != out.end();
    if (!made.absent() && !repeated) out.push_back(std::move(made));
  }
  if (std::count_if(out.begin(), out.end(), is_primary) > 1 && !quirks.first_primary_stays) {
    return wrong(place, "only one value can be primary");
  }
  keep_one_primary(out, out.size());
  return out.empty() ? Value() : Value(std::move(out));
}

Status check_schemas(const Value& told, ResourceType type, const ClientQuirks& quirks) {
  const Value* schemas = told.find_fold("schemas");
  const bool missing = schemas == nullptr || schemas->absent();
  if (missing && quirks.accept_missing_schemas) return {};
  const auto core = schemas_of(type).core->id;
  const auto names_core = [&](const Value& urn) {
    return urn.is_text() && ascii_equal_fold(urn.as_text(), core);
  };
  if (!missing && schemas->is_list() &&
      std::any_of(schemas->as_list().begin(), schemas->as_list().end(), names_core)) {
    return {};
  }
  return wrong("schemas", "a list that names " + std::string(core) + " is expected");
}

Status put_extension(const Schema& schema, const Value& told, const ClientQuirks& quirks,
                     Value& document) {
  if (told.absent()) return {};
  if (!told.is_object()) return wrong(schema.id, "an object is expected");
  if (document.find(schema.id) != nullptr) return wrong(schema.id, "the extension is given twice");
  Value extension{Value::Object{}};
  MUSTER_CHECK(
      put_members(schema.attributes, told, std::string(schema.id) + ":", quirks, extension));
  if (!extension.absent()) document.set(schema.id, std::move(extension));
  return {};
}

Status require(const std::vector<Attribute>& attributes, const Value& document) {
  for (const auto& attribute : attributes) {
    const Value* held = document.find(attribute.name);
    const bool blank = held == nullptr || (held->is_text() && is_blank(held->as_text()));
    if (attribute.required && blank) return wrong(attribute.name, "the attribute is required");
  }
  return {};
}

}  // namespace

tl::unexpected<Error> too_many(std::string_view place) {
  return wrong(place, "more than " + std::to_string(max_elements) + " values");
}

bool is_kept(const Attribute& attribute) {
  return attribute.mutability == Mutability::read_write ||
         attribute.mutability == Mutability::immutable;
}

bool is_primary(const Value& element) {
  const Value* primary = element.find("primary");
  return primary != nullptr && primary->is_bool() && primary->as_bool();
}

void keep_one_primary(Value::List& elements, std::size_t kept) {
  for (std::size_t i = 0; i < elements.size(); ++i) {
    if (!is_primary(elements[i])) continue;
    if (kept >= elements.size()) kept = i;
    if (i != kept) elements[i].set("primary", false);
  }
}

Result<Value> canonical_element(const Attribute& attribute, const Value& told,
                                std::string_view place, const ClientQuirks& quirks) {
  if (told.absent()) return Value();
  return attribute.is_complex() ? canonical_complex(attribute, told, place, quirks)
                                : canonical_simple(attribute, told, place, quirks);
}

Result<Value> canonical_value(const Attribute& attribute, const Value& told, std::string_view place,
                              const ClientQuirks& quirks) {
  if (told.absent()) return Value();
  if (attribute.multi_valued) return canonical_list(attribute, told, place, quirks);
  if (told.is_list() && told.as_list().size() == 1 && quirks.unwrap_values) {
    return canonical_element(attribute, told.as_list().front(), place, quirks);
  }
  MUSTER_TRY(Value made, canonical_element(attribute, told, place, quirks));
  return made.absent() ? Value() : made;
}

Result<Value> canonical_document(const Value& told, ResourceType type, const ClientQuirks& quirks) {
  if (!told.is_object()) {
    return fail(Fault::invalid, "the body must be a JSON object", {}, "invalidSyntax");
  }
  MUSTER_CHECK(check_schemas(told, type, quirks));
  const ResourceSchemas& schemas = schemas_of(type);
  Value out;
  out.set("schemas", Value::List{});
  if (const Value* external_id = told.find_fold("externalId")) {
    MUSTER_TRY(Value made, canonical_value(*schemas.core_attribute("externalId"), *external_id,
                                           "externalId", quirks));
    if (!made.absent()) out.set("externalId", std::move(made));
  }
  MUSTER_CHECK(put_members(schemas.core->attributes, told, "", quirks, out));
  for (const auto& [name, value] : told.as_object()) {
    const Schema* schema = schemas.schema(name);
    if (schema == nullptr || schema == schemas.core) continue;
    MUSTER_CHECK(put_extension(*schema, value, quirks, out));
  }
  MUSTER_CHECK(settle_document(out, type));
  return out;
}

Status settle_document(Value& document, ResourceType type) {
  const ResourceSchemas& schemas = schemas_of(type);
  Value::List urns{Value(schemas.core->id)};
  for (const Schema* extension : schemas.extensions) {
    const Value* held = document.find(extension->id);
    if (held == nullptr) continue;
    if (held->absent()) {
      document.erase(extension->id);
    } else {
      urns.emplace_back(extension->id);
    }
  }
  document.set("schemas", std::move(urns));
  return require(schemas.core->attributes, document);
}

}  // namespace muster::scim
