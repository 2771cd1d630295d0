// SPDX-License-Identifier: Apache-2.0
#include "scim/filter_parser.h"

#include "scim/filter_grammar.h"

namespace muster::scim {
namespace {

Result<Filter> parse(std::string_view text, std::optional<ResourceType> type) {
  Scanner scanner(text, "invalidFilter");
  if (text.size() > FilterGrammar::max_length) {
    return scanner.refuse("the filter is longer than " + std::to_string(FilterGrammar::max_length) +
                          " bytes");
  }
  MUSTER_TRY(Filter filter, FilterGrammar(scanner, type).filter());
  scanner.skip_blanks();
  if (!scanner.ended()) {
    return scanner.refuse("'and', 'or' or the end is expected; " + scanner.found());
  }
  return filter;
}

}  // namespace

Result<Filter> parse_filter(std::string_view text, ResourceType type) { return parse(text, type); }

Result<Filter> parse_people_filter(std::string_view text) { return parse(text, std::nullopt); }

}  // namespace muster::scim
