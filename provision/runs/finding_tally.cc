// SPDX-License-Identifier: Apache-2.0
#include "provision/runs/finding_tally.h"

#include <algorithm>
#include <functional>
#include <utility>

namespace muster::provision {
namespace {

// More kinds than that are one kind for each code.
constexpr std::size_t most_groups = 100;
// Places that are shown, and how many are kept at hand, for those may go that came first.
constexpr std::size_t shown_places = 5;
constexpr std::size_t most_places = 50;
constexpr std::size_t most_marks = 200'000;

std::uint64_t mark_of(std::string_view subject, const Finding& finding) {
  std::string text(subject);
  for (const auto* part : {&finding.code, &finding.attribute, &finding.rule, &finding.message})
    text.append(1, '\0').append(*part);
  return std::hash<std::string_view>{}(text);
}

std::tuple<std::string, Severity, std::string, std::string, std::string> key_of(
    const std::string& source, const Finding& finding) {
  return {source, finding.severity, finding.code, finding.attribute, finding.rule};
}

}  // namespace

void FindingTally::begin() {
  noted_ = kept_;
  noted_marks_.clear();
}

void FindingTally::keep() {
  kept_ = noted_;
  for (const auto& [mark, known] : noted_marks_) {
    if (!known)
      marks_.erase(mark);
    else if (marks_.size() < most_marks)
      marks_.insert(mark);
  }
  noted_marks_.clear();
}

bool FindingTally::is_known(std::uint64_t mark) const {
  const auto noted = noted_marks_.find(mark);
  return noted != noted_marks_.end() ? noted->second : marks_.contains(mark);
}

store::FindingGroup& FindingTally::group_of(const std::string& source, const Finding& finding) {
  const auto key = key_of(source, finding);
  if (const auto known = noted_.by_key.find(key); known != noted_.by_key.end())
    return known->second;
  const bool room = noted_.by_key.size() < most_groups;
  const Key of_code{source, finding.severity, finding.code, {}, {}};
  auto [group, fresh] = noted_.by_key.try_emplace(room ? key : of_code);
  if (fresh) {
    group->second.source = source;
    group->second.example = finding;
    if (!room) group->second.example.attribute.clear(), group->second.example.rule.clear();
  }
  return group->second;
}

void FindingTally::add(const std::string& source, const Finding& finding, store::FindingPlace place,
                       std::string_view subject) {
  if (!subject.empty()) {
    const auto mark = mark_of(subject, finding);
    if (is_known(mark)) return;
    if (marks_.size() + noted_marks_.size() < most_marks) noted_marks_[mark] = true;
  }
  auto& group = group_of(source, finding);
  ++group.count;
  ++noted_.count;
  if (group.places.size() >= most_places) return;
  place.value = finding.value;
  group.places.push_back(std::move(place));
}

// What was not counted before does not go either. Whose source it was counted for is where it was
// found.
void FindingTally::take_back(const Finding& finding, const FindingChange& change) {
  const auto mark = mark_of(change.subject, finding);
  if (!is_known(mark)) return;
  noted_marks_[mark] = false;
  const auto is_there = [&](const store::FindingPlace& place) {
    return change.record_key.empty() ? place.identity_id == change.subject
                                     : place.record_key == change.record_key;
  };
  store::FindingGroup* group = nullptr;
  for (auto& [key, one] : noted_.by_key) {
    const bool alike = key == key_of(one.source, finding) ||
                       key == Key{one.source, finding.severity, finding.code, {}, {}};
    if (!alike) continue;
    const bool exactly = std::any_of(one.places.begin(), one.places.end(), is_there);
    if (exactly || group == nullptr) group = &one;
    if (exactly) break;
  }
  if (group == nullptr) return;
  --noted_.count;
  --group->count;
  std::erase_if(group->places, is_there);
  std::erase_if(noted_.by_key, [](const auto& one) { return one.second.count == 0; });
}

void FindingTally::add(const std::string& source, const Result<Outcome>& outcome) {
  if (!outcome) {
    const auto& error = outcome.error();
    add(source, {.severity = Severity::error, .code = error.code, .message = error.detail},
        {.where = error.where}, {});
    return;
  }
  if (!outcome->applied()) return;  // counted when that is decided
  const auto& decision = outcome->decision;
  const store::FindingPlace place{
      .where = decision.where, .record_key = decision.key.key, .identity_id = decision.identity_id};
  for (const auto& finding : decision.findings)
    add(decision.key.source, finding, place, outcome->head.id);
  for (const auto& finding : decision.person_findings)
    add(decision.key.source, finding, place, decision.identity_id);
}

void FindingTally::add(const std::string& source, const ItemProblem& problem) {
  add(source,
      {.severity = problem.severity,
       .code = problem.code,
       .attribute = problem.attribute,
       .message = problem.message,
       .value = problem.value,
       .rule = problem.rule,
       .repair = problem.repair},
      {.where = problem.where}, {});
}

void FindingTally::follow(const FindingChange& change) {
  const auto has = [](const std::vector<Finding>& findings, const Finding& one) {
    return std::find(findings.begin(), findings.end(), one) != findings.end();
  };
  for (const auto& finding : change.before) {
    if (!has(change.now, finding)) take_back(finding, change);
  }
  const store::FindingPlace place{
      .record_key = change.record_key,
      .identity_id = change.record_key.empty() ? change.subject : std::string{}};
  for (const auto& finding : change.now) {
    if (!has(change.before, finding)) add(change.source, finding, place, change.subject);
  }
}

std::vector<store::FindingGroup> FindingTally::groups() const {
  std::vector<store::FindingGroup> groups;
  for (const auto& [key, group] : noted_.by_key) {
    groups.push_back(group);
    auto& places = groups.back().places;
    if (places.size() > shown_places) places.resize(shown_places);
    if (!places.empty()) groups.back().example.value = places.front().value;
  }
  std::stable_sort(groups.begin(), groups.end(), [](const auto& a, const auto& b) {
    return std::tie(a.example.severity, a.count) > std::tie(b.example.severity, b.count);
  });
  return groups;
}

bool FindingTally::has_errors() const {
  return std::any_of(noted_.by_key.begin(), noted_.by_key.end(), [](const auto& group) {
    return group.second.example.severity == Severity::error;
  });
}

}  // namespace muster::provision
