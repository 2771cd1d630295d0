// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "core/diagnostic.h"
#include "core/value.h"

namespace muster {

// Something worth a person's attention about one record or identity; never stops other records.
// Whoever makes one sees to it that neither `message` nor `value` holds a secret or what the
// mapping file calls sensitive.
struct Finding {
  Severity severity = Severity::warning;
  std::string code = {};  // "W-MULTI", or the id of a validate rule
  std::string attribute = {};
  std::string message = {};  // what is wrong and what follows; neither rule nor repair
  std::string value = {};    // what was told, as shown_value() shows it; empty: nothing, or veiled
  // What asked for it, for people: a rule's name and its place in the mapping file,
  // "sources.entra.map.email (acme.yaml:51:9)".
  std::string rule = {};
  std::string repair = {};  // what to do about it; empty: the message says so

  friend bool operator==(const Finding&, const Finding&) = default;
};

// Whether both say the same about a person. Where the rule stands in its file is no fact about
// anybody.
bool same_facts(const Finding& a, const Finding& b);

// How a finding is shown, whatever shows it: code, severity, attribute, message, and value, rule
// and repair where there are any.
Value document_of(const Finding& finding);

inline constexpr std::size_t most_shown_characters = 80;

// A told text as messages and reports show it: at most so many characters, "..." behind what was
// cut; blanks at the ends are left out, characters that are not for print become blanks.
std::string shown_value(std::string_view told, std::size_t most = most_shown_characters);

}  // namespace muster
