// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "core/json.h"
#include "core/result.h"

namespace muster {

// Why the fast reader refused `text`, with the place: the slow, exact second look at text that is
// known to be refused. It builds nothing and descends at most `limits.depth` levels.
Error explain_json_refusal(std::string_view text, const JsonLimits& limits);

}  // namespace muster
