// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "core/result.h"

namespace muster {

// Why the fast reader refused `text`, with the place: the slow, exact second look at text that is
// known to be refused. It builds nothing and descends at most `depth` levels.
Error explain_json_refusal(std::string_view text, int depth);

}  // namespace muster
