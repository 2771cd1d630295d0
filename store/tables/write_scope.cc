// SPDX-License-Identifier: Apache-2.0
#include "store/tables/write_scope.h"

namespace muster::store {
namespace {

const Sql kSavepoint{"savepoint submission", ""};
const Sql kRelease{"release savepoint submission", ""};
const Sql kBack{"rollback to savepoint submission", ""};

Status run(Session& session, const Sql& sql) { return session.query(sql, {}, {}); }

}  // namespace

void WriteScope::begin() {
  own_.clear();
  membership_news_ = {};
  own_changed_ = false;
  savepoint_ = false;
  broken_.reset();
}

Status WriteScope::begin_write() {
  if (own_changed_) return {};
  if (group_changed_) {
    MUSTER_CHECK(run(session_, kSavepoint));
    savepoint_ = true;
  }
  own_changed_ = true;
  return {};
}

Status WriteScope::keep() {
  if (broken_) return fail(*broken_);
  if (savepoint_) MUSTER_CHECK(run(session_, kRelease));
  group_.add(own_);
  group_changed_ = group_changed_ || own_changed_;
  return {};
}

Status WriteScope::undo(bool& lost_all) {
  lost_all = !savepoint_ && !group_changed_ && own_changed_;
  if (!savepoint_) return {};
  MUSTER_CHECK(run(session_, kBack));
  return run(session_, kRelease);
}

}  // namespace muster::store
