// SPDX-License-Identifier: Apache-2.0
// The part of a batch that reads: what is stored of its records, and everybody whom they may touch,
// each once for the whole batch.
#include <algorithm>
#include <map>
#include <unordered_map>

#include "provision/road/user_batch.h"

namespace muster::provision {

using store::RecordState;

// The records as stored, all of one source and type at a time.
Status UserBatch::look_up(std::vector<Case>& cases) {
  std::unordered_map<std::string, std::vector<Case*>> by_source;
  for (auto& c : cases) {
    if (!record(c).key.key.empty()) by_source[record(c).key.source].push_back(&c);
  }
  for (auto& [source, of_source] : by_source) {
    std::vector<std::string> keys;
    for (const auto* c : of_source) keys.push_back(record(*c).key.key);
    MUSTER_TRY(auto heads, tx_.records().heads(source, ResourceType::user, keys));
    for (std::size_t i = 0; i < heads.size(); ++i) of_source[i]->head = std::move(heads[i]);
  }
  for (auto& c : cases) {
    if (c.head) c.linked_to = c.head->identity_id;
    start_row(c);
  }
  return {};
}

// Where one of several values is read and the record is known, what it told before decides which.
Status UserBatch::keep_choices(std::vector<Case>& cases) {
  std::vector<std::string> ids;
  std::vector<Case*> open;
  for (auto& c : cases) {
    const auto& item = *c.item;
    if (!c.head || context_.stored || item.submission.kind == Submission::Kind::gone) continue;
    if (!reads_one_of_several(item.mapped) ||
        is_current(*c.head, item.hash, engine_.fingerprint(run_time_)))
      continue;
    ids.push_back(c.head->id);
    open.push_back(&c);
  }
  if (ids.empty()) return {};
  MUSTER_TRY(const auto rows, tx_.records().rows(ids));
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (!rows[i]) continue;
    MUSTER_TRY(open[i]->known, prepare_knowing(*open[i]->item, *rows[i], engine_, run_time_));
    open[i]->item = &*open[i]->known;
    start_row(*open[i]);
  }
  return {};
}

// A record that belongs to nobody yet may be one that its source knows under a stable id we have
// met before (a SCIM resource that was deleted and pushed again): links are sticky by (source, link
// key). Two live records of one stable id are a doubt, for as long as both are there and say so.
Status UserBatch::find_links(std::vector<Case>& cases) {
  std::unordered_map<std::string, std::vector<Case*>> by_source;
  for (auto& c : cases) {
    if (c.item->submission.kind == Submission::Kind::gone || c.item->mapped.link_key.empty())
      continue;
    const bool own_key = c.item->mapped.link_key == record(c).key.key;
    const bool asked = c.linked_to.empty() || c.head->link_key != c.item->mapped.link_key;
    if (asked && (c.head || !own_key)) by_source[record(c).key.source].push_back(&c);
  }
  for (auto& [source, of_source] : by_source) {
    std::vector<std::string> keys;
    for (const auto* c : of_source) keys.push_back(c->item->mapped.link_key);
    MUSTER_TRY(auto found, tx_.records().heads_by_link_key(source, ResourceType::user, keys));
    for (std::size_t i = 0; i < found.size(); ++i) {
      auto& c = *of_source[i];
      const bool linked = !c.linked_to.empty();
      for (auto& head : found[i]) {
        if (head.id == c.row.head.id) continue;
        if (head.state == RecordState::gone || head.state == RecordState::skipped) {
          if (!linked && !head.identity_id.empty()) c.linked_to = head.identity_id;
        } else if (goes_before(head, c)) {
          c.twins.push_back(std::move(head));
        }
      }
    }
  }
  note_twins_within(cases);
  return {};
}

// Of two records with one stable id the one that belongs to somebody is the one that counts, else
// that with the smaller key; so the order in which they come does not matter, and they do not wait
// for each other.
bool UserBatch::goes_before(const store::RecordHead& head, const Case& c) {
  if (!head.identity_id.empty()) return true;
  const bool stored = c.head && !c.head->identity_id.empty();
  return !stored && head.key.key < c.row.head.key.key;
}

