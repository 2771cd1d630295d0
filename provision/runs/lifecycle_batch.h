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

// Some people settled again because time has passed, inside one transaction. Used once, on the
// transaction's thread.
class LifecycleBatch {
 public:
  LifecycleBatch(store::Transaction& tx, const mappings::Engine& engine,
                 const SubmitContext& context, Timestamp run_time, Wave& wave)
      : tx_(tx),
        engine_(engine),
        context_(context),
        run_time_(run_time),
        wave_(wave),
        world_(tx),
        people_(tx, engine, world_, run_time) {}

  // An outcome for each of them. With `hold_deactivations`, who would become inactive or be deleted
  // is left as it is, and its outcome held. Whom it moves is said to the wave.
  Result<std::vector<Outcome>> run(std::span<const std::string> identity_ids);

 private:
  Status settle(Person& person);
  bool is_over(const store::RecordRow& record) const;

  store::Transaction& tx_;
  const mappings::Engine& engine_;
  const SubmitContext& context_;
  Timestamp run_time_;
  Wave& wave_;
  BatchWorld world_;
  People people_;
  std::vector<store::RecordRow> ended_ = {};
  std::vector<AuditEntry> audit_ = {};
  std::vector<Outcome> outcomes_ = {};
};

}  // namespace muster::provision
