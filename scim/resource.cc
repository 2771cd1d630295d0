// SPDX-License-Identifier: Apache-2.0
#include "scim/resource.h"

#include <algorithm>
#include <utility>

#include "core/json.h"
#include "core/text.h"
#include "scim/canonical.h"
#include "scim/member_edit.h"

namespace muster::scim {
namespace {

std::string text_of(const Value& document, std::string_view name) {
  const Value* value = document.find(name);
  return value != nullptr && value->is_text() ? value->as_text() : std::string();
}

SearchKeys search_keys(const Value& document, ResourceType type) {
  SearchKeys keys;
  keys.external_id = text_of(document, "externalId");
  keys.display_name = fold_key(text_of(document, "displayName"));
  if (type == ResourceType::group) {
    keys.display = text_of(document, "displayName");
    return keys;
  }
  keys.user_name = fold_key(trim_invisible(text_of(document, "userName")));
  if (const Value* active = document.find("active")) keys.active = active->as_bool();
  const Value* emails = document.find("emails");
  if (emails == nullptr) return keys;
  for (const auto& email : emails->as_list()) {
    auto key = fold_key(trim_invisible(text_of(email, "value")));
    if (!key.empty()) keys.emails.push_back(std::move(key));
  }
  return keys;
}

}  // namespace

Result<Resource> read_resource(Value told, ResourceType type, const ClientQuirks& quirks) {
  Resource out;
  if (type == ResourceType::group && told.is_object()) {
    auto& attributes = told.as_object();
    const auto members = std::find_if(attributes.begin(), attributes.end(), [](const auto& member) {
      return ascii_equal_fold(member.name, "members");
    });
    if (members != attributes.end()) {
      MUSTER_TRY(out.members, read_members(members->value, quirks));
      attributes.erase(members);
    }
  }
  MUSTER_TRY(out.document, canonical_document(told, type, quirks));
  return out;
}

SourceRecord make_record(std::string source, ResourceType type, std::string id,
                         const Value& document) {
  SourceRecord record;
  record.search = search_keys(document, type);
  record.key = {std::move(source), type, std::move(id)};
  record.document = write_json(document);
  return record;
}

}  // namespace muster::scim
