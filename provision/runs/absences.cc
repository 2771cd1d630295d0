// SPDX-License-Identifier: Apache-2.0
#include "provision/runs/absences.h"

#include <optional>

#include "provision/runs/lifecycle.h"

namespace muster::provision {
namespace {

constexpr int survey_portion_size = 1000;
constexpr int leaving_portion_size = 500;

bool counts_as_person(const store::RecordHead& head) {
  return head.state == store::RecordState::linked && head.enabled && !head.identity_id.empty();
}

void add(AbsenceCounts& all, const AbsenceCounts& some) {
  all.known += some.known;
  all.leaving += some.leaving;
  all.people += some.people;
  all.missing += some.missing;
}

}  // namespace

bool Absences::is_due(const store::RecordHead& head) const {
  const auto grace = provisioner_.engine()->absence().grace;
  if (grace.count() == 0) return true;
  return head.missing_since && clock_.now() - *head.missing_since >= grace;
}

Result<AbsenceCounts> Absences::survey(bool mark) {
  AbsenceCounts all;
  for (std::optional<std::int64_t> after = 0; after;) {
    Portion portion;
    MUSTER_CHECK(provisioner_.store().read([&](store::View& view) -> Status {
      MUSTER_TRY(portion, look(view, *after, mark));
      return {};
    }));
    if (!portion.newly_missing.empty()) {
      MUSTER_TRY(portion, mark_missing(*after));
    }
    add(all, portion.counts);
    after = portion.next;
  }
  return all;
}

Result<Absences::Portion> Absences::look(store::View& view, std::int64_t after, bool mark) const {
  Portion portion;
  auto& counts = portion.counts;
  MUSTER_TRY(const auto heads, view.walks().live(source_, type_, after, survey_portion_size));
  for (const auto& head : heads) {
    if (counts_as_person(head) || type_ == ResourceType::group) ++counts.known;
    if (seen_.has(head.row)) continue;
    if (is_due(head)) {
      ++counts.leaving;
      if (counts_as_person(head)) ++counts.people;
    } else if (mark) {
      ++counts.missing;
      if (!head.missing_since) portion.newly_missing.push_back(head.id);
    }
  }
  if (heads.size() == static_cast<std::size_t>(survey_portion_size))
    portion.next = heads.back().row;
  return portion;
}

// Starts the grace period of those who are missing now, as the transaction itself sees them.
Result<Absences::Portion> Absences::mark_missing(std::int64_t after) const {
  Portion portion;
  auto marked = provisioner_.store().write([&](store::Transaction& tx) -> Status {
    MUSTER_TRY(portion, look(tx, after, true));
    if (portion.newly_missing.empty()) return {};
    MUSTER_CHECK(tx.records().mark_missing(portion.newly_missing, tx.now()));
    if (type_ != ResourceType::user) return {};
    return note_missing(tx, *provisioner_.engine(), clock_.now(), portion.newly_missing);
  });
  if (!marked) return fail(std::move(marked).error());
  return portion;
}

Status Absences::each_leaving(const Leave& leave) const {
  std::int64_t after = 0;
  for (;;) {
    std::vector<store::RecordHead> heads;
    MUSTER_CHECK(provisioner_.store().read([&](store::View& view) -> Status {
      MUSTER_TRY(heads, view.walks().live(source_, type_, after, leaving_portion_size));
      return {};
    }));
    if (heads.empty()) return {};
    after = heads.back().row;
    std::erase_if(heads, [this](const auto& head) { return seen_.has(head.row) || !is_due(head); });
    MUSTER_CHECK(leave(heads));
  }
}

Result<std::vector<std::string>> Absences::places(std::span<const store::RecordHead> heads) const {
  std::vector<std::string> ids;
  for (const auto& head : heads) ids.push_back(head.id);
  std::vector<std::string> places(heads.size());
  auto read = provisioner_.store().read([&](store::View& view) -> Status {
    MUSTER_TRY(const auto rows, view.records().rows(ids));
    for (std::size_t i = 0; i < rows.size(); ++i) {
      if (rows[i] && !rows[i]->aliases.empty()) places[i] = rows[i]->aliases.front();
    }
    return {};
  });
  if (!read) return fail(std::move(read).error());
  return places;
}

}  // namespace muster::provision
