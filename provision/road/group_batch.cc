// SPDX-License-Identifier: Apache-2.0
#include "provision/road/group_batch.h"

#include "core/uuid.h"
#include "provision/road/events.h"
#include "provision/road/member_doubts.h"

namespace muster::provision {

using store::RecordState;

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

Result<store::MembershipChange> GroupBatch::take_members(const Prepared& item,
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

// nullopt: nothing hinders it.
std::optional<Error> GroupBatch::hindrance(const Case& c) const {
  const auto& submission = c.item.submission;
  if (!c.known && (context_.must_exist || c.leaves))
    return Error{Fault::not_found, "there is no such record", submission.record.where, {}};
  const auto& seen = submission.seen_version;
  if (seen && (!c.before || *seen != c.before->head.version)) {
    return Error{
        Fault::conflict,
        "the group has changed since version " + std::to_string(*seen) + " was seen; read it again",
        submission.record.where, "version"};
  }
  return std::nullopt;
}

// The row as it will be stored.
void GroupBatch::make_row(Case& c) const {
  const auto& told = c.item.submission.record;
  auto& row = c.row;
  if (c.before) {
    row = *c.before;
  } else {
    row.head.id = new_uuid(tx_.now());
    row.head.key = told.key;
    if (row.head.key.key.empty()) row.head.key.key = row.head.id;
    row.head.link_key = row.head.key.key;
    row.head.created = tx_.now();
  }
  row.head.state = c.leaves ? RecordState::gone : RecordState::linked;
  row.head.modified = tx_.now();
  row.head.evaluated_with = engine_.fingerprint(run_time_);
  row.head.missing_since.reset();
  if (c.leaves || (c.known && c.item.submission.members_only)) return;
  // The hash covers the members too, so only a whole list can set it; it spares LDAP runs the look
  // at memberships.
  if (told.members || !c.before) row.head.content_hash = c.item.hash;
  row.document = told.document;
  row.search = told.search;
  row.aliases = told.aliases;
}

// Members that come and go; a group that is new stands before them, and may be a member itself of
// groups that named it before it came.
Status GroupBatch::change_members(Case& c) {
  const auto& id = c.row.head.id;
  if (!c.before) MUSTER_CHECK(tx_.records().insert(std::span(&c.row, 1)));
  if (c.leaves) {
    MUSTER_TRY(c.members, tx_.memberships().replace(id, {}));
  } else {
    MUSTER_TRY(c.members, take_members(c.item, id));
  }
  wave_.regrouped(c.members.arrived);
  if (!c.renamed() || !engine_.reads_groups()) return {};
  MUSTER_TRY(const auto all, tx_.memberships().member_records(id));
  wave_.regrouped(all);
  return {};
}

Decision GroupBatch::decision_of(const Case& c) {
  Decision decision;
  decision.key = c.row.head.key;
  decision.where = c.item.submission.record.where;
  decision.verb = !c.known ? Verb::create : c.leaves ? Verb::end : Verb::update;
  if (c.members.changed > 0) decision.changed.emplace_back("members");
  if (c.known && !c.leaves && !c.renamed() && c.members.changed == 0)
    decision.verb = Verb::unchanged;
  return decision;
}

// Writes what is to be written of the record itself.
Result<Outcome> GroupBatch::keep(Case& c) {
  Outcome outcome;
  outcome.decision = decision_of(c);
  const bool unchanged = outcome.decision.verb == Verb::unchanged;
  const bool bookkeeping =
      c.before &&
      (c.before->head.content_hash != c.row.head.content_hash ||
       c.before->head.evaluated_with != c.row.head.evaluated_with || c.before->head.missing_since);
  if (unchanged && !bookkeeping) {
    outcome.head = c.before->head;
    return outcome;
  }
  if (unchanged) c.row.head.modified = c.before->head.modified;
  if (c.before) MUSTER_CHECK(tx_.records().update(std::span(&c.row, 1)));
  if (!unchanged) audit_.push_back(audit_of(outcome.decision, c.row.head.id, context_));
  outcome.head = c.row.head;
  return outcome;
}

Result<Outcome> GroupBatch::apply(const Prepared& item) {
  Case c{.item = item, .leaves = item.submission.kind == Submission::Kind::gone};
  MUSTER_TRY(c.before, stored(item.submission.record));
  c.known = c.before && c.before->head.state != RecordState::gone;
  if (auto error = hindrance(c)) return fail(*std::move(error));
  make_row(c);
  MUSTER_CHECK(change_members(c));
  MUSTER_TRY(auto outcome, keep(c));
  const auto news = tx_.memberships().take_news();
  wave_.regrouped(news.moved);
  MUSTER_TRY(auto doubts, member_doubts(tx_, news.doubtful));
  for (auto& doubt : doubts) outcome.decision.findings.push_back(std::move(doubt.finding));
  return outcome;
}

}  // namespace muster::provision
