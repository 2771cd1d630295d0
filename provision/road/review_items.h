// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "provision/road/review_answer.h"
#include "provision/road/submission.h"
#include "store/transaction.h"

namespace muster::provision {

// The review items behind the records of one batch. Lives inside one transaction, on its thread.
class ReviewItems {
 public:
  explicit ReviewItems(store::Transaction& tx) : tx_(tx) {}

  // Reads the newest review of each of these records.
  Status load(std::span<const std::string> record_ids);
  // The newest review of a record that load() was asked for; nullptr when it has none.
  const store::ReviewRow* find(const std::string& record_id) const;

  // The record waits: opens a review, or brings the open one up to date.
  void open(const store::RecordHead& record, const std::string& reason, const std::string& tier,
            std::vector<std::string> candidates);
  // The record waits no more, and nobody decided that.
  void close(const std::string& record_id, const std::string& why);
  // Somebody decided.
  void answer(const std::string& record_id, const ReviewAnswer& answer, const std::string& person);

  // Writes what changed, and the audit row of an answer.
  Status flush(const SubmitContext& context);

 private:
  store::Transaction& tx_;
  std::map<std::string, store::ReviewRow> latest_;  // by record id
  std::vector<std::string> changed_;                // record ids
  std::vector<AuditEntry> audit_;
};

// What stands in the record for a link that a person made.
std::string signature(const ReviewAnswer& answer, Timestamp when);

}  // namespace muster::provision
