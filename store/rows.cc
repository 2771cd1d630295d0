// SPDX-License-Identifier: Apache-2.0
#include "store/rows.h"

namespace muster::store {

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

}  // namespace muster::store
