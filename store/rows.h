// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/clock.h"
#include "core/contribution.h"
#include "core/identity.h"
#include "core/record.h"

namespace muster::store {

// Where a source record stands on the road.
enum class RecordState {
  linked,       // contributes to an identity
  review,       // understood, but a person has to decide whom it belongs to; no identity
  quarantined,  // a validation error: what was told is kept, the identity (if any) stays as it was
  skipped,      // out of the source's scope
  gone,  // the source deleted it or it was absent for good: a tombstone, its id is never used again
};

std::string_view name_of(RecordState state);

// In review or in quarantine: something has to change before the record is applied.
inline bool waits(RecordState state) {
  return state == RecordState::review || state == RecordState::quarantined;
}

// What a decision about a record needs to know before anything is read in full.
struct RecordHead {
  std::string id = {};  // UUIDv7 minted by us; the SCIM id
  SourceKey key = {};
  std::string link_key =
      {};  // the stable id inside the source; for SCIM the externalId, else the key
  std::int64_t content_hash = 0;
  std::int64_t evaluated_with = 0;  // Engine::fingerprint of the evaluation that is stored
  std::string identity_id = {};     // empty: none
  RecordState state = RecordState::linked;
  bool enabled = true;                          // what the source says about the person
  std::optional<Timestamp> missing_since = {};  // first complete run that did not bring it
  std::int64_t version = 0;  // counts from 1; moves with every stored change, members included
  std::int64_t row =
      0;  // small dense number, stable for the record's life: index for "seen" bitmaps
  Timestamp created = {};
  Timestamp modified = {};
};

// A record as it is kept: whole.
struct RecordRow {
  RecordHead head = {};
  std::string document = {};  // JSON text of SourceRecord::attributes
  Contribution contribution = {};
  std::string correlated_by = {};  // tier, "key", "create"
  std::string state_reason = {};
  SearchKeys search = {};
  std::vector<std::string> aliases = {};
  // What was found about the record when it was decided last. What was found about its person
  // stands with the person; with a record that belongs to nobody, here too.
  std::vector<Finding> findings = {};
};

// The names that other records of their sources may have for these records; sorted, each once.
std::vector<Reference> names_of(std::span<const RecordRow> records);

// An identity with what must be unique or findable about it.
struct IdentityKey {
  std::string attribute = {};
  std::string key = {};  // comparison form

  friend bool operator==(const IdentityKey&, const IdentityKey&) = default;
};

// Whether the store finds people by this attribute without being given its keys: mail addresses and
// user names have unique indexes of their own.
bool has_own_index(const IdentityKey& key);

// Somebody found by a key, as correlation wants to know it.
struct CandidateRow {
  std::string identity_id = {};
  std::string user_name = {};
  std::vector<std::string> sources = {};  // names of sources with a live record linked to it
  std::vector<std::string> groups = {};   // platform group paths
  std::vector<std::string> former = {};   // names of sources with nothing but tombstones of it
};

// Somebody whom time alone may change, and where the walk over them stands.
struct DueRow {
  Timestamp due = Timestamp::min();
  std::int64_t row = 0;
  std::string identity_id = {};
};

enum class RunKind { import, sync, apply, lifecycle, retry };
enum class RunState { running, done, done_with_errors, held, incomplete, failed, cancelled };

std::string_view name_of(RunKind kind);
std::string_view name_of(RunState state);

struct RunCounts {
  std::int64_t read =
      0;  // records and problems that the source delivered; the rest adds up to it (absences aside)
  std::int64_t created = 0;
  std::int64_t linked = 0;
  std::int64_t updated = 0;
  std::int64_t unchanged = 0;
  std::int64_t reactivated = 0;
  std::int64_t deactivated = 0;  // by an absence or by the record itself
  std::int64_t ended =
      0;  // the source's word ended without taking the person away; groups that went
  std::int64_t review = 0;
  std::int64_t quarantined = 0;
  std::int64_t skipped = 0;
  std::int64_t problems = 0;  // rows or entries that could not be read
  std::int64_t missing = 0;   // absent, within the grace period
  std::int64_t held = 0;      // deactivations that the guard holds
  std::int64_t findings = 0;  // what was found about what the run read or decided

