// SPDX-License-Identifier: Apache-2.0
#include "provision/road/member_doubts.h"

#include <algorithm>

namespace muster::provision {

Result<std::vector<MemberDoubt>> member_doubts(store::Transaction& tx,
                                               std::span<const store::DoubtfulName> names) {
  std::vector<MemberDoubt> doubts;
  for (const auto& name : names) {
    MUSTER_TRY(const auto rows, tx.records().rows(name.records));
    std::vector<std::string> keys;
    for (const auto& row : rows)
      if (row) keys.push_back(row->head.key.source + " record " + row->head.key.key);
    std::sort(keys.begin(), keys.end());
    std::string who;
    for (const auto& key : keys) who += (who.empty() ? "" : " and ") + key;
    auto& doubt = doubts.emplace_back();
    doubt.records = name.records;
    doubt.finding = {
        .code = "W-MEMBER",
        .attribute = "members",
        .message = who +
                   " both have a name by which groups tell their members, so a membership "
                   "told by it is neither's",
        .value = shown_value(name.name),
        .repair = "give one of them another name at the source"};
  }
  return doubts;
}

}  // namespace muster::provision
