// SPDX-License-Identifier: Apache-2.0
#include "core/csv/aliases.h"

#include <unicode/normalizer2.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>

#include <algorithm>
#include <new>

#include "core/text.h"

namespace muster {
namespace {

// Full decomposition, so that accents become characters of their own and can be left out.
icu::UnicodeString decomposed(const std::string& text) {
  UErrorCode status = U_ZERO_ERROR;
  const auto* form = icu::Normalizer2::getNFKDInstance(status);
  if (U_FAILURE(status)) throw std::bad_alloc();
  const auto result = form->normalize(icu::UnicodeString::fromUTF8(text), status);
  if (U_FAILURE(status)) throw std::bad_alloc();
  return result;
}

bool left_out(UChar32 c) {
  return u_charType(c) == U_NON_SPACING_MARK || u_isUWhiteSpace(c) || c == '_' || c == '-' ||
         c == '.' || c == '[' || c == ']';
}

bool is_remark(std::string_view folded) {
  return folded == "required" || folded == "optional" || folded == "readonly" ||
         folded == "uploadonly";
}

}  // namespace

std::string fold_header(std::string_view name) {
  const icu::UnicodeString text = decomposed(fold_key(name));
  icu::UnicodeString kept;
  for (std::int32_t i = 0; i < text.length(); i = text.moveIndex32(i, 1)) {
    const UChar32 c = text.char32At(i);
    if (!left_out(c)) kept.append(c);
  }
  std::string folded;
  kept.toUTF8String(folded);
  return folded;
}

std::vector<std::string> folded_names(std::string_view header) {
  std::vector<std::string> names;
  const auto open = header.find('[');
  const auto close = header.find(']', open == std::string_view::npos ? 0 : open);
  if (open != std::string_view::npos && close != std::string_view::npos) {
    std::string inside = fold_header(header.substr(open + 1, close - open - 1));
    if (!inside.empty() && !is_remark(inside)) names.push_back(std::move(inside));
    names.push_back(fold_header(header.substr(0, open)));
  }
  names.push_back(fold_header(header));
  std::erase(names, "");
  return names;
}

std::span<const AliasGroup> alias_groups() {
  static const std::vector<AliasGroup> groups = {
      {"userName",
       {"username", "login", "loginid", "userprincipalname", "uid", "samaccountname", "identifiant",
        "benutzername"}},
      {"email", {"email", "mail", "emailaddress", "courriel", "emailswork", "emailsworkvalue"}},
      {"firstName", {"firstname", "givenname", "namegivenname", "prenom", "vorname"}},
      {"lastName",
       {"lastname", "sn", "surname", "familyname", "namefamilyname", "nom", "nachname"}},
      {"employeeNumber",
       {"employeenumber", "employeeid", "userid", "idnumber", "sourcedid", "matricule",
        "personalnummer"}},
      {"enabled", {"enabled", "active", "accountenabled", "status"}},
      {"type", {"type", "usertype"}},
      {"groups", {"groups", "memberof", "groupes"}},
  };
  return groups;
}

const AliasGroup* alias_group_of(std::string_view folded) {
  for (const AliasGroup& group : alias_groups()) {
    if (std::ranges::find(group.folded, folded) != group.folded.end()) return &group;
  }
  return nullptr;
}

bool names_secret(std::string_view folded) {
  static constexpr std::string_view parts[] = {"password",   "passwd",   "passwort",
                                               "motdepasse", "kennwort", "unicodepwd"};
  const auto holds = [&](std::string_view part) { return folded.find(part) != std::string::npos; };
  return folded == "pwd" || std::ranges::any_of(parts, holds);
}

}  // namespace muster
