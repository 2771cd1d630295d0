// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "mappings/engine.h"
#include "provision/road/prepared.h"
#include "provision/road/submission.h"
#include "provision/road/wave.h"

namespace muster::provision {

// Groups: no mapping, members as rows. Whoever joins or leaves is said to the wave. Used once.
class GroupBatch {
 public:
  GroupBatch(store::Transaction& tx, const mappings::Engine& engine, const SubmitContext& context,
             Timestamp run_time, Wave& wave)
      : tx_(tx), engine_(engine), context_(context), run_time_(run_time), wave_(wave) {}

  Result<std::vector<Result<Outcome>>> run(std::span<const Prepared* const> items);

 private:
  // One group on its way through the batch.
  struct Case {
    const Prepared& item;
    bool leaves = false;
    std::optional<store::RecordRow> before = {};  // as stored
    bool known = false;                           // stored, and not gone
    store::RecordRow row = {};                    // as it will be stored
    store::MembershipChange members = {};

    bool renamed() const { return before && before->document != row.document; }
  };

  Result<Outcome> apply(const Prepared& item);
  std::optional<Error> hindrance(const Case& c) const;
  void make_row(Case& c) const;
  Status change_members(Case& c);
  static Decision decision_of(const Case& c);
  Result<Outcome> keep(Case& c);
  Result<std::optional<store::RecordRow>> stored(const SourceRecord& record);
  Result<store::MembershipChange> take_members(const Prepared& item, const std::string& record_id);

  store::Transaction& tx_;
  const mappings::Engine& engine_;
  const SubmitContext& context_;
  Timestamp run_time_;
  Wave& wave_;
  std::vector<AuditEntry> audit_ = {};
};

}  // namespace muster::provision
