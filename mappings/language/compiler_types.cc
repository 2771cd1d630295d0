// SPDX-License-Identifier: Apache-2.0
#include <utility>

#include "mappings/language/compiler.h"

namespace muster::mappings {

std::string conversion_hint(const Type& have, const Type& wanted) {
  using Kind = Type::Kind;
  if (have.kind == Kind::list && wanted.kind == Kind::list)
    return have.element->kind == Kind::list ? "; add '| flatten'" : "";
  if (have.kind == Kind::list && wanted.kind != Kind::list) {
    return wanted.kind == Kind::text ? "; add '| first' or '| join(\", \")'" : "; add '| first'";
  }
  if (wanted.kind == Kind::list && have.kind != Kind::list) return "; write [x] for a list of one";
  if (!text_like(have.kind) && wanted.kind == Kind::text) {
    return have.kind == Kind::complex ? "; name one of its fields" : "; add '| text'";
  }
  if (have.kind == Kind::text) {
    switch (wanted.kind) {
      case Kind::email:
        return "; add '| email'";
      case Kind::domain:
        return "; add '| domain'";
      case Kind::dn:
        return "; add '| dn'";
      case Kind::ref:
        return "; write ref(x)";
      case Kind::integer:
        return "; add '| int'";
      case Kind::date:
        return "; add '| date(\"yyyy-MM-dd\")'";
      case Kind::boolean:
        return "; compare it: x == \"true\"";
      case Kind::nothing:
      case Kind::text:
      case Kind::duration:
      case Kind::list:
      case Kind::complex:
        return {};
    }
  }
  return {};
}

bool Compiler::fits(const Type& have, const Type& wanted) const {
  if (wanted.kind == Kind::nothing || have.kind == Kind::nothing) return true;
  if (wanted.kind == Kind::text) return text_like(have.kind) || have.kind == Kind::dn;
  if (wanted.kind == Kind::list && have.kind == Kind::list) {
    return have.element->kind == Kind::dn && wanted.element->kind == Kind::text
               ? false
               : fits(*have.element, *wanted.element);
  }
  if (wanted.kind == Kind::complex && have.kind == Kind::complex)
    return have.fields == wanted.fields;
  return have.kind == wanted.kind;
}

// Makes the value in register `at` one of `wanted`; false when it cannot be (nothing is reported
// then).
bool Compiler::convert(const Node& node, const Result& value, const Type& wanted,
                       std::uint16_t at) {
  if (fits(value.type, wanted)) {
    if (value.type.kind == Kind::dn && wanted.kind == Kind::text) emit(Op::as_text, at, at);
    return true;
  }
  return value.literal != nullptr && convert_literal(node, wanted.kind, at);
}

// A text literal becomes a constant of another type. Reports a bad one (and then counts as
// converted).
bool Compiler::convert_literal(const Node& node, Kind kind, std::uint16_t at) {
  Datum datum;
  const char* code = "";
  constants_.restart();
  switch (kind) {
    case Kind::email:
      datum = to_email(constants_, node.text);
      code = "E-EMAIL";
      break;
    case Kind::domain:
      datum = to_domain(constants_, node.text);
      code = "E-DOMAIN";
      break;
    case Kind::dn:
      datum = to_dn(constants_, node.text);
      code = "E-DN";
      break;
    case Kind::ref:
      datum = constants_.copy(node.text, Datum::Tag::ref);
      break;
    case Kind::date:
      code = "E-DATE";
      if (const auto time = read_date(node.text)) {
        datum = number_datum(*time, Datum::Tag::date);
      } else {
        constants_.fail("W-DATE", "this is no date (2026-11-22)");
      }
      break;
    case Kind::nothing:
    case Kind::text:
    case Kind::integer:
    case Kind::boolean:
    case Kind::duration:
    case Kind::list:
    case Kind::complex:
      return false;
  }
  if (constants_.failed()) {
    report(node.offset, code, std::string(constants_.message()));
    constants_.restart();
    return true;
  }
  code_->constants.push_back(datum);
  emit(Op::constant, at, 0, 0, static_cast<std::uint32_t>(code_->constants.size() - 1));
  return true;
}

void Compiler::expect(const Node& node, const Result& value, const Expected& expected) {
  const auto& wanted = expected.type;
  if (!convert(node, value, wanted, 0)) {
    return report(node.offset, "E-TYPE",
                  "this gives " + name_of(value.type) + ", but " + name_of(wanted) + " is needed" +
                      conversion_hint(value.type, wanted));
  }
  if (wanted.kind == Kind::nothing || wanted.optional || !value.type.optional) return;
  if (wanted.kind == Kind::boolean) {
    return report(node.offset, "E-BOOL-OPT",
                  "this may be none and cannot decide; write '?? false' or '?? true' behind it");
  }
  report(node.offset, "E-TYPE",
         "this may be none, but a value is needed; write '?? ...' behind it");
}

std::optional<Type> Compiler::common(const Type& a, const Type& b) const {
  const bool optional = a.optional || b.optional;
  const auto with = [optional](Type type) {
    type.optional = optional;
    return type;
  };
  if (a.kind == Kind::nothing) return with(b);
  if (b.kind == Kind::nothing) return with(a);
  if (a.kind == Kind::list && b.kind == Kind::list) {
    auto element = common(*a.element, *b.element);
    if (!element) return std::nullopt;
    return list_of(*std::move(element), optional);
  }
  if (a.kind == b.kind && (a.kind != Kind::complex || a.fields == b.fields)) return with(a);
  if (text_like(a.kind) && text_like(b.kind)) return text_type(optional);
  return std::nullopt;
}

Type Compiler::unify(const Node& node, const Type& a, const Type& b) {
  if (auto type = common(a, b)) return *std::move(type);
  report(node.offset, "E-TYPE",
         "this gives " + name_of(b) + ", but the part before gives " + name_of(a));
  return {};
}

}  // namespace muster::mappings
