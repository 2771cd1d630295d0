// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/value.h"

namespace muster {

// A SCIM filter (RFC 7644, 3.4.2.2) after parsing: what a filter parameter, a console search or a
// CLI --filter becomes. Plain value. Paths are resolved: `schema` is the extension's URN or empty
// for core attributes.
struct Filter {
  enum class Op { eq, ne, co, sw, ew, gt, ge, lt, le, pr, all_of, any_of, negate, element };
  enum class Type { text, boolean, integer, decimal, date_time, reference, complex };

  struct Path {
    std::string schema = {};
    std::string attribute = {};      // canonical spelling where the schema knows it
    std::string sub_attribute = {};  // or empty

    friend bool operator==(const Path&, const Path&) = default;
  };

  Op op = Op::pr;
  Path path = {};  // comparisons, pr, element
  Type type = Type::text;
  bool case_exact = false;
  Value value = {};  // comparisons
  // all_of, any_of: operands; negate: one; element: one, over the element's sub-attributes.
  std::vector<Filter> of = {};
};

// "emails.value"; without the schema.
std::string dotted(const Filter::Path& path);

// Whether the document (an object) satisfies the filter. Multi-valued attributes match when any
// element does; a complex value stands for its `value` sub-attribute. Names compare without case.
bool matches(const Filter& filter, const Value& document);

}  // namespace muster
