// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "mappings/engine.h"
#include "mappings/record_mapper.h"
#include "provision/road/submission.h"

namespace muster::provision {

// A submission with everything about it that needs no store: done before the transaction, on the
// caller's thread.
struct Prepared {
  Submission submission = {};
  std::int64_t hash = 0;
  mappings::Mapped mapped = {};  // users only
};

Result<Prepared> prepare(Submission submission, const mappings::Engine& engine, Timestamp run_time);

// The same record mapped once more, by one who knows what it told and contributed before: of
// several values where one is read, the one that was read then stays (decision 0021).
Result<Prepared> prepare_knowing(const Prepared& item, const store::RecordRow& before,
                                 const mappings::Engine& engine, Timestamp run_time);

// Whether there are such values.
bool reads_one_of_several(const mappings::Mapped& mapped);

// Nothing about the record or the rules changed since it was stored, and it was not missing
// meanwhile. Records in review or quarantine are never current: what hindered them may be gone.
bool is_current(const store::RecordHead& head, std::int64_t hash, std::int64_t fingerprint);

// Why a record is out of scope, and why it waits in quarantine, as stored with it: one wording
// whatever brings the record, so that the same trouble is seen to be the same.
std::string scope_reason(const mappings::Mapped& mapped);
std::string refusal_reason(const mappings::Mapped& mapped);

// The question who has the mail address that a record tells; nullopt when it tells none. Addresses
// are unique among people, so it is asked whatever the tiers match on.
std::optional<mappings::MatchKey> mail_key(const Contribution& contribution);

// A stored record as its source told it.
SourceRecord record_of(store::RecordRow row);

// A stored record on its way in once more.
Result<Prepared> prepare_again(store::RecordRow row, mappings::RecordMapper& mapper,
                               Timestamp run_time);

}  // namespace muster::provision
