// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <deque>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "mappings/engine.h"
#include "mappings/record_mapper.h"
#include "provision/road/batch_world.h"
#include "provision/road/decide.h"
#include "provision/road/people.h"
#include "provision/road/prepared.h"
#include "provision/road/submission.h"
#include "provision/road/waits.h"
#include "provision/road/wave.h"

namespace muster::provision {

// Stored records taken through mapping and settling once more, inside one transaction. All that was
// told about a person is mapped before the person is settled, once: nothing in between is ever
// seen. Whom that moves is said to the wave. Used once, on the transaction's thread; the mapper
// serves the batches of a walk one after the other.
class ReevaluationBatch {
 public:
  // `skip`: people who are left alone, because they are known to be held.
  using Skip = std::function<bool(const std::string& identity_id)>;

  ReevaluationBatch(store::Transaction& tx, const mappings::Engine& engine,
                    mappings::RecordMapper& mapper, const SubmitContext& context,
                    Timestamp run_time, Wave& wave, Skip skip = {})
      : tx_(tx),
        engine_(engine),
        mapper_(mapper),
        context_(context),
        run_time_(run_time),
        wave_(wave),
        fingerprint_(engine.fingerprint(run_time)),
        skip_(std::move(skip)),
        world_(tx),
        people_(tx, engine, world_, run_time) {}

  // Records that belong to a person, with everything else that was told about these people. An
  // outcome per record that was evaluated; the first of a person says what follows for the person.
  // They do not tell who the person is now.
  Result<std::vector<Result<Outcome>>> run_linked(std::span<const store::RecordHead> heads);

  // Records that belong to nobody yet: in review, in quarantine, out of scope.
  Result<std::vector<Result<Outcome>>> run_unlinked(std::span<const store::RecordHead> heads);

 private:
  // One record of a person, as it was and as it is understood now.
  struct Word {
    enum class Fate {
      stays,   // evaluated already, or by rules that are no more
      speaks,  // contributes
      aside,   // a rule refused it: what it contributed before stays
      leaves,  // out of scope
    };
    const store::RecordRow* before = nullptr;  // of the person, or one of skipped_
    std::optional<store::RecordRow> now = {};  // none: as before
    Fate fate = Fate::stays;
    bool stale = false;
    bool contributed = true;  // among the person's records so far
    std::vector<Finding> findings = {};
    std::vector<Reference> asked = {};  // about other people, when a rule refuses the person

    const store::RecordRow& row() const { return now ? *now : *before; }
  };
  struct Case {
    Person* person = nullptr;
    std::vector<Word> words = {};
  };
  // What settling reads of a case, where that is not what the person has.
  struct Rows {
    std::vector<store::RecordRow> told = {};
    std::vector<store::RecordRow> gone = {};
  };

  Result<Word> understand(const store::RecordRow& row, bool contributed);
  Result<std::vector<Case>> gather(std::span<const store::RecordHead> heads,
                                   std::vector<store::RecordHead>& orphans);
  Result<std::vector<store::RecordRow>> rows_of(std::span<const store::RecordHead> heads);
  Status prefetch(const std::vector<Case>& cases);
  std::vector<mappings::MatchKey> keys_of(const Contribution& contribution) const;
  Status settle(Case& c);
  static bool is_as_before(const Case& c);
  static Rows rows_of(const Case& c, const Person& person);
  void refuse(Case& c, const std::string& reason, const Identity& refused,
              const std::vector<Reference>& asked);
  void tell_of_people();
  void keep(Case& c, const Effect& effect);
  Status write();
  Status index(const std::vector<Case>& cases);

  store::Transaction& tx_;
  const mappings::Engine& engine_;
  mappings::RecordMapper& mapper_;
  const SubmitContext& context_;
  Timestamp run_time_;
  Wave& wave_;
  std::int64_t fingerprint_;
  Skip skip_;
  BatchWorld world_;
  People people_;
  std::deque<store::RecordRow> skipped_ = {};  // out of scope until now; words point to them
  std::vector<store::RecordRow> changed_ = {};
  std::vector<std::string> stamped_ = {};
  std::vector<Wait> waits_ = {};
  std::vector<AuditEntry> audit_ = {};
  std::vector<Result<Outcome>> outcomes_ = {};
};

}  // namespace muster::provision
