// SPDX-License-Identifier: Apache-2.0
#include "mappings/record_schema.h"

#include <charconv>

#include "core/text.h"
#include "core/value.h"
#include "mappings/language/date.h"

namespace muster::mappings {
namespace {

using Kind = Type::Kind;

constexpr const char* enterprise_urn = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";

Field field(std::string name, Type type, std::string key = {}) {
  Field made;
  made.name = std::move(name);
  made.type = std::move(type);
  made.key = std::move(key);
  return made;
}

std::shared_ptr<Fields> texts(std::initializer_list<const char*> names) {
  auto fields = std::make_shared<Fields>();
  fields->fold_names = true;
  for (const char* name : names) fields->fields.push_back(field(name, text_type(true)));
  return fields;
}

Type multi_valued(std::initializer_list<const char*> names) {
  auto fields = texts(names);
  fields->fields.push_back(field("primary", make_type(Kind::boolean, true)));
  return list_of(complex_of(fields), true);
}

Type enterprise_type() {
  auto manager = texts({"value", "$ref", "displayName"});
  auto fields = texts({"employeeNumber", "costCenter", "organization", "division", "department"});
  fields->fields.push_back(field("manager", complex_of(manager, true)));
  return complex_of(fields, true);
}

std::shared_ptr<const Fields> make_scim_user() {
  auto user = texts({"id", "externalId", "userName", "displayName", "nickName", "profileUrl",
                     "title", "userType", "preferredLanguage", "locale", "timezone"});
  auto add = [&](const char* name, Type type) {
    user->fields.push_back(field(name, std::move(type)));
  };
  add("active", make_type(Kind::boolean, true));
  add("name", complex_of(texts({"formatted", "familyName", "givenName", "middleName",
                                "honorificPrefix", "honorificSuffix"}),
                         true));
  for (const char* name :
       {"emails", "phoneNumbers", "ims", "photos", "entitlements", "roles", "x509Certificates"})
    add(name, multi_valued({"value", "display", "type", "$ref"}));
  add("addresses", multi_valued({"formatted", "streetAddress", "locality", "region", "postalCode",
                                 "country", "type"}));
  user->fields.push_back(field("enterprise", enterprise_type(), enterprise_urn));
  return user;
}

// The words of `records:` and the types they stand for.
std::optional<Type> records_type(std::string_view word) {
  if (word == "text") return text_type(true);
  if (word == "texts") return list_of(text_type(), true);
  if (word == "int") return make_type(Kind::integer, true);
  if (word == "bool") return make_type(Kind::boolean, true);
  if (word == "dn") return make_type(Kind::dn, true);
  if (word == "dns") return list_of(make_type(Kind::dn), true);
  return std::nullopt;
}

// A name stands under one type; `date` may say more about one that is a text, so that an inventory
// of all columns can stay whole.
void add_field(Report& report, Fields& fields, Field made, int line, int column) {
  const auto known = fields.find(made.name);
  if (!known) return fields.fields.push_back(std::move(made));
  Field& other = fields.fields[*known];
  const auto kinds = std::pair(other.type.kind, made.type.kind);
  if (kinds == std::pair(Kind::text, Kind::date)) {
    other = std::move(made);
  } else if (kinds != std::pair(Kind::date, Kind::text)) {
    report.error(line, column, "E-DUP", "attribute '" + made.name + "' is declared twice");
  }
}

void read_dates(Report& report, const YamlNode& node, Fields& fields, std::string_view what) {
  auto type = make_type(Kind::date, true);
  if (node.kind == YamlNode::Kind::mapping) {
    for (const auto& entry : node.entries) {
      if (!report.is_scalar(entry.value, what)) continue;
      auto made = field(entry.key, type);
      made.date_pattern = entry.value.text;
      if (const auto problem = date_pattern_problem(made.date_pattern); !problem.empty())
        report.error(entry.value, "E-DATE", problem);
      add_field(report, fields, std::move(made), entry.line, entry.column);
    }
    return;
  }
  for (const auto* name : report.scalars(node, what))
    add_field(report, fields, field(name->text, type), name->line, name->column);
}

Value typed_scalar(Report& report, const YamlNode& node, const Type& type, std::string_view what) {
  if (type.kind == Kind::boolean) {
    if (auto truth = parse_boolean(node.text)) return *truth;
    report.error(node, "E-VALUE", std::string(what) + " is true or false");
    return {};
  }
  if (type.kind == Kind::integer) {
    std::int64_t number = 0;
    auto* end = node.text.data() + node.text.size();
    auto read = std::from_chars(node.text.data(), end, number);
    if (read.ec == std::errc() && read.ptr == end) return number;
    report.error(node, "E-VALUE", std::string(what) + " is a number");
    return {};
  }
  return node.text;
}

Value read_value(Report& report, const YamlNode& node, const Type& type, std::string_view what) {
  if (node.kind == YamlNode::Kind::null) return {};
  if (type.kind == Kind::list && node.kind == YamlNode::Kind::sequence) {
    Value::List items;
    for (const auto& item : node.items)
      items.push_back(read_value(report, item, *type.element, what));
    return items;
  }
  if (type.kind == Kind::list) return Value::List{read_value(report, node, *type.element, what)};
  if (type.kind == Kind::complex) return read_given_record(report, node, *type.fields, what);
  if (node.kind ==
      YamlNode::Kind::sequence) {  // what sources may really send: typed when it is read
    Value::List items;
    for (const auto* item : report.scalars(node, what))
      items.push_back(typed_scalar(report, *item, type, what));
    return items;
  }
  if (!report.is_scalar(node, what)) return {};
  return typed_scalar(report, node, type, what);
}

}  // namespace

std::shared_ptr<const Fields> scim_user_fields() {
  static const std::shared_ptr<const Fields> user = make_scim_user();
  return user;
}

std::shared_ptr<const Fields> read_records(Report& report, const YamlNode& node,
                                           std::string_view kind, std::string_view what) {
  auto fields = std::make_shared<Fields>();
  fields->fold_names = kind == "ldap";
  if (kind == "ldap") fields->fields.push_back(field("dn", make_type(Kind::dn, true)));
  if (!report.has_only(node, what, {"text", "texts", "int", "bool", "date", "dn", "dns"}))
    return fields;
  for (const auto& entry : node.entries) {
    auto place = std::string(what) + "." + entry.key;
    if (entry.key == "date") {
      read_dates(report, entry.value, *fields, place);
    } else if (auto type = records_type(entry.key)) {
      for (const auto* name : report.scalars(entry.value, place))
        add_field(report, *fields, field(name->text, *type), name->line, name->column);
    }
  }
  return fields;
}

std::shared_ptr<const Fields> with_groups(const Fields& record) {
  auto fields = std::make_shared<Fields>(record);
  std::erase_if(fields->fields, [](const Field& f) { return ascii_equal_fold(f.name, "groups"); });
  fields->fields.push_back(field("groups", list_of(complex_of(texts({"display", "value"})), true)));
  return fields;
}

Value read_given_record(Report& report, const YamlNode& node, const Fields& fields,
                        std::string_view what) {
  Value record{Value::Object{}};
  if (!report.is_mapping(node, what)) return record;
  for (const auto& entry : node.entries) {
    auto position = fields.find(entry.key);
    if (!position) {
      std::vector<std::string> names;
      for (const auto& known : fields.fields) names.push_back(known.name);
      report.error(entry.line, entry.column, "E-NAME",
                   "unknown attribute '" + entry.key + "' in " + std::string(what) +
                       did_you_mean(entry.key, names));
      continue;
    }
    const Field& known = fields.fields[*position];
    record.set(known.key.empty() ? known.name : known.key,
               read_value(report, entry.value, known.type, std::string(what) + "." + entry.key));
  }
  return record;
}

}  // namespace muster::mappings
