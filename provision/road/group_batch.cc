// SPDX-License-Identifier: Apache-2.0
#include "provision/road/group_batch.h"

#include <algorithm>
#include <set>

#include "core/uuid.h"
#include "provision/road/events.h"
#include "provision/road/settle_again.h"

namespace muster::provision {
namespace {

using store::RecordState;

// How many people are settled again at a time when a group changes: bounds memory for a group of
// any size.
constexpr std::size_t portion = 500;

bool has_left(const store::RecordHead& head) { return head.state == RecordState::gone; }

}  // namespace

Result<std::vector<Result<Outcome>>> GroupBatch::run(std::span<const Prepared* const> items) {
  std::vector<Result<Outcome>> outcomes;
  outcomes.reserve(items.size());
  for (const auto* item : items) {
    auto outcome = apply(*item);
    // not_found and a lost race concern this group alone; anything else ends the batch.
    if (!outcome && outcome.error().fault != Fault::not_found &&
        outcome.error().code != "version") {
      return fail(std::move(outcome).error());
    }
    outcomes.push_back(std::move(outcome));
  }
  if (!audit_.empty()) MUSTER_CHECK(tx_.journal().audit(audit_));
  if (engine_.reads_groups()) MUSTER_CHECK(resettle());
  return outcomes;
}

Result<std::optional<store::RecordRow>> GroupBatch::stored(const SourceRecord& record) {
  if (record.key.key.empty()) return std::optional<store::RecordRow>{};
  const std::string keys[] = {record.key.key};
  MUSTER_TRY(auto heads, tx_.records().heads(record.key.source, ResourceType::group, keys));
  if (!heads[0]) return std::optional<store::RecordRow>{};
  const std::string ids[] = {heads[0]->id};
  MUSTER_TRY(auto rows, tx_.records().rows(ids));
  return std::move(rows[0]);
}

Result<store::MembershipChange> GroupBatch::change_members(const Prepared& item,
                                                           const std::string& record_id) {
  store::MembershipChange all;
  if (item.submission.record.members) {
    MUSTER_TRY(all, tx_.memberships().replace(record_id, *item.submission.record.members));
  }
  if (item.submission.members) {
    MUSTER_TRY(auto delta, tx_.memberships().change(record_id, item.submission.members->add,
                                                    item.submission.members->remove));
    all.changed += delta.changed;
    all.arrived.insert(all.arrived.end(), delta.arrived.begin(), delta.arrived.end());
  }
  return all;
}

Result<Outcome> GroupBatch::apply(const Prepared& item) {
  const auto& submission = item.submission;
  const bool leaves = submission.kind == Submission::Kind::gone;
  MUSTER_TRY(auto before, stored(submission.record));
  const bool known = before && !has_left(before->head);
  if (!known && (context_.must_exist || leaves)) {
    return fail(Fault::not_found, "there is no such record", submission.record.where);
  }
  if (submission.seen_version && (!before || *submission.seen_version != before->head.version)) {
    return fail(Fault::conflict,
                "the group has changed since version " + std::to_string(*submission.seen_version) +
                    " was seen; read it again",
                submission.record.where, "version");
  }

  store::RecordRow row = before ? *before : store::RecordRow{};
  if (!before) {
    row.head.id = new_uuid(tx_.now());
    row.head.key = submission.record.key;
    if (row.head.key.key.empty()) row.head.key.key = row.head.id;
    row.head.link_key = row.head.key.key;
    row.head.created = tx_.now();
  }
  row.head.state = leaves ? RecordState::gone : RecordState::linked;
  row.head.modified = tx_.now();
  row.head.evaluated_with = engine_.fingerprint(run_time_);
  row.head.missing_since.reset();
  if (!leaves && !(known && submission.members_only)) {
    // The hash covers the members too, so only a whole list can set it; it spares LDAP runs the
    // look at memberships.
    if (submission.record.members || !before) row.head.content_hash = item.hash;
    row.document = submission.record.document;
    row.search = submission.record.search;
    row.aliases = submission.record.aliases;
  }
  const bool renamed = before && before->document != row.document;

  if (!before) {
    MUSTER_CHECK(tx_.records().insert(std::span(&row, 1)));
    MUSTER_CHECK(tx_.memberships().resolve(std::span(&row, 1)));
  }
  store::MembershipChange members;
  if (leaves) {
    MUSTER_TRY(members, tx_.memberships().replace(row.head.id, {}));
  } else {
    MUSTER_TRY(members, change_members(item, row.head.id));
  }
  touched_records_.insert(touched_records_.end(), members.arrived.begin(), members.arrived.end());
  if (renamed && engine_.reads_groups()) {
    MUSTER_TRY(auto all, tx_.memberships().member_records(row.head.id));
    touched_records_.insert(touched_records_.end(), all.begin(), all.end());
  }

  Outcome outcome;
  auto& decision = outcome.decision;
  decision.key = row.head.key;
  decision.where = submission.record.where;
  decision.verb = !known ? Verb::create : leaves ? Verb::end : Verb::update;
  if (members.changed > 0) decision.changed.emplace_back("members");
  if (known && !leaves && !renamed && members.changed == 0) decision.verb = Verb::unchanged;

  const bool bookkeeping = before && (before->head.content_hash != row.head.content_hash ||
                                      before->head.evaluated_with != row.head.evaluated_with ||
                                      before->head.missing_since);
  if (decision.verb == Verb::unchanged && !bookkeeping) {
    outcome.head = before->head;
    return outcome;
  }
  if (decision.verb == Verb::unchanged) row.head.modified = before->head.modified;
  if (before) MUSTER_CHECK(tx_.records().update(std::span(&row, 1)));
  if (decision.verb != Verb::unchanged) audit_.push_back(audit_of(decision, row.head.id, context_));
  outcome.head = row.head;
  return outcome;
}

Status GroupBatch::resettle() {
  std::sort(touched_records_.begin(), touched_records_.end());
  touched_records_.erase(std::unique(touched_records_.begin(), touched_records_.end()),
                         touched_records_.end());
  return resettle_records(tx_, engine_, context_, run_time_, touched_records_);
}

Status resettle_records(store::Transaction& tx, const mappings::Engine& engine,
                        const SubmitContext& context, Timestamp run_time,
                        std::span<const std::string> record_ids) {
  std::vector<std::string> open(record_ids.begin(), record_ids.end());
  std::set<std::string> groups;  // each once: groups may contain each other
  while (!open.empty()) {
    std::vector<std::string> members;
    for (std::size_t from = 0; from < open.size(); from += portion) {
      const auto part = std::span(open).subspan(from, std::min(portion, open.size() - from));
      MUSTER_TRY(auto rows, tx.records().rows(part));
      std::vector<std::string> ids;
      for (const auto& row : rows) {
        if (!row) continue;
        if (!row->head.identity_id.empty()) ids.push_back(row->head.identity_id);
        // A rule about groups may be what it waits for.
        if (row->head.state == RecordState::quarantined) ids.push_back(row->head.id);
        const bool group = row->head.key.type == ResourceType::group;
        if (!group || !engine.flattens() || !groups.insert(row->head.id).second) continue;
        MUSTER_TRY(auto inside, tx.memberships().member_records(row->head.id));
        members.insert(members.end(), inside.begin(), inside.end());
      }
      MUSTER_CHECK(settle_again(tx, engine, context, run_time, std::move(ids)));
    }
    std::sort(members.begin(), members.end());
    members.erase(std::unique(members.begin(), members.end()), members.end());
    open = std::move(members);
  }
  return {};
}

}  // namespace muster::provision
