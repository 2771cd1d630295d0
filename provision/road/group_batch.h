// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "mappings/engine.h"
#include "provision/road/prepared.h"
#include "provision/road/submission.h"

namespace muster::provision {

// Groups: no mapping, members as rows; whoever joins or leaves is settled again when rules read
// groups.
class GroupBatch {
 public:
  GroupBatch(store::Transaction& tx, const mappings::Engine& engine, const SubmitContext& context,
             Timestamp run_time)
      : tx_(tx), engine_(engine), context_(context), run_time_(run_time) {}

  Result<std::vector<Result<Outcome>>> run(std::span<const Prepared* const> items);

 private:
  Result<Outcome> apply(const Prepared& item);
  Result<std::optional<store::RecordRow>> stored(const SourceRecord& record);
  Result<store::MembershipChange> change_members(const Prepared& item,
                                                 const std::string& record_id);
  Status resettle();

  store::Transaction& tx_;
  const mappings::Engine& engine_;
  const SubmitContext& context_;
  Timestamp run_time_;
  std::vector<std::string> touched_records_ = {};  // of people whose groups changed
  std::vector<AuditEntry> audit_ = {};
};

// Settles the people behind these records again, in portions; for changes that came from groups.
Status resettle_records(store::Transaction& tx, const mappings::Engine& engine,
                        const SubmitContext& context, Timestamp run_time,
                        std::span<const std::string> record_ids);

}  // namespace muster::provision
