// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "core/clock.h"
#include "mappings/engine.h"
#include "provision/road/people.h"
#include "provision/road/submission.h"
#include "store/transaction.h"

namespace muster::provision {

// Who follows from a change. Whatever writes people, records or groups says here whom it moved;
// settle() then settles everybody whose own records stayed but who looks at what moved: at a
// manager, at a group, or from quarantine at somebody who was not there yet. Those who move by that
// are followed in turn, until nobody does.
//
// Belongs to one transaction and its thread; engine and transaction outlive it. Rows are read and
// written in portions, so that memory is bounded by ids, however large a group is.
class Wave {
 public:
  // `context`: for whom it is done, and whether deactivations are held; the rest of it is of the
  // submission alone.
  Wave(store::Transaction& tx, const mappings::Engine& engine, const SubmitContext& context,
       Timestamp run_time);

  // These people were written. Whoever looked at what others see of them follows, but not those who
  // are among `people` themselves: they were settled with it. To be called after People::flush().
  Status moved(const People& people);

  // The groups that these records are in have changed, or groups that they are in as groups.
  void regrouped(std::span<const std::string> record_ids);

  // To be called last, when all that the change writes itself is written.
  Status settle();

 private:
  Status settle_all(std::vector<std::string> ids);
  Status settle_portion(std::span<const std::string> ids);
  Status decide_again(std::span<const std::string> record_ids);
  Status settle_regrouped(std::vector<std::string> record_ids);
  void tell_findings(People& people, std::span<const std::string> ids) const;
  void tell_findings(const std::map<std::string, std::vector<Finding>>& before,
                     std::span<const Result<Outcome>> outcomes) const;

  store::Transaction& tx_;
  const mappings::Engine& engine_;
  SubmitContext context_;
  Timestamp run_time_;
  // Of identities, and of records in quarantine: they are decided again.
  std::vector<std::string> followers_ = {};
  std::vector<std::string> regrouped_ = {};  // of records
  std::set<std::string> opened_ = {};        // records of groups whose members were added already
};

}  // namespace muster::provision
