// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "mappings/language/context.h"
#include "mappings/language/type.h"

namespace muster::mappings {

// One parameter as a signature declares it.
struct FormalParameter {
  // What a call does with the argument beside passing it on. Those up to `region` are evaluated;
  // the others are known when the file is loaded and live in the CallSite.
  enum class Role {
    value,
    any,            // every type
    generic,        // T
    generic_list,   // list<T>
    generic_lists,  // list<T> or list<list<T>>
    group,          // int: of the regular expression before it, checked when it stands in the file
    region,         // text: a country for phone numbers, checked when it stands in the file
    table,
    column,
    domains,      // a set of domains
    dns,          // a set of DNs
    expression,   // a regular expression: the second parameter, by the name of `pattern`
    format,       // a date pattern
    date_format,  // one that dates are read by, so with all larger parts; '' for none
    zone,
    scheme,       // of transliteration
    characters,   // a character class
    form,         // NFC NFD NFKC NFKD
    replacement,  // of a regular expression: \\1 is its first group
    unit,         // of time
    language,     // whose rules of casing hold
    uuid_space,   // a UUID or one of the names of RFC 9562
    literal,      // a text
    slug,         // result, text: different arguments may give the same
  };

  std::string name = {};
  Role role = Role::value;
  std::vector<Type> types = {};  // value: one of these
  bool accepts_none = false;
  bool variadic = false;
  std::optional<std::string> preset = {};  // default: a number or a quoted text

  bool evaluated() const { return role <= Role::region; }
};

struct Signature {
  std::string text = {};  // for messages
  std::string name = {};
  std::vector<FormalParameter> parameters = {};
  FormalParameter result = {};  // accepts_none: may be none
  Native native = nullptr;
};

// A signature and its code: "left(x: text, n: int = 1) -> text?". A strict parameter (no '?') is
// never none when the code runs: the result is none then, or false for predicates. This row is all
// that the compiler and the parser know of a function: what a call needs beside its types is a word
// in capitals, a Role.
struct Function {
  std::string_view signature;
  Native native;
};

std::span<const Function> text_functions();
std::span<const Function> unicode_functions();
std::span<const Function> list_functions();
std::span<const Function> number_functions();
std::span<const Function> date_functions();
std::span<const Function> identity_functions();
std::span<const Function> place_functions();
std::span<const Function> encoding_functions();
std::span<const Function> digest_functions();

// The overloads of that name, empty when there is none. The first parameter tells them apart.
std::span<const Signature> find_functions(std::string_view name);
const std::vector<std::string>& function_names();  // also map filter any all primary

// The names of those whose second parameter is a regular expression.
const std::vector<std::string>& expression_functions();

}  // namespace muster::mappings
