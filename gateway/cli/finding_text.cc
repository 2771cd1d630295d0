// SPDX-License-Identifier: Apache-2.0
#include "gateway/cli/finding_text.h"

#include <cstdio>
#include <string>

#include "gateway/cli/output.h"

namespace muster::gateway::cli {
namespace {

void line(int indent, const std::string& text) {
  std::printf("%*s%s\n", indent, "", printable(text).c_str());
}

std::string text_at(const Value& document, std::string_view name) {
  const auto* value = document.find(name);
  return value != nullptr && value->is_text() ? value->as_text() : std::string{};
}

void print_details(const Value& document, int indent) {
  if (const auto rule = text_at(document, "rule"); !rule.empty()) line(indent, "rule " + rule);
  if (const auto repair = text_at(document, "repair"); !repair.empty())
    line(indent, "what to do: " + repair);
}

std::string headline(const Value& document) {
  const auto attribute = text_at(document, "attribute");
  return text_at(document, "code") + (attribute.empty() ? "" : " " + attribute) + ": " +
         text_at(document, "message");
}

std::string title_of(const store::FindingPlace& place) {
  auto title = !place.where.empty()        ? place.where
               : !place.record_key.empty() ? "record " + place.record_key
                                           : "person " + place.identity_id;
  return place.value.empty() ? title : title + " '" + place.value + "'";
}

void print_places(const store::FindingGroup& group, int indent) {
  std::string places;
  for (const auto& place : group.places)
    places += (places.empty() ? "at " : ", ") + title_of(place);
  const auto more = group.count - static_cast<std::int64_t>(group.places.size());
  if (!places.empty() && more > 0) places += " and " + std::to_string(more) + " more";
  if (!places.empty()) line(indent, places);
}

}  // namespace

void print_finding(const Value& document, int indent) {
  line(indent, "finding " + headline(document));
  print_details(document, indent + 2);
}

void print_findings(const std::vector<store::FindingGroup>& groups, bool of_many_sources) {
  if (!groups.empty()) std::printf("  findings\n");
  for (const auto& group : groups) {
    const auto document = document_of(group.example);
    const bool named = of_many_sources && !group.source.empty();
    line(4, std::to_string(group.count) + " x " + std::string(name_of(group.example.severity)) +
                " " + headline(document) + (named ? " (source " + group.source + ")" : ""));
    print_places(group, 8);
    print_details(document, 8);
  }
}

void print_findings(const store::RunRow& run) {
  const bool of_many_sources = run.source.empty();
  print_findings(run.findings, of_many_sources);
  std::string standing;
  for (const auto& one : run.standing)
    standing += (standing.empty() ? "" : ", ") + (of_many_sources ? one.source + " " : "") +
                one.code + " " + std::to_string(one.count);
  if (!standing.empty()) line(2, "findings that stand: " + standing);
}

}  // namespace muster::gateway::cli