// The same between records that come together.
void UserBatch::note_twins_within(std::vector<Case>& cases) {
  std::map<std::pair<std::string_view, std::string_view>, std::vector<Case*>> alike;
  for (auto& c : cases) {
    const auto& mapped = c.item->mapped;
    const bool speaks = c.item->submission.kind != Submission::Kind::gone && mapped.in_scope;
    if (!speaks || mapped.link_key.empty() || mapped.link_key == c.row.head.key.key) continue;
    alike[{record(c).key.source, mapped.link_key}].push_back(&c);
  }
  for (auto& [name, group] : alike) {
    for (auto* c : group) {
      const bool settled =
          c->head && !c->head->identity_id.empty() && c->head->link_key == c->item->mapped.link_key;
      for (const auto* other : group) {
        const auto& head = other->row.head;
        const bool known = std::any_of(c->twins.begin(), c->twins.end(),
                                       [&](const auto& twin) { return twin.id == head.id; });
        if (other != c && !settled && !known && goes_before(head, *c)) c->twins.push_back(head);
      }
    }
  }
}

// Everybody whom this batch may touch: linked people and those whom correlation may find, each read
// once.
Status UserBatch::fetch_people(std::vector<Case>& cases) {
  std::vector<mappings::MatchKey> asked;
  for (const auto& c : cases) {
    if (!c.linked_to.empty() || c.item->submission.kind == Submission::Kind::gone) continue;
    auto keys = engine_.match_keys(c.item->mapped.contribution);
    if (auto mail = mail_key(c.item->mapped.contribution)) keys.push_back(std::move(*mail));
    asked.insert(asked.end(), std::make_move_iterator(keys.begin()),
                 std::make_move_iterator(keys.end()));
  }
  MUSTER_CHECK(world_.prefetch(asked));

  std::vector<std::string> ids;
  for (const auto& c : cases) {
    if (!c.linked_to.empty()) ids.push_back(c.linked_to);
  }
  for (const auto& key : asked) {
    MUSTER_TRY(auto candidates, world_.find(key));
    for (auto& candidate : candidates) ids.push_back(std::move(candidate.identity_id));
  }
  MUSTER_CHECK(people_.load(ids));
  MUSTER_CHECK(fetch_returning(cases));
  std::vector<std::string> records;
  std::vector<Reference> references;
  for (const auto& c : cases) {
    if (c.head) records.push_back(c.head->id);
    for (auto& one : engine_.references(c.item->mapped.contribution))
      references.push_back(std::move(one));
  }
  MUSTER_CHECK(people_.prefetch_groups(records));
  MUSTER_CHECK(people_.prefetch(references));
  return fetch_leavers(cases);
}

// What records said before they went: `keep` may still want it when they return.
Status UserBatch::fetch_returning(std::vector<Case>& cases) {
  std::vector<std::string> ids;
  std::vector<Case*> returning;
  for (auto& c : cases) {
    const bool returns = c.head && c.head->state == RecordState::gone && !c.linked_to.empty();
    if (!returns || c.item->submission.kind == Submission::Kind::gone) continue;
    ids.push_back(c.head->id);
    returning.push_back(&c);
  }
  if (ids.empty()) return {};
  MUSTER_TRY(auto rows, tx_.records().rows(ids));
  for (std::size_t i = 0; i < rows.size(); ++i)
    if (rows[i]) returning[i]->last = std::move(rows[i]->contribution);
  return {};
}

// A record that goes is kept as it was last told: the tombstone is the whole row.
Status UserBatch::fetch_leavers(std::vector<Case>& cases) {
  std::vector<std::string> ids;
  std::vector<Case*> leavers;
  for (auto& c : cases) {
    if (c.item->submission.kind != Submission::Kind::gone || !c.head) continue;
    ids.push_back(c.head->id);
    leavers.push_back(&c);
  }
  if (ids.empty()) return {};
  MUSTER_TRY(auto rows, tx_.records().rows(ids));
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (!rows[i]) continue;
    leavers[i]->row = std::move(*rows[i]);
    auto& where = leavers[i]->outcome.decision.where;
    if (where.empty() && !leavers[i]->row.aliases.empty()) where = leavers[i]->row.aliases.front();
    leavers[i]->row.head.modified = tx_.now();
    leavers[i]->row.head.missing_since.reset();
  }
  return {};
}

}  // namespace muster::provision
