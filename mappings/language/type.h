// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace muster::mappings {

struct Fields;

// The type of an expression or attribute. Plain value, cheap to copy. `nothing` is the type of
// `none` (optional) and of `clear` and `keep` (not optional); it fits everywhere.
struct Type {
  enum class Kind {
    nothing,
    text,
    integer,
    boolean,
    date,      // an instant, UTC, milliseconds
    duration,  // milliseconds
    email,
    domain,
    dn,
    ref,  // names another record of the same source: a key or a DN
    list,
    complex,  // an object with named fields (SCIM name, an element of SCIM emails)
  };

  Kind kind = Kind::nothing;
  bool optional = false;                      // "text?": may be none
  std::shared_ptr<const Type> element = {};   // list
  std::shared_ptr<const Fields> fields = {};  // complex

  friend bool operator==(const Type& a, const Type& b);
};

// One attribute of a record, an identity or a complex value.
struct Field {
  std::string name = {};  // as expressions write it: "givenName", "enterprise"
  Type type = {};         // source attributes are optional as a rule
  std::string key = {};   // as the record spells it when that differs: the URN of a SCIM extension
  // date: letters of CLDR (yyyy MM dd HH mm ss SSS XXX); empty = ISO 8601 or LDAP's
  // GeneralizedTime
  std::string date_pattern = {};
  bool keep_empty = false;  // blanks only are a value, not none
};

// The attributes of one kind of record. `fold_names`: names compare without ASCII case (LDAP,
// SCIM), in expressions and in records.
struct Fields {
  std::vector<Field> fields = {};
  bool fold_names = false;

  // The position of the field in `fields`.
  std::optional<std::size_t> find(std::string_view name) const;
};

// Whether the values are texts: text, email, domain and ref.
inline bool text_like(Type::Kind kind) {
  return kind == Type::Kind::text || kind == Type::Kind::email || kind == Type::Kind::domain ||
         kind == Type::Kind::ref;
}

Type text_type(bool optional = false);
Type make_type(Type::Kind kind, bool optional = false);
Type list_of(Type element, bool optional = false);
Type complex_of(std::shared_ptr<const Fields> fields, bool optional = false);
Type as_optional(Type type);
Type as_required(Type type);

// "text", "list<dn>", "int?" as files write them (text int bool date duration email domain dn ref
// list<...>).
std::optional<Type> parse_type(std::string_view name);
std::string name_of(const Type& type);

}  // namespace muster::mappings
