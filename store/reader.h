// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/query.h"
#include "core/result.h"
#include "core/value.h"
#include "store/rows.h"

namespace muster::store {

// The read side: committed data only, beside the writer. A Reader belongs to one thread at a time;
// get one per piece of work from Store::reader(). Point reads cost one index look-up.

// What the store finds the resources of one source by without looking at each.
enum class Indexed { id, user_name, external_id, email, display_name, active, member };

// What a dialect's filters call it: "emails.value".
struct IndexedName {
  std::string_view path = {};
  Indexed index = Indexed::id;
};

// What the filters of a dialect mean. Thread-safe; outlives the questions that are asked with it.
class FilterDialect {
 public:
  virtual ~FilterDialect() = default;
  // Its names for what is indexed; those that narrow more come first. A filter that is more than an
  // `eq` of one of these is evaluated over documents.
  virtual std::span<const IndexedName> indexed(ResourceType type) const = 0;
  // A resource as filters see it. `members` are given when the filter looks at what is indexed as
  // `member`.
  virtual Result<Value> document(const ResourceRow& row, ResourceType type,
                                 std::span<const MemberRow> members) const = 0;
};

// A source's own view of what it provisioned.
class ResourceReader {
 public:
  virtual ~ResourceReader() = default;
  // Live records only: another source's, a tombstone's and an unknown id are all nothing.
  virtual Result<std::optional<ResourceRow>> get(std::string_view source, ResourceType type,
                                                 std::string_view id) = 0;
  // What the dialect names as indexed is found by its index, with eq, alone or as one operand of
  // `and`; everything else is evaluated over the source's records in order, in bounded memory.
  // Without a filter, which needs no dialect, a page at any depth costs about as much as the first.
  // An unknown Query::after is Fault::invalid.
  virtual Result<Page<ResourceRow>> list(std::string_view source, ResourceType type,
                                         const Query& query,
                                         const FilterDialect* dialect = nullptr) = 0;
  // Without members whose record is a tombstone.
  virtual Result<std::vector<MemberRow>> members(std::string_view group_record_id) = 0;
  virtual Result<bool> is_member(std::string_view group_record_id, std::string_view member_key) = 0;
  virtual Result<std::vector<GroupRow>> groups_of(std::string_view record_id) = 0;
};

// The people, as administrators see them.
class PeopleReader {
 public:
  virtual ~PeopleReader() = default;
  virtual Result<std::optional<Identity>> get(std::string_view id) = 0;
  virtual Result<std::optional<Identity>> by_user_name(std::string_view user_name) = 0;
  // Filter attributes: id, userName, email (also emails, emails.value), active, external,
  // classification, state, sources, every attribute of the identity by name, meta.created,
  // meta.lastModified.
  virtual Result<Page<Identity>> list(const Query& query) = 0;
  // All records, live or gone, that contribute or contributed to a person, and the groups that they
  // are in.
  virtual Result<std::vector<RecordRow>> records(std::string_view identity_id) = 0;
};

class RunReader {
 public:
  virtual ~RunReader() = default;
  virtual Result<std::optional<RunRow>> get(std::string_view id) = 0;
  virtual Result<std::vector<RunRow>> latest(std::string_view source,
                                             int count) = 0;  // newest first; empty source: all
  virtual Result<std::vector<RunItem>> items(std::string_view run_id, std::int64_t after_number,
                                             int count) = 0;
  virtual Result<std::int64_t> count_items(std::string_view run_id) = 0;
};

class ReviewReader {
 public:
  virtual ~ReviewReader() = default;
  virtual Result<std::optional<ReviewRow>> get(std::string_view id) = 0;
  // In the order of opening, behind the review `after` (empty: from the start); an empty source is
  // any.
  virtual Result<std::vector<ReviewRow>> list(std::string_view source,
                                              std::optional<ReviewState> state,
                                              std::string_view after, int count) = 0;
};

class TokenReader {
 public:
  virtual ~TokenReader() = default;
  virtual Result<std::optional<TokenRow>> get(std::string_view id) = 0;
  virtual Result<std::vector<TokenRow>> all() = 0;
};

struct SourceCounts {
  std::string source = {};
  std::int64_t people = 0;  // linked user records
  std::int64_t groups = 0;
  std::int64_t review = 0;
  std::int64_t quarantined = 0;
};

class JournalReader {
 public:
  virtual ~JournalReader() = default;
  virtual Result<std::vector<AuditRow>> audit(std::int64_t after_sequence, int count) = 0;
  virtual Result<std::vector<OutboxRow>> outbox(std::int64_t after_sequence, int count) = 0;
  virtual Result<std::vector<SourceCounts>> counts() = 0;
  virtual Result<AllStanding> standing() = 0;  // what RunView::standing() gives
};

class Reader {
 public:
  virtual ~Reader() = default;
  virtual ResourceReader& resources() = 0;
  virtual PeopleReader& people() = 0;
  virtual RunReader& runs() = 0;
  virtual TokenReader& tokens() = 0;
  virtual ReviewReader& reviews() = 0;
  virtual JournalReader& journal() = 0;
};

}  // namespace muster::store
