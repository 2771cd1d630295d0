// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>

#include "core/clock.h"
#include "core/result.h"
#include "store/catalog.h"
#include "store/rows.h"
#include "store/sql/session.h"
#include "store/tables/tallies.h"

namespace muster::store {

// What the tables of one submission share: the session, its savepoint and its part of the counters.
// A submission that changes nothing costs no savepoint, and the first one that does needs none
// either: undoing it is a rollback.
class WriteScope {
 public:
  WriteScope(Session& session, Catalog& catalog, Timestamp now)
      : session_(session), catalog_(catalog), now_(now) {}

  Session& session() { return session_; }
  Catalog& catalog() { return catalog_; }
  Timestamp now() const { return now_; }
  Tallies& tallies() { return own_; }

  // What became of memberships in this submission, until somebody takes it.
  MembershipNews& membership_news() { return membership_news_; }

  // How many linked user records the uncommitted work adds to a source.
  std::int64_t linked_people(std::int64_t source) const {
    return group_.linked_people(source) + own_.linked_people(source);
  }

  // Runs `change`, a writing step. After an error what it left behind is unknown, so the submission
  // can only be undone.
  template <class Change>
  auto write(Change change) -> decltype(change()) {
    if (auto begun = begin_write(); !begun) return fail(begun.error());
    auto result = change();
    if (!result && !broken_) broken_ = result.error();
    return result;
  }

  // A submission begins; what earlier ones did stays.
  void begin();
  // The submission's end: keeps its changes. An error when a writing step had failed.
  Status keep();
  // The submission's end: takes its changes back; `lost_all` is set when that took back the whole
  // transaction, which then has to be begun again (nothing was in it).
  Status undo(bool& lost_all);

  // Before the commit: writes the counters.
  Status flush() { return group_.flush(session_); }
  bool changed() const { return group_changed_; }

 private:
  Status begin_write();

  Session& session_;
  Catalog& catalog_;
  Timestamp now_;
  Tallies group_;  // of the submissions that were kept
  Tallies own_;
  MembershipNews membership_news_;
  bool group_changed_ = false;
  bool own_changed_ = false;
  bool savepoint_ = false;
  std::optional<Error> broken_;
};

}  // namespace muster::store
