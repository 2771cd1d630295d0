// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>

#include "core/encoding.h"
#include "core/text.h"
#include "mappings/language/compiler.h"
#include "mappings/language/country.h"
#include "mappings/language/phone.h"

namespace muster::mappings {
namespace {

using Role = FormalParameter::Role;

// The namespaces of RFC 9562, 6.6.
constexpr std::array<std::pair<std::string_view, std::string_view>, 4> namespaces = {
    {{"dns", "6ba7b810-9dad-11d1-80b4-00c04fd430c8"},
     {"url", "6ba7b811-9dad-11d1-80b4-00c04fd430c8"},
     {"oid", "6ba7b812-9dad-11d1-80b4-00c04fd430c8"},
     {"x500", "6ba7b814-9dad-11d1-80b4-00c04fd430c8"}}};

// Languages whose casing Unicode makes an exception for.
constexpr std::array<std::string_view, 6> cased_languages = {"", "tr", "az", "lt", "el", "nl"};

// The 16 bytes of a UUID; empty when it is none.
std::string uuid_bytes(std::string_view text) {
  std::string bytes;
  if (text.size() != 36) return bytes;
  for (std::size_t i = 0; i < text.size();) {
    if (i == 8 || i == 13 || i == 18 || i == 23) {
      if (text[i++] != '-') return {};
      continue;
    }
    const int high = hex_value(text[i]);
    const int low = hex_value(text[i + 1]);
    if (high < 0 || low < 0) return {};
    bytes += static_cast<char>(high * 16 + low);
    i += 2;
  }
  return bytes;
}

}  // namespace

// Arguments that are one of a few words.
bool Compiler::word_argument(const Node& node, const FormalParameter& parameter, CallSite& site) {
  if (parameter.role == Role::unit) {
    const auto unit = parse_date_unit(node.text);
    if (!unit) {
      report(node.offset, "E-NAME",
             "unknown unit '" + node.text + "'; there are y M w d h m s (or year month week day " +
                 "hour minute second)");
      return false;
    }
    site.unit = *unit;
    return true;
  }
  if (parameter.role == Role::form) {
    site.text = node.text;
    return node.text == "NFC" || node.text == "NFD" || node.text == "NFKC" || node.text == "NFKD" ||
           refuse(node, "E-NAME",
                  "unknown form '" + node.text + "'; there are NFC, NFD, NFKC and NFKD");
  }
  if (parameter.role == Role::language) {
    site.text = node.text;
    if (std::find(cased_languages.begin(), cased_languages.end(), node.text) !=
        cased_languages.end())
      return true;
    report(node.offset, "E-NAME",
           "'" + node.text + "' has no casing of its own; there are tr, az, lt, el and nl");
    return false;
  }
  const auto known = std::find_if(namespaces.begin(), namespaces.end(),
                                  [&](const auto& one) { return one.first == node.text; });
  site.text = uuid_bytes(known == namespaces.end() ? std::string_view(node.text) : known->second);
  if (!site.text.empty()) return true;
  report(node.offset, "E-NAME",
         "the namespace of a UUID is a UUID, or one of dns, url, oid and x500");
  return false;
}

// A region in quotes must be one that phone numbers are known for.
bool Compiler::known_region(const Node& node) {
  const auto* country = find_country(fold_key(trim_blanks(node.text)));
  if (country != nullptr && has_phone_rules(country->alpha2)) return true;
  report(node.offset, "E-NAME",
         "'" + node.text + "' is no country; write its code of two letters, such as \"DE\"");
  return false;
}

}  // namespace muster::mappings
