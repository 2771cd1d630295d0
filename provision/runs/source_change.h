// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"
#include "mappings/engine.h"
#include "store/rows.h"
#include "store/transaction.h"

namespace muster::provision {

// What the records of each source are known by: kind and key attribute, "csv id"; "scim" alone,
// whose records are known by the ids that we gave. By name of source.
using KeyedBy = std::map<std::string, std::string>;

// What the records of one source are known by. `configured` takes the place of the mapping's key
// where the source itself is told which attribute that is; empty: it is not. Directories take no
// notice of case in the names of attributes.
std::string keyed_by(const mappings::SourceInfo& info, std::string_view configured);

// Something about a source that would make strangers of the people who are known from it.
struct SourceChange {
  enum class What { key, kind, gone };

  std::string source = {};
  What what = What::key;
  std::int64_t people = 0;   // known from it
  std::string message = {};  // what would follow and what to do, without a way to accept it
};

std::string_view name_of(SourceChange::What what);

// What the next read of one source would not recognise; nothing when it has nobody yet.
std::optional<SourceChange> key_change(const store::SourceRow& known, const std::string& keyed_by);

// The changes for all sources that somebody is known from. `in_force` says how the records of a
// source are known of which the store does not say so itself.
Result<std::vector<SourceChange>> source_changes(store::View& view, const KeyedBy& now,
                                                 const KeyedBy& in_force);

// Remembers `now`, in a transaction of its caller: what a person has accepted, or nobody minds.
Status remember_keys(store::Transaction& tx, const KeyedBy& now);

}  // namespace muster::provision
