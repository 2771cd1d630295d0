// SPDX-License-Identifier: Apache-2.0
#include "operations/documents/source.h"

namespace muster::operations {

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
  return document;
}

}  // namespace muster::operations
