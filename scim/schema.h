// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "core/filter.h"
#include "core/record.h"

namespace muster::scim {

// The characteristics of attributes (RFC 7643, section 7).
enum class Type { string, boolean, decimal, integer, date_time, binary, reference, complex };
enum class Mutability { read_write, read_only, immutable, write_only };
enum class Returned { always, by_default, request, never };
enum class Uniqueness { none, server };

// One attribute as /Schemas announces it and as everything that reads, writes, filters or projects
// treats it.
struct Attribute {
  std::string_view name = {};  // canonical spelling
  std::string_view description = {};
  Type type = Type::string;
  bool multi_valued = false;
  bool required = false;
  bool case_exact = false;
  Mutability mutability = Mutability::read_write;
  Returned returned = Returned::by_default;
  Uniqueness uniqueness = Uniqueness::none;
  std::vector<std::string_view> canonical_values = {};
  std::vector<std::string_view> reference_types = {};
  std::vector<Attribute> sub_attributes = {};

  // The sub-attribute of that name, in any case, or nullptr.
  const Attribute* sub(std::string_view name) const;
  bool is_complex() const { return type == Type::complex; }
};

struct Schema {
  std::string_view id = {};  // URN
  std::string_view name = {};
  std::string_view description = {};
  std::vector<Attribute> attributes = {};

  const Attribute* find(std::string_view name) const;
};

inline constexpr std::string_view user_urn = "urn:ietf:params:scim:schemas:core:2.0:User";
inline constexpr std::string_view group_urn = "urn:ietf:params:scim:schemas:core:2.0:Group";
inline constexpr std::string_view enterprise_urn =
    "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";
inline constexpr std::string_view muster_urn =
    "urn:ietf:params:scim:schemas:extension:muster:2.0:User";

// The tables. Built once, thread-safe, valid for the life of the program.
const Schema& user_schema();
const Schema& enterprise_schema();
const Schema& muster_schema();
const Schema& group_schema();
// schemas, id, externalId and meta: of every resource and in no schema (RFC 7643, 3.1).
const std::vector<Attribute>& common_attributes();

// What a resource of a type is made of.
struct ResourceSchemas {
  std::string_view name = {};      // "User"
  std::string_view endpoint = {};  // "/Users"
  const Schema* core = nullptr;
  std::vector<const Schema*> extensions = {};

  // By URN in any case, the core schema included; nullptr when unknown.
  const Schema* schema(std::string_view urn) const;
  // A core or common attribute.
  const Attribute* core_attribute(std::string_view name) const;
};

const ResourceSchemas& schemas_of(ResourceType type);

Filter::Type filter_type(Type type);

}  // namespace muster::scim
