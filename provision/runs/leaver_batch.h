// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>
#include <vector>

#include "mappings/engine.h"
#include "provision/road/batch_world.h"
#include "provision/road/people.h"
#include "provision/road/submission.h"
#include "provision/road/wave.h"

namespace muster::provision {

// People whom no source has any more, settled by other rules than before, inside one transaction:
// until when they are kept and what they give up follows from the rules in force, whenever they
// left. Nobody is deleted by it; who is due then, the lifecycle run finds, with its guard. Used
// once, on the transaction's thread.
class LeaverBatch {
 public:
  LeaverBatch(store::Transaction& tx, const mappings::Engine& engine, const SubmitContext& context,
              Timestamp run_time, Wave& wave)
      : tx_(tx),
        context_(context),
        wave_(wave),
        world_(tx),
        people_(tx, engine, world_, run_time) {}

  // An outcome for each of them who changes.
  Result<std::vector<Result<Outcome>>> run(std::span<const std::string> identity_ids);

 private:
  Status settle(Person& person);

  store::Transaction& tx_;
  const SubmitContext& context_;
  Wave& wave_;
  BatchWorld world_;
  People people_;
  std::vector<AuditEntry> audit_ = {};
  std::vector<Result<Outcome>> outcomes_ = {};
};

}  // namespace muster::provision
