// SPDX-License-Identifier: Apache-2.0
#include "store/rows.h"

#include <algorithm>

namespace muster::store {

bool has_own_index(const IdentityKey& key) {
  return key.attribute == "email" || key.attribute == "userName";
}

std::string_view name_of(RecordState state) {
  switch (state) {
    case RecordState::linked:
      return "linked";
    case RecordState::review:
      return "review";
    case RecordState::quarantined:
      return "quarantined";
    case RecordState::skipped:
      return "skipped";
    case RecordState::gone:
      return "gone";
  }
  return "gone";
}

std::string_view name_of(RunKind kind) {
  switch (kind) {
    case RunKind::import:
      return "import";
    case RunKind::sync:
      return "sync";
    case RunKind::apply:
      return "apply";
    case RunKind::lifecycle:
      return "lifecycle";
    case RunKind::retry:
      return "retry";
  }
  return "sync";
}

std::string_view name_of(RunState state) {
  switch (state) {
    case RunState::running:
      return "running";
    case RunState::done:
      return "done";
    case RunState::done_with_errors:
      return "done_with_errors";
    case RunState::held:
      return "held";
    case RunState::incomplete:
      return "incomplete";
    case RunState::failed:
      return "failed";
    case RunState::cancelled:
      return "cancelled";
  }
  return "failed";
}

std::string_view name_of(ReviewState state) {
  return state == ReviewState::open ? "open" : "resolved";
}

std::string_view name_of(Resolution resolution) {
  switch (resolution) {
    case Resolution::none:
      return "";
    case Resolution::link:
      return "link";
    case Resolution::create:
      return "create";
    case Resolution::ignore:
      return "ignore";
    case Resolution::closed:
      return "closed";
  }
  return "";
}

std::string_view shown_state(const ResourceRow& row) {
  const bool applied = row.state == RecordState::linked || row.state == RecordState::gone;
  return applied ? std::string_view(row.identity_state) : name_of(row.state);
}

std::vector<Reference> names_of(std::span<const RecordRow> records) {
  std::vector<Reference> names;
  for (const auto& record : records) {
    const auto& source = record.head.key.source;
    names.push_back({source, record.head.key.key});
    names.push_back({source, record.head.link_key});
    for (const auto& alias : record.aliases) names.push_back({source, alias});
  }
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
  return names;
}

}  // namespace muster::store
