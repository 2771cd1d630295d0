// SPDX-License-Identifier: Apache-2.0
#include "store/overlay/references.h"

#include <algorithm>

namespace muster::store {

void OverlayReferences::join(const RecordRow& record) {
  for (auto& name : names_of(std::span(&record, 1)))
    joined_.insert_or_assign(std::move(name), record.head.identity_id);
}

// A record may have left its person, or come to one.
Result<std::vector<std::string>> OverlayReferences::holders(std::span<const Reference> references) {
  MUSTER_TRY(auto found, base_.references().holders(references));
  std::set<std::string> ids(found.begin(), found.end());
  ids.erase("");
  const std::vector<std::string> people(ids.begin(), ids.end());
  MUSTER_TRY(const auto told, overlay_.records().of_identities(people));
  std::map<std::string, std::vector<Reference>> names;
  for (std::size_t i = 0; i < people.size(); ++i) names[people[i]] = names_of(told[i]);
  for (std::size_t i = 0; i < found.size(); ++i) {
    const auto& known = names[found[i]];
    if (!std::binary_search(known.begin(), known.end(), references[i])) found[i].clear();
    const auto joined = joined_.find(references[i]);
    if (found[i].empty() && joined != joined_.end()) found[i] = joined->second;
  }
  return found;
}

Result<std::vector<std::vector<Reference>>> OverlayReferences::of(
    std::span<const std::string> identity_ids) {
  MUSTER_TRY(auto found, base_.references().of(identity_ids));
  for (std::size_t i = 0; i < found.size(); ++i) {
    const auto replaced = replaced_.find(identity_ids[i]);
    if (replaced != replaced_.end()) found[i] = replaced->second;
  }
  return found;
}

Result<std::vector<std::string>> OverlayReferences::referrers(
    std::span<const Reference> references) {
  MUSTER_TRY(auto ids, base_.references().referrers(references));
  std::erase_if(ids, [&](const std::string& id) { return replaced_.contains(id); });
  std::set<std::string> all(ids.begin(), ids.end());
  for (const auto& reference : references) {
    const auto known = referrers_.find(reference);
    if (known != referrers_.end()) all.insert(known->second.begin(), known->second.end());
  }
  return std::vector<std::string>(all.begin(), all.end());
}

Status OverlayReferences::replace(std::span<const ReferenceChange> changes) {
  for (const auto& change : changes) {
    for (const auto& reference : change.before) {
      const auto known = referrers_.find(reference);
      if (known != referrers_.end()) known->second.erase(change.identity_id);
    }
    for (const auto& reference : change.now) referrers_[reference].insert(change.identity_id);
    replaced_.insert_or_assign(change.identity_id, change.now);
  }
  return {};
}

}  // namespace muster::store