  friend bool operator==(const RunCounts&, const RunCounts&) = default;
};

// One counter of a run as it is stored and shown.
struct RunCounter {
  std::string_view name = {};  // in the store, in documents, in reports and in the log
  // The word for one item of it, in metrics; empty: not something that became of an item.
  std::string_view action = {};
  std::int64_t RunCounts::*member = nullptr;
};

// Every counter, in the order in which reports show them: what is stored, shown or measured of
// RunCounts is made from this list.
inline constexpr std::array run_counters{
    RunCounter{"read", "", &RunCounts::read},
    RunCounter{"created", "create", &RunCounts::created},
    RunCounter{"linked", "link", &RunCounts::linked},
    RunCounter{"updated", "update", &RunCounts::updated},
    RunCounter{"unchanged", "unchanged", &RunCounts::unchanged},
    RunCounter{"reactivated", "reactivate", &RunCounts::reactivated},
    RunCounter{"deactivated", "deactivate", &RunCounts::deactivated},
    RunCounter{"ended", "end", &RunCounts::ended},
    RunCounter{"review", "review", &RunCounts::review},
    RunCounter{"quarantined", "quarantine", &RunCounts::quarantined},
    RunCounter{"skipped", "skip", &RunCounts::skipped},
    RunCounter{"problems", "problem", &RunCounts::problems},
    RunCounter{"missing", "", &RunCounts::missing},
    RunCounter{"held", "held", &RunCounts::held},
    RunCounter{"findings", "", &RunCounts::findings},
};

// Each counter of the struct stands in the list exactly once.
consteval bool lists_every_counter() {
  if (sizeof(RunCounts) != run_counters.size() * sizeof(std::int64_t)) return false;
  RunCounts counted;
  for (const auto& counter : run_counters) {
    if (counted.*counter.member != 0) return false;
    counted.*counter.member = 1;
  }
  return true;
}
static_assert(lists_every_counter(), "a counter of RunCounts is missing in run_counters");

// Where something was found, and what was told there.
struct FindingPlace {
  std::string where = {};  // "line 12", a DN
  std::string record_key = {};
  std::string identity_id = {};
  std::string value = {};  // Finding::value

  friend bool operator==(const FindingPlace&, const FindingPlace&) = default;
};

// What a run found of one kind: of one source, code, attribute and rule.
struct FindingGroup {
  std::string source = {};  // empty: of none
  Finding example = {};     // the first of them
  std::int64_t count = 0;
  std::vector<FindingPlace> places = {};  // of the first ones

  friend bool operator==(const FindingGroup&, const FindingGroup&) = default;
};

// How many findings stand about the records of a source and the people whom it owns, whatever run
// found them.
struct StandingFindings {
  std::string source = {};
  std::string code = {};
  Severity severity = Severity::warning;
  std::int64_t count = 0;

