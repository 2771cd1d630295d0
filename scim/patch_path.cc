// SPDX-License-Identifier: Apache-2.0
#include "scim/patch_path.h"

#include "core/text.h"
#include "scim/filter_grammar.h"

namespace muster::scim {
namespace {

Status parse_sub(Scanner& scanner, PatchPath& path) {
  const auto position = scanner.position();
  const auto word = scanner.word();
  path.target.sub = path.target.attribute->sub(word);
  if (path.target.sub != nullptr) return {};
  return scanner.refuse_at(position, "'" + std::string(path.target.attribute->name) +
                                         "' has no sub-attribute '" + std::string(word) + "'");
}

Status parse_element(Scanner& scanner, std::string_view text, ResourceType type, PatchPath& path) {
  const AttributePath& target = path.target;
  const bool takes_filter = target.attribute != nullptr && target.sub == nullptr &&
                            target.attribute->multi_valued && target.attribute->is_complex();
  if (!takes_filter) return scanner.refuse("'[' can only follow a multi-valued attribute");
  scanner.take('[');
  // The same place in the text, but an error in brackets is one of the filter.
  Scanner inside(text, "invalidFilter");
  inside.move_to(scanner.position());
  inside.skip_blanks();
  if (inside.at(']') || inside.is_digit()) {
    return scanner.refuse("elements are chosen by a filter such as [type eq \"work\"]");
  }
  MUSTER_TRY(path.filter, FilterGrammar(inside, type).element_filter(*target.attribute));
  scanner.move_to(inside.position());
  return scanner.take('.') ? parse_sub(scanner, path) : Status();
}

}  // namespace

Result<PatchPath> parse_patch_path(std::string_view text, ResourceType type,
                                   const ClientQuirks& quirks) {
  Scanner scanner(text, "invalidPath");
  if (text.size() > FilterGrammar::max_length) return scanner.refuse("the path is too long");
  scanner.skip_blanks();
  const auto word = scanner.word();
  if (word.empty()) return scanner.refuse("an attribute is expected; " + scanner.found());
  PatchPath path;
  if (auto target = resolve_path(word, type)) {
    path.target = *target;
  } else {
    return scanner.refuse_at(0, target.error().detail);
  }
  const bool bare = path.target.schema != nullptr && !ascii_equal_fold(word.substr(0, 4), "urn:");
  if (bare && !quirks.bare_extension_names) {
    return scanner.refuse_at(0, "write the schema's URN before the attribute");
  }
  if (scanner.at('[')) MUSTER_CHECK(parse_element(scanner, text, type, path));
  scanner.skip_blanks();
  if (!scanner.ended()) return scanner.refuse("the path should end here; " + scanner.found());
  path.text = spelled(path.target);
  return path;
}

}  // namespace muster::scim
