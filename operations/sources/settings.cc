// SPDX-License-Identifier: Apache-2.0
#include "operations/sources/settings.h"

#include "core/text.h"

namespace muster::operations {

std::string_view name_of(SourceKind kind) {
  switch (kind) {
    case SourceKind::scim:
      return "scim";
    case SourceKind::ldap:
      return "ldap";
    case SourceKind::csv:
      return "csv";
  }
  return "unknown";
}

Result<const SourceSettings*> find_source(const std::vector<SourceSettings>& sources,
                                          const std::string& name) {
  std::vector<std::string> names;
  std::string all;
  for (const auto& source : sources) {
    if (source.name == name) return &source;
    names.push_back(source.name);
    all += (all.empty() ? "" : ", ") + source.name;
  }
  const auto near = did_you_mean(name, names);
  return fail(Fault::not_found, "there is no source '" + name + "'" +
                                    (near.empty() ? "; configured are: " + all : near));
}

Result<std::optional<char>> parse_delimiter(std::string_view text) {
  if (text.empty()) return std::optional<char>();
  if (text == "tab") return std::optional<char>('\t');
  if (text.size() == 1) return std::optional<char>(text.front());
  return fail(Fault::invalid, "'delimiter' is one character, or the word tab");
}

}  // namespace muster::operations
