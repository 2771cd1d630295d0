// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/record.h"
#include "core/result.h"
#include "provision/decision.h"
#include "store/transaction.h"

namespace muster::provision {

struct ReviewAnswer;

// Members that come and go, for a source that tells changes rather than the whole list.
struct MemberChange {
  std::vector<Member> add = {};
  std::vector<std::string> remove = {};  // member keys
};

// One record on its way in.
struct Submission {
  enum class Kind { put, gone };

  Kind kind = Kind::put;
  // Whole, as told. An empty key.key mints one: the record's new id (SCIM create).
  SourceRecord record = {};
  std::optional<MemberChange> members = {};  // groups: beside or instead of record.members
  // Groups: only the members are told; the stored document stays, whatever record.document
  // holds.
  bool members_only = false;
  std::optional<std::int64_t> seen_version =
      {};  // the stored version must still be this one, else conflict "version"
};

struct SubmitContext {
  std::string actor = {};  // for the audit row
  std::string run = {};    // run id or empty
  // A record that fails validation: kept with state quarantined, or refused with Fault::invalid and
  // nothing stored.
  bool refuse_invalid = false;
  // `put` of a key that the store does not know (or knows as gone): not_found instead of a new
  // record.
  bool must_exist = false;
  // The records are those that are stored, evaluated again; nobody tells them now, so that an
  // absence goes on.
  bool stored = false;
  // Do not apply what would deactivate a person; the outcome says `held`.
  bool hold_deactivations = false;
  // Do not keep records aside that somebody else stands in the way of (a mail address that is
  // taken, another record of the source with a claim): what is to come in the same run may clear
  // it. The outcome says `postponed`.
  bool postpone_clashes = false;
  // What somebody decided about the one record that is submitted, which waits in review; see
  // reviews.h.
  const ReviewAnswer* answer = nullptr;
  // Runs in the same transaction, after the changes: for rows that must stand or fall with them
  // (run items, cursor).
  std::function<Status(store::Transaction&, std::span<const Result<Outcome>>)> also = {};
};

// Whether submissions of these contexts may be decided in one go: all is alike, and nothing belongs
// to one of them alone.
inline bool may_join(const SubmitContext& one, const SubmitContext& other) {
  const auto alone = [](const SubmitContext& context) {
    return context.also || context.answer != nullptr;
  };
  return !alone(one) && !alone(other) && one.actor == other.actor && one.run == other.run &&
         one.refuse_invalid == other.refuse_invalid && one.must_exist == other.must_exist &&
         one.stored == other.stored && one.hold_deactivations == other.hold_deactivations &&
         one.postpone_clashes == other.postpone_clashes;
}

}  // namespace muster::provision
