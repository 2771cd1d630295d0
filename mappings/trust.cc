// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "mappings/model.h"

namespace muster::mappings {

void rank_sources(Model& model) {
  const auto count = model.sources.size();
  const bool declared =
      std::any_of(model.sources.begin(), model.sources.end(),
                  [](const SourceModel& source) { return source.declared_trust.has_value(); });
  const auto& authority = model.merge_default.authority;
  std::vector<std::size_t> place(count, count);
  for (std::size_t i = 0; i < authority.size(); ++i) place[authority[i]] = i;
  model.by_trust.clear();
  for (std::size_t i = 0; i < count; ++i) {
    auto& source = model.sources[i];
    source.trust =
        declared ? source.declared_trust.value_or(0) : static_cast<std::int64_t>(count - place[i]);
    model.by_trust.push_back(i);
  }
  std::stable_sort(model.by_trust.begin(), model.by_trust.end(), [&](std::size_t a, std::size_t b) {
    const auto left = model.sources[a].trust, right = model.sources[b].trust;
    return left != right ? left > right : place[a] < place[b];
  });
}

bool is_identifier(const Attribute& attribute) {
  return attribute.unique || attribute.name == "email" || attribute.name == "userName";
}

}  // namespace muster::mappings
