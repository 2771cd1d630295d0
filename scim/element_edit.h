// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>
#include <vector>

#include "core/filter.h"
#include "core/result.h"
#include "core/value.h"
#include "scim/client_quirks.h"
#include "scim/schema.h"

namespace muster::scim {

// Sets the sub-attributes that `made` (canonical) has and takes away those that `told` names as
// unassigned.
void merge_into(Value& held, const Attribute& attribute, const Value& told, const Value& made);

// What one PATCH operation does to the elements of a multi-valued attribute, or to one of their
// sub-attributes. A new primary takes the mark from the old one (RFC 7644, 3.5.2).
class ElementEdit {
 public:
  ElementEdit(const Attribute& attribute, const Attribute* sub, std::string_view place,
              const ClientQuirks& quirks, Value::List elements)
      : attribute_(attribute),
        sub_(sub),
        place_(place),
        quirks_(quirks),
        elements_(std::move(elements)) {}

  Status add(const Value& told);
  Status replace(const Value& told);
  // `told`: the elements to take away, where a client names them so; otherwise all.
  Status remove(const std::optional<Value>& told);
  Status put_matching(const Filter& filter, const Value& told, bool replace);
  Status remove_matching(const Filter& filter);

  Value::List take() && { return std::move(elements_); }

 private:
  std::vector<std::size_t> matching(const Filter& filter) const;
  Result<std::size_t> make_element(const Filter& filter);
  Status put_into(std::size_t index, const Value& told, bool replace);
  Status put_sub_everywhere(const Value& told);
  void append(Value element);
  void drop_absent();

  const Attribute& attribute_;
  const Attribute* sub_;
  std::string_view place_;
  const ClientQuirks& quirks_;
  Value::List elements_;
};

}  // namespace muster::scim
