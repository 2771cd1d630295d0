// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string_view>

#include "core/filter.h"
#include "core/record.h"
#include "core/result.h"
#include "scim/attribute_path.h"
#include "scim/scanner.h"

namespace muster::scim {

// The grammar of RFC 7644, 3.4.2.2, by recursive descent with bounded depth. Precedence: not, and,
// or. Without a resource type, names are taken as they stand.
class FilterGrammar {
 public:
  FilterGrammar(Scanner& scanner, std::optional<ResourceType> type)
      : scanner_(scanner), type_(type) {}

  // A whole filter, up to where it cannot go on.
  Result<Filter> filter();
  // What stands in brackets behind a multi-valued attribute, the closing bracket included.
  Result<Filter> element_filter(const Attribute& attribute);

  static constexpr int max_depth = 32;
  static constexpr std::size_t max_length = 16 << 10;

 private:
  // An attribute as a comparison needs to know it.
  struct Term {
    Filter::Path path = {};
    Filter::Type type = Filter::Type::text;
    bool case_exact = false;
    bool typed = true;  // false: the literal decides
    const Attribute* attribute = nullptr;
    const Attribute* sub = nullptr;
  };

  Result<Filter> any_of();
  Result<Filter> all_of();
  Result<Filter> operand();
  Result<Filter> parenthesised();
  Result<Filter> expression();
  Result<Filter> value_path(Term term);
  Result<Filter> comparison(Term term);
  Result<Filter> compared(const Term& term, Filter::Op op);
  Result<Term> term();
  Result<Term> named_term(std::string_view word, std::size_t position);
  Result<Term> element_term(std::string_view word, std::size_t position);
  static Term free_term(std::string_view word);
  Result<Filter::Op> operator_word();
  Status use_default_value(Term& term, std::size_t position) const;
  Status fit(const Term& term, Filter& made, std::size_t position) const;
  tl::unexpected<Error> too_deep() const;

  Scanner& scanner_;
  std::optional<ResourceType> type_;
  const Attribute* element_ = nullptr;  // inside brackets: the attribute before them
  bool in_brackets_ = false;
  int depth_ = 0;
};

}  // namespace muster::scim
