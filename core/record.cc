// SPDX-License-Identifier: Apache-2.0
#include "core/record.h"

#include "core/content_hash.h"

namespace muster {

std::string_view name_of(ResourceType type) {
  switch (type) {
    case ResourceType::user:
      return "User";
    case ResourceType::group:
      return "Group";
  }
  return "User";
}

std::int64_t hash_of(const SourceRecord& record) {
  if (record.hash) return *record.hash;
  if (!record.members && record.aliases.empty()) return content_hash(record.document);
  std::string text(record.document);
  for (const auto& alias : record.aliases) text.append("\n@").append(alias);
  if (record.members) {
    text += "\n#";
    for (const auto& member : *record.members) {
      text.append("\n").append(name_of(member.type)).append(":").append(member.key);
    }
  }
  return content_hash(text);
}

}  // namespace muster
