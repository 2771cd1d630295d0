// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace muster {

// How two keys of a source are compared. Either way blanks and invisible characters at their ends
// do not count, and neither does the Unicode form (NFC, UAX 15).
enum class KeyMatch : std::uint8_t {
  exact,
  fold,  // nor does case: the attribute is a user name, a mail address, or a directory's
};

std::string_view name_of(KeyMatch match);  // "exact", "fold"

// How the keys in an attribute of this name are compared when nobody says so: user names and mail
// addresses without case, by all the names that files have for them. In directories (`kind` is
// "ldap") every attribute without case, ids that the server makes aside, whose text is what it is.
KeyMatch usual_key_match(std::string_view kind, std::string_view attribute);

// The form in which keys are kept and compared; empty: the text is no key.
std::string comparable_key(std::string_view key, KeyMatch match);

}  // namespace muster