  friend bool operator==(const StandingFindings&, const StandingFindings&) = default;
};

// The same as the store counts it, for the whole of it.
struct AllStanding {
  std::vector<StandingFindings> of_records = {};  // `source`: its name
  std::vector<StandingFindings> of_people = {};   // `source`: the tag of who owns them
};

struct RunRow {
  std::string id = {};
  std::string source = {};  // empty: over the records of all sources
  RunKind kind = RunKind::sync;
  RunState state = RunState::running;
  std::string actor = {};   // "cli", "schedule"
  std::string detail = {};  // a sentence: why held, incomplete or failed; empty when all is well
  std::string code = {};    // of the error that it failed by: an LDAP result ("49"); may be empty
  std::string server = {};  // who answered, or the file and its hash
  RunCounts counts = {};
  Timestamp started = {};
  std::optional<Timestamp> ended = {};
  std::vector<FindingGroup> findings = {};      // bounded: provision/runs/finding_tally.h
  std::vector<StandingFindings> standing = {};  // at its end, about its source or all of them
};

// A source that the store knows.
struct SourceRow {
  std::string name = {};
  std::string keyed_by = {};  // what its records are known by, as provision writes it; empty: not
                              // said yet
  std::int64_t people = 0;    // linked user records
};

// One thing that a run did or could not do; unchanged and skipped records have none.
struct RunItem {
  std::int64_t number = 0;  // order within the run; set by the store
  std::string action = {};  // a decision's verb, or "problem"
  std::string result = {};  // "done", "held", "error", "warning"
  std::string code = {};
  std::string where = {};  // line, DN
  std::string record_key = {};
  std::string identity_id = {};
  std::string message = {};
};

enum class ReviewState { open, resolved };
// How a review ended. `closed`: by itself, the cause went away.
enum class Resolution { none, link, create, ignore, closed };

std::string_view name_of(ReviewState state);
std::string_view name_of(Resolution resolution);

// A record that a person has to decide about, or what was decided. A record has at most one that is
// open.
struct ReviewRow {
  std::string id = {};
  std::string source = {};
  std::string record_id = {};
  std::string record_key = {};
  ReviewState state = ReviewState::open;
  std::string reason = {};
  std::string tier = {};                     // the correlation tier that had hits; may be empty
  std::vector<std::string> candidates = {};  // identity ids
  Timestamp opened = {};
  Resolution resolution = Resolution::none;
  std::optional<Timestamp> resolved = {};
  std::string person = {};  // identity id: link, create
  std::string by = {};      // who decided
  std::string note = {};
};

struct TokenRow {
  std::string id = {};  // public part
  std::string source = {};
  std::string secret_sha256 = {};  // hex
  Timestamp created = {};
  Timestamp expires = {};
  std::optional<Timestamp> revoked = {};
  std::optional<Timestamp> last_used = {};
};

// A person in a SCIM source view: the stored document and what the answer is assembled from.
struct ResourceRow {
  std::string id = {};
  std::string document = {};  // JSON text as the source told it
  RecordState state = RecordState::linked;
  std::string state_reason = {};
  std::int64_t version = 0;
  Timestamp created = {};
  Timestamp modified = {};
  std::string identity_id = {};  // empty: none, and the rest is empty too
  std::string user_name = {};    // of the identity
  std::string classification = {};
  std::string classification_rule = {};
  std::string identity_state = {};
  std::vector<std::string> sources = {};  // tags, owner first
  std::vector<Finding> findings = {};
};

// Where the record stands, in the word that its source is shown: "review", "quarantined" and
// "skipped" for a record that was not applied, else the person's state; may be empty.
std::string_view shown_state(const ResourceRow& row);

struct MemberRow {
  std::string record_id = {};  // empty while the member has not arrived
  std::string key = {};        // as the source named it
  ResourceType type = ResourceType::user;
  std::string display = {};
};

// What a change of a group's members really changed.
struct MembershipChange {
  std::int64_t changed = 0;               // memberships added or removed
  std::vector<std::string> arrived = {};  // record ids of those among them whose member has arrived
};

// A name that live records of a source have alike: members of groups that are told by it are
// nobody's.
struct DoubtfulName {
  std::string name = {};
  std::vector<std::string> records = {};  // their ids
};

// What became of memberships because records came, went or changed their names.
struct MembershipNews {
  std::vector<std::string> moved = {};  // ids of live records that may be in other groups now
  std::vector<DoubtfulName> doubtful = {};
};

struct GroupRow {
  std::string record_id = {};
  std::string display = {};
  std::string value = {};  // what the source calls it for good: its externalId, else its key
};

struct OutboxRow {
  std::int64_t sequence = 0;
  std::string kind = {};
  std::string subject = {};
  std::string body = {};
  Timestamp created = {};
};

struct AuditRow {
  std::int64_t sequence = 0;
  Timestamp at = {};
  std::string actor = {};
  std::string action = {};
  std::string subject = {};
  std::string run = {};
  std::string detail = {};
};

template <class Row>
struct Page {
  std::vector<Row> rows = {};
  std::optional<std::int64_t> total = {};  // exact, when asked for
};

}  // namespace muster::store
