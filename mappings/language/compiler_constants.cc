// SPDX-License-Identifier: Apache-2.0
#include <re2/re2.h>

#include <algorithm>
#include <utility>

#include "core/text.h"
#include "mappings/language/compiler.h"
#include "mappings/language/unicode.h"

namespace muster::mappings {
namespace {

using Role = FormalParameter::Role;

constexpr std::int64_t expression_memory = 1 << 20;  // of a compiled regular expression

std::u32string characters_of(std::string_view text) {
  std::u32string out;
  for (std::size_t at = 0; at < text.size();) out += next_code_point(text, at);
  return out;
}

}  // namespace

// What must be known when the file is loaded: names of tables and sets, and literals.
bool Compiler::constant_argument(const Node& node, const FormalParameter& parameter,
                                 CallSite& site) {
  if (parameter.role == Role::table || parameter.role == Role::domains ||
      parameter.role == Role::dns) {
    return named_resource(node, parameter, site);
  }
  if (parameter.role == Role::expression) return regular_expression(node, site);
  if (node.kind != Node::Kind::text)
    return refuse(
        node, "E-TYPE",
        "'" + parameter.name + "' must be a text in quotes, known when the file is loaded");
  switch (parameter.role) {
    case Role::column:
      return column_argument(node, site);
    case Role::format:
    case Role::date_format:
      return format_argument(node, site);
    case Role::zone:
      return zone_argument(node, site);
    case Role::scheme:
      return scheme_argument(node, site);
    case Role::characters:
      return site.characters.add(characters_of(node.text)) ||
             refuse(node, "E-TYPE",
                    "this is no list of characters and ranges such as \"a-z0-9_-\"");
    case Role::replacement:
      return replacement_argument(node, site);
    case Role::form:
    case Role::unit:
    case Role::language:
    case Role::uuid_space:
      return word_argument(node, parameter, site);
    default:
      site.text = node.text;
      return true;
  }
}

bool Compiler::refuse(const Node& node, const char* code, std::string message) {
  report(node.offset, code, std::move(message));
  return false;
}

bool Compiler::column_argument(const Node& node, CallSite& site) {
  if (site.table == nullptr || node.text.empty()) return true;
  const auto column = site.table->column(node.text);
  if (!column)
    return refuse(node, "E-NAME",
                  "the table has no column '" + node.text + "'" +
                      did_you_mean(node.text, site.table->columns()));
  site.column = *column;
  return true;
}

bool Compiler::format_argument(const Node& node, CallSite& site) {
  if (node.text.empty()) return true;
  auto format = parse_date_format(node.text);
  if (!format)
    return refuse(
        node, "E-DATE",
        "a date pattern has the letters yyyy MM dd HH mm ss SSS XXX and other text in '...'");
  site.format = *std::move(format);
  return true;
}

bool Compiler::zone_argument(const Node& node, CallSite& site) {
  auto zone = Zone::named(node.text);
  if (!zone)
    return refuse(node, "E-DATE",
                  "unknown time zone '" + node.text + "'; write \"Europe/Berlin\" or \"+02:00\"");
  site.zone = *std::move(zone);
  return true;
}

bool Compiler::scheme_argument(const Node& node, CallSite& site) {
  if (const auto scheme = parse_scheme(node.text)) {
    site.scheme = *scheme;
    return true;
  }
  const auto near = did_you_mean(node.text, scheme_names(""));
  std::string names;
  for (const auto& name : scheme_names("")) names += (names.empty() ? "" : ", ") + name;
  return refuse(
      node, "E-NAME",
      "unknown scheme '" + node.text + "'" + (near.empty() ? "; there are " + names : near));
}

bool Compiler::replacement_argument(const Node& node, CallSite& site) {
  site.text = node.text;
  std::string problem;
  return site.expression == nullptr || site.expression->CheckRewriteString(node.text, &problem) ||
         refuse(node, "E-RE", "the replacement does not fit the regular expression: " + problem);
}

bool Compiler::named_resource(const Node& node, const FormalParameter& parameter, CallSite& site) {
  const auto& library = *environment_.library;
  const bool table = parameter.role == Role::table;
  std::vector<std::string> known;
  if (table) {
    for (const auto& [name, value] : library.tables) known.push_back(name);
  } else {
    for (const auto& [name, value] : library.sets) known.push_back(name);
  }
  const std::string what = table ? "table" : "set";
  if (node.kind != Node::Kind::name) {
    report(node.offset, "E-TYPE", "the name of a " + what + " is needed here");
    return false;
  }
  if (std::find(known.begin(), known.end(), node.text) == known.end()) {
    report(node.offset, "E-NAME",
           "unknown " + what + " '" + node.text + "'" + did_you_mean(node.text, known));
    return false;
  }
  if (table) {
    site.table = &library.tables.find(node.text)->second;
    code_->reads.tables.push_back(node.text);
    return true;
  }
  const auto& set = library.sets.find(node.text)->second;
  const bool domains = parameter.role == Role::domains;
  if (domains ? !std::holds_alternative<DomainSet>(set) : !std::holds_alternative<DnSet>(set)) {
    report(node.offset, "E-TYPE",
           "the set '" + node.text + "' holds no " + (domains ? "domains" : "DNs"));
    return false;
  }
  site.set = &set;
  code_->reads.sets.push_back(node.text);
  return true;
}

bool Compiler::regular_expression(const Node& node, CallSite& site) {
  if (node.kind != Node::Kind::text) {
    report(node.offset, "E-RE",
           "a regular expression is a text in quotes, known when the file is loaded");
    return false;
  }
  re2::RE2::Options options;
  options.set_log_errors(false);
  options.set_max_mem(expression_memory);
  auto expression = std::make_shared<const re2::RE2>(node.text, options);
  if (!expression->ok()) {
    const bool large = expression->error_code() == re2::RE2::ErrorPatternTooLarge;
    report(node.offset, "E-RE",
           large ? "the regular expression is too large"
                 : "the regular expression is not valid: " + expression->error() +
                       (node.text.starts_with('*')
                            ? "; '*' repeats what is before it: '.*' is any text, '\\.' a dot"
                            : ""));
    return false;
  }
  site.expression = std::move(expression);
  site.shape = PatternShape(node.text);
  return true;
}

}  // namespace muster::mappings
