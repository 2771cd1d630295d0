// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/contribution.h"
#include "core/identity.h"
#include "core/result.h"
#include "store/rows.h"

namespace muster::store {

// How values that are never searched are kept in one text column: compact JSON lists, elements in
// the order of the fields. Empty lists are an empty text (null in the table). Reading a damaged
// text is Fault::internal.

std::string write_texts(const std::vector<std::string>& texts);
Result<std::vector<std::string>> read_texts(std::string_view json);

std::string write_contribution(const Contribution& contribution);
// `key` is not repeated in the text.
Result<Contribution> read_contribution(std::string_view json, SourceKey key);

std::string write_attributes(const std::vector<IdentityAttribute>& attributes);
Result<std::vector<IdentityAttribute>> read_attributes(std::string_view json);

std::string write_memberships(const std::vector<GroupMembership>& memberships);
Result<std::vector<GroupMembership>> read_memberships(std::string_view json);

std::string write_findings(const std::vector<Finding>& findings);
Result<std::vector<Finding>> read_findings(std::string_view json);

std::string write_finding_groups(const std::vector<FindingGroup>& groups);
Result<std::vector<FindingGroup>> read_finding_groups(std::string_view json);

std::string write_standing(const std::vector<StandingFindings>& standing);
Result<std::vector<StandingFindings>> read_standing(std::string_view json);

std::string write_keys(const std::vector<IdentityKey>& keys);
Result<std::vector<IdentityKey>> read_keys(std::string_view json);

std::string write_counts(const RunCounts& counts);
Result<RunCounts> read_counts(std::string_view json);

}  // namespace muster::store
