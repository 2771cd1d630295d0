// SPDX-License-Identifier: Apache-2.0
#include "operations/documents/source.h"

namespace muster::operations {
namespace {

std::string remarks_of(const SourceStatus& source) {
  std::string remarks;
  if (const auto& refused = source.refused) {
    remarks = "credentials refused since " + format_timestamp(refused->since) +
              "; by the schedule not before " + format_timestamp(refused->next);
  }
  if (source.never_seen.empty()) return remarks;
  remarks += remarks.empty() ? "nobody has " : "; nobody has ";
  for (const auto& name : source.never_seen) {
    if (&name != &source.never_seen.front()) remarks += ", ";
    remarks += name;
  }
  return remarks;
}

}  // namespace

Value as_document(const SourceStatus& source) {
  std::int64_t findings = 0;
  for (const auto& one : source.standing) findings += one.count;
  Value document;
  document.set("name", source.name);
  document.set("kind", source.kind);
  document.set("tag", source.tag);
  document.set("people", std::to_string(source.counts.people));
  document.set("groups", std::to_string(source.counts.groups));
  document.set("review", std::to_string(source.counts.review));
  document.set("quarantined", std::to_string(source.counts.quarantined));
  document.set("findings", std::to_string(findings));
  document.set("lastRun", source.last ? format_timestamp(source.last->started) : "never");
  document.set("lastState", source.last ? store::name_of(source.last->state) : "");
  document.set("remarks", remarks_of(source));
  return document;
}

}  // namespace muster::operations
