// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "store/rows.h"

namespace muster::provision {

// The records of a person when one of them changes; a record is known by its id.

// All but that one, in their order.
std::vector<store::RecordRow> without(std::span<const store::RecordRow> rows,
                                      std::string_view record_id);
// The same with this one at the end.
std::vector<store::RecordRow> with(std::span<const store::RecordRow> rows,
                                   const store::RecordRow& record);
// nullptr: it is not among them.
const store::RecordRow* find_row(std::span<const store::RecordRow> rows,
                                 std::string_view record_id);

}  // namespace muster::provision
