// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "store/transaction.h"

namespace muster::store {

// What an overlay's people would be settled by, over what they are settled by in the store.
class OverlayReferences final : public ReferenceTable {
 public:
  // `overlay`: the transaction as it would look; `base`: as it is.
  OverlayReferences(View& overlay, View& base) : overlay_(overlay), base_(base) {}

  // A record that belonged to nobody would belong to somebody.
  void join(const RecordRow& record);

  Result<std::vector<std::string>> holders(std::span<const Reference> references) override;
  Result<std::vector<std::vector<Reference>>> of(
      std::span<const std::string> identity_ids) override;
  Result<std::vector<std::string>> referrers(std::span<const Reference> references) override;
  Status replace(std::span<const ReferenceChange> changes) override;

 private:
  View& overlay_;
  View& base_;
  std::map<Reference, std::string> joined_ = {};                 // -> identity
  std::map<std::string, std::vector<Reference>> replaced_ = {};  // by identity
  std::map<Reference, std::set<std::string>> referrers_ = {};    // of those who were replaced
};

}  // namespace muster::store
