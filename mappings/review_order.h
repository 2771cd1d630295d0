// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "mappings/review_doubts.h"

namespace muster::mappings {

// W-UNREACH: rules of a list where the first match decides (scope, classify, correlate.tiers,
// username.patterns) that an earlier rule leaves nothing to.
void review_order(Loading& loading, const YamlNode& root, const Doubts& doubts);

}  // namespace muster::mappings
