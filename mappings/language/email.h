// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "core/result.h"

namespace muster::mappings {

// A mail address in the form in which it is compared and kept: local part lower-case, domain as
// A-labels.
struct Email {
  std::string local = {};
  std::string domain = {};
  std::string text() const { return local + "@" + domain; }
};

// RFC 5321 4.1.2 without quoted local parts, address literals and display names; split at the last
// '@'. Refused (Fault::invalid): code W-EMAIL, or W-ODD-DOMAIN where the domain holds characters
// that UTS 46 maps to ASCII or drops.
Result<Email> parse_email(std::string_view text);

// The A-label form, lower-case, one trailing dot removed (UTS 46 nontransitional, STD 3 rules, RFC
// 5891 lengths). Refused (Fault::invalid): code W-DOMAIN for what is no domain, W-ODD-DOMAIN as
// above: such a name passes for another one.
Result<std::string> domain_to_ascii(std::string_view text);

// For people and for comparing looks: U-labels where an A-label is valid.
std::string domain_to_unicode(std::string_view ascii);

// What a domain looks like (UTS 39 skeleton of its U-label form): equal for domains that people
// take for each other. `ascii` is an A-label form.
std::string look_of_domain(std::string_view ascii);

// Equal, or `domain` ends with "." + `parent` when `subdomains`. Both are A-label forms.
bool domain_matches(std::string_view domain, std::string_view parent, bool subdomains);

}  // namespace muster::mappings
