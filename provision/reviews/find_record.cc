// SPDX-License-Identifier: Apache-2.0
#include "provision/reviews/find_record.h"

#include <algorithm>

#include "core/key_match.h"

namespace muster::provision {

Result<std::optional<store::RecordRow>> find_record(store::View& view, const std::string& name) {
  std::string id = name;
  if (const auto slash = name.find('/'); slash != std::string::npos) {
    const auto key = name.substr(slash + 1);
    const std::string keys[] = {key, comparable_key(key, KeyMatch::exact),
                                comparable_key(key, KeyMatch::fold)};
    MUSTER_TRY(const auto heads,
               view.records().heads(name.substr(0, slash), ResourceType::user, keys));
    const auto found =
        std::ranges::find_if(heads, [](const auto& head) { return head.has_value(); });
    if (found == heads.end()) return std::optional<store::RecordRow>{};
    id = (*found)->id;
  } else {
    MUSTER_TRY(const auto review, view.reviews().get(name));
    if (review) id = review->record_id;
  }
  const std::string ids[] = {id};
  MUSTER_TRY(auto rows, view.records().rows(ids));
  if (rows[0] && rows[0]->head.key.type != ResourceType::user) rows[0].reset();
  return std::move(rows[0]);
}

}  // namespace muster::provision
