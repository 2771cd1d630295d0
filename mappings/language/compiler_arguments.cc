// SPDX-License-Identifier: Apache-2.0
#include <re2/re2.h>

#include <utility>

#include "mappings/language/compiler.h"

namespace muster::mappings {
namespace {

using Role = FormalParameter::Role;

}  // namespace

void Compiler::preset_argument(const FormalParameter& parameter) {
  const auto& preset = *parameter.preset;
  if (preset == "none") {
    constant({}, make_type(Kind::nothing, true));
  } else if (!parameter.types.empty() && parameter.types[0].kind == Kind::integer) {
    constant(number_datum(std::stoll(preset)), make_type(Kind::integer));
  } else {
    constant(constants_.copy(preset), text_type());
  }
}

bool Compiler::evaluated_argument(const Node& node, const FormalParameter& parameter,
                                  const Signature& signature, Type& generic, bool& optional,
                                  std::uint32_t position, CallSite& site) {
  const auto at = top_;
  const auto before = diagnostics_.size();
  const auto value = expression(node);
  if (value.type.kind == Kind::nothing && !value.type.optional && diagnostics_.size() > before)
    return false;
  const auto type = argument_type(node, value, parameter, signature, generic, at);
  if (!parameter.accepts_none) {
    if (position < 32) site.strict |= std::uint32_t{1} << position;
    optional = optional || type.optional;
  }
  return diagnostics_.size() == before;
}

// What a function needs of an argument that stands in the file; when all others are right.
bool Compiler::literal_fits(const Node& node, const FormalParameter& parameter,
                            const CallSite& site) {
  const bool text = node.kind == Node::Kind::text && !node.text.empty();
  if (parameter.role == Role::region) return !text || known_region(node);
  if (parameter.role == Role::date_format) {
    auto problem = text ? date_pattern_problem(node.text) : std::string();
    return problem.empty() || refuse(node, "E-DATE", std::move(problem));
  }
  if (parameter.role != Role::group || node.kind != Node::Kind::integer) return true;
  if (node.number >= 0 && node.number <= site.expression->NumberOfCapturingGroups()) return true;
  return refuse(node, "E-RE",
                "the regular expression has no group " + std::to_string(node.number) +
                    "; groups are its parts in (...), counted from 1, and 0 is all of it");
}

// Checks the value against the parameter and converts it where that is allowed.
Type Compiler::argument_type(const Node& node, const Result& value,
                             const FormalParameter& parameter, const Signature& signature,
                             Type& generic, std::uint16_t at) {
  const auto& type = value.type;
  if (type.kind == Kind::nothing || parameter.role == Role::any) return type;
  if (parameter.role == Role::generic_lists && type.kind == Kind::list) {
    generic =
        as_required(type.element->kind == Kind::list ? *type.element->element : *type.element);
    return type;
  }
  if (parameter.role == Role::generic || parameter.role == Role::generic_list ||
      parameter.role == Role::generic_lists) {
    const bool list = parameter.role != Role::generic;
    if (list != (type.kind == Kind::list) && (list || generic.kind != Kind::nothing)) {
      report(node.offset, "E-TYPE",
             name_of(type) + " does not fit '" + parameter.name + "' of " + signature.text +
                 (list ? "; write [x] for a list of one" : ""));
      return {};
    }
    auto both = common(generic, list ? *type.element : type);
    if (!both) {
      report(node.offset, "E-TYPE",
             name_of(type) + " does not fit " + name_of(generic) + " in " + signature.text);
      return {};
    }
    generic = as_required(*std::move(both));
    return type;
  }
  for (const auto& wanted : parameter.types) {
    if (type.kind == wanted.kind && fits(type, wanted)) return type;
  }
  for (const auto& wanted : parameter.types) {
    if (convert(node, value, wanted, at)) return type;
  }
  const auto& wanted = parameter.types.at(0);
  const bool list = type.kind == Kind::list && wanted.kind != Kind::list;
  const bool written =
      type.kind == Kind::text && wanted.kind != Kind::list && wanted.kind != Kind::text;
  const bool counted = type.kind == Kind::integer || type.kind == Kind::boolean ||
                       type.kind == Kind::date || type.kind == Kind::duration;
  report(node.offset, "E-TYPE",
         name_of(type) + " does not fit '" + parameter.name + "' of " + signature.text +
             (list ? "; add '| first', or map(x => " + signature.name + "(x))"
              : written && wanted.kind == Kind::dn      ? "; write dn(x)"
              : written && wanted.kind == Kind::integer ? "; write int(x)"
              : counted && wanted.kind == Kind::text    ? "; write text(x)"
                                                        : ""));
  return {};
}

}  // namespace muster::mappings
