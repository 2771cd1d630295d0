// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/record.h"
#include "store/reader.h"
#include "store/readers/filter_plan.h"
#include "store/readers/listing.h"

namespace muster::store {

// What a filter over the records of one source and type is answered from.
FilterPlan plan_resource_filter(const std::optional<Filter>& filter,
                                std::span<const IndexedName> names);
Listing resource_listing(const FilterPlan& plan, std::int64_t source, ResourceType type);

}  // namespace muster::store
