// SPDX-License-Identifier: Apache-2.0
#include "connectors/ldap/run.h"

#include <ldap.h>

#include <algorithm>

#include "connectors/ldap/members.h"
#include "connectors/ldap/page_watch.h"
#include "core/content_hash.h"
#include "core/dn.h"
#include "core/text.h"

namespace muster::connectors::ldap {
namespace {

constexpr std::size_t kBatchRecords = 500;
constexpr std::size_t kBatchBytes = 4 << 20;
constexpr std::size_t kDoubtsKept = 3;

constexpr std::string_view kLoop = "paging-loop";

const std::string kNoAttributes = LDAP_NO_ATTRS;
const std::string kFirstMembers = "member;range=0-4999";
const std::string kNoSuchObject = std::to_string(LDAP_NO_SUCH_OBJECT);

std::string canonical(const std::string& checked_dn) {
  return canonical_dn(checked_dn).value_or("");
}

// The DN of a reference ("ldap://host/DC=DomainDnsZones,DC=acme??base"), canonical; nullopt: it
// names none.
std::optional<std::string> dn_of_reference(const std::string& uri) {
  LDAPURLDesc* url = nullptr;
  if (ldap_url_parse(uri.c_str(), &url) != LDAP_URL_SUCCESS) return std::nullopt;
  std::optional<std::string> dn;
  if (url->lud_dn != nullptr && *url->lud_dn != '\0') dn = canonical_dn(url->lud_dn);
  ldap_free_urldesc(url);
  return dn;
}

// Active Directory refers every search from a domain's root to these partitions; they never hold
// people.
bool holds_nobody(std::string_view dn) {
  return dn.starts_with("dc=domaindnszones,") || dn.starts_with("dc=forestdnszones,") ||
         dn.starts_with("cn=configuration,");
}

}  // namespace

Run::Run(const LdapOptions& options, const Source::Sink& sink, std::stop_token stop)
    : options_(options),
      sink_(sink),
      patience_{.stop = std::move(stop),
                .deadline = Patience::Clock::now() + options.timeouts.run} {}

Result<Pull> Run::execute() {
  Status status = read_everything();
  if (Status flushed = flush(); status && !flushed) status = std::move(flushed);
  return finish(std::move(status));
}

Status Run::read_everything() {
  MUSTER_TRY(session_, Session::open(options_, patience_));
  const Scope users = scope_of(ResourceType::user, options_.users, session_->server().user_filter);
  const Scope groups =
      scope_of(ResourceType::group, options_.groups, session_->server().group_filter);
  MUSTER_CHECK(read_schema());
  check_filter(users);
  check_filter(groups);
  for (const std::string& dn : options_.canaries) missing_canaries_.push_back(canonical(dn));
  MUSTER_CHECK(check_bases(users));
  MUSTER_CHECK(check_bases(groups));
  EntryDecoder user_decoder(rules_for(users, options_.users));
  MUSTER_CHECK(read_scope(users, user_decoder));
  MUSTER_CHECK(collect_group_names(groups));
  EntryDecoder group_decoder(rules_for(groups, options_.groups));
  MUSTER_CHECK(read_scope(groups, group_decoder));
  return check_canaries();
}

Run::Scope Run::scope_of(ResourceType type, const LdapScope& configured,
                         const std::string& usual_filter) const {
  Scope scope{.type = type, .filter = configured.filter.empty() ? usual_filter : configured.filter};
  for (const std::string& base : configured.bases) {
    const std::string name = canonical(base);
    const bool covered = std::ranges::any_of(configured.bases, [&](const std::string& other) {
      const std::string other_name = canonical(other);
      return other_name != name ? is_under(name, other_name) : &other < &base;
    });
    if (covered) continue;
    scope.bases.push_back(base);
    scope.canonical_bases.push_back(name);
  }
  return scope;
}

DecodeRules Run::rules_for(const Scope& scope, const LdapScope& configured) const {
  return {.source = options_.source,
          .type = scope.type,
          .attributes = configured.attributes,
          .single = configured.single,
          .key_attribute = options_.key_attribute.empty() ? session_->server().key_attribute
                                                          : options_.key_attribute,
          .key_match = options_.key_match,
          .schema = &schema_,
          .name_attributes = options_.group_name_attributes,
          .uid_alias = scope.type == ResourceType::user && !options_.groups.bases.empty(),
          .limits = options_.limits};
}

// Before the first entry, so that a mistyped base is an error rather than a read that broke off
// half-way.
Status Run::check_bases(const Scope& scope) {
  for (const std::string& base : scope.bases) {
    const Search search{.base = base, .depth = Depth::base, .attributes = {kNoAttributes}};
    MUSTER_CHECK(session_->page(search, {}, [](EntryReader&) -> Status { return {}; }));
  }
  return {};
}

// Which members are groups themselves; 8 bytes a group.
Status Run::collect_group_names(const Scope& scope) {
  for (std::size_t i = 0; i < scope.bases.size(); ++i) {
    const Search search{
        .base = scope.bases[i], .filter = scope.filter, .attributes = {kNoAttributes}};
    const auto remember = [this](EntryReader& entry) -> Status {
      if (const auto name = canonical_dn(entry.dn())) group_names_.insert(content_hash(*name));
      return {};
    };
    MUSTER_CHECK(pages(search, scope.canonical_bases[i], remember, [] { return Status{}; }));
  }
  return {};
}

Status Run::read_scope(const Scope& scope, EntryDecoder& decoder) {
  const std::uint64_t before = records_;
  for (std::size_t i = 0; i < scope.bases.size(); ++i) MUSTER_CHECK(read_base(scope, i, decoder));
  if (records_ > before) report_never_seen(scope, decoder);
  return {};
}

Status Run::read_base(const Scope& scope, std::size_t base, EntryDecoder& decoder) {
  const Search search{
      .base = scope.bases[base], .filter = scope.filter, .attributes = decoder.wire_attributes()};
  const auto take = [&](EntryReader& entry) -> Status {
    decoder.begin(entry.dn());
    const std::size_t known_problems = batch_.problems.size();
    decoder.add(entry, batch_.problems);
    if (entry.malformed()) return {};
    if (decoder.oversized()) {
      oversized_.push_back({std::string(entry.dn()), decoder.message_bytes()});
      return {};
    }
    if (decoder.pending().empty()) return emit_read(scope.canonical_bases[base], decoder);
    // Read again alone after the page: what is in flight would have to wait in memory.
    batch_.problems.resize(known_problems);
    deferred_.emplace_back(entry.dn());
    return {};
  };
  return pages(search, scope.canonical_bases[base], take,
               [&] { return read_deferred(scope, base, decoder); });
}

Status Run::read_deferred(const Scope& scope, std::size_t base, EntryDecoder& decoder) {
  for (const std::string& dn : std::exchange(deferred_, {})) {
    bool found = false;
    MUSTER_CHECK(read_in_ranges(dn, decoder, found));
    if (!found) continue;  // deleted since the page was read
    if (decoder.oversized()) {
      oversized_.push_back({dn, decoder.message_bytes()});
      continue;
    }
    MUSTER_CHECK(emit_read(scope.canonical_bases[base], decoder));
  }
  for (const Oversized& entry : std::exchange(oversized_, {}))
    MUSTER_CHECK(read_oversized(entry, scope.canonical_bases[base], decoder));
  return {};
}

Status Run::emit_read(const std::string& canonical_base, EntryDecoder& decoder) {
  bytes_ += decoder.bytes();
  batch_bytes_ += decoder.bytes();
  return emit(decoder.take(batch_.problems), canonical_base);
}

// Active Directory gives at most MaxValRange values at once (MS-ADTS, 3.1.1.3.1.3.3).
Status Run::read_in_ranges(const std::string& dn, EntryDecoder& decoder, bool& found) {
  decoder.begin(dn);
  MUSTER_TRY(found, read_one(dn, decoder.wire_attributes(), adding_to(decoder)));
  if (!found || decoder.oversized()) return {};
  return follow_ranges(dn, decoder.pending(), decoder, found);
}

Session::OnEntry Run::adding_to(EntryDecoder& decoder) {
  return [this, &decoder](EntryReader& entry) -> Status {
    decoder.add(entry, batch_.problems);
    return {};
  };
}

Status Run::follow_ranges(const std::string& dn, std::vector<PendingRange> open,
                          EntryDecoder& decoder, bool& found) {
  while (!open.empty()) {
    const PendingRange range = open.back();
    open.pop_back();
    // More members than are kept: the others need not be fetched.
    if (!decoder.members_known() && is_member_attribute(range.type)) continue;
    MUSTER_TRY(const bool there,
               read_one(dn, {range.type + ";range=" + std::to_string(range.next) + "-*"},
                        adding_to(decoder)));
    if (!there) {
      found = false;
      return {};
    }
    if (decoder.pending().empty()) continue;
    const PendingRange next = decoder.pending().front();
    if (next.next <= range.next) {
      return fail(Fault::unavailable,
                  "The server repeats the values of '" + range.type + "' from " +
                      std::to_string(range.next) + " on instead of going on.",
                  dn);
    }
    open.push_back(next);
  }
  return {};
}

// What is known of an entry above limits.message_bytes is read again without what makes it so
// long: of a group everything but its members, and those in ranges where the server has them. A
// person is put aside; that it is there is known by its key.
Status Run::read_oversized(const Oversized& entry, const std::string& canonical_base,
                           EntryDecoder& decoder) {
  if (decoder.type() == ResourceType::group) {
    bool whole = false;
    MUSTER_CHECK(read_without_members(entry, decoder, whole));
    if (whole) return emit_read(canonical_base, decoder);
  }
  decoder.begin(entry.dn);
  MUSTER_CHECK(read_one(entry.dn, {decoder.wire_attributes().front()}, adding_to(decoder)));
  ItemProblem problem{.where = entry.dn,
                      .code = "TOO_LARGE",
                      .message = "The entry is " + entry.bytes +
                                 " bytes long, more than limits.message_bytes (" +
                                 std::to_string(options_.limits.message_bytes) +
                                 "); it was put aside and what is known of it stays. Look for a "
                                 "huge value in what the mapping reads, or raise "
                                 "limits.message_bytes."};
  const SourceRecord record = decoder.take(batch_.problems);
  if (record.key.key.empty())
    doubt("An entry above limits.message_bytes has no readable key (first: '" + entry.dn + "').");
  else
    problem.record = record.key;
  batch_.problems.push_back(std::move(problem));
  return {};
}

// `whole`: all but the members could be read.
Status Run::read_without_members(const Oversized& entry, EntryDecoder& decoder, bool& whole) {
  std::vector<std::string> others = decoder.wire_attributes();
  std::erase_if(others, is_member_attribute);
  decoder.begin(entry.dn);
  MUSTER_TRY(whole, read_one(entry.dn, std::move(others), adding_to(decoder)));
  whole = whole && !decoder.oversized();
  if (!whole) return {};
  const Vendor vendor = session_->server().vendor;
  if (vendor == Vendor::active_directory || vendor == Vendor::samba) {
    MUSTER_TRY(whole, read_one(entry.dn, {kFirstMembers}, adding_to(decoder)));
    if (whole && !decoder.oversized())
      return follow_ranges(entry.dn, decoder.pending(), decoder, whole);
  }
  decoder.give_up_members();
  batch_.problems.push_back(
      {.where = entry.dn,
       .code = "TOO_LARGE",
       .message = "The group is " + entry.bytes + " bytes long, more than limits.message_bytes (" +
                  std::to_string(options_.limits.message_bytes) +
                  "); its memberships stay as they are. Raise limits.message_bytes to read them.",
       .severity = Severity::warning});
  return {};
}

Result<bool> Run::read_one(const std::string& dn, std::vector<std::string> attributes,
                           const Session::OnEntry& on_entry) {
  bool found = false;
  const Search search{.base = dn, .depth = Depth::base, .attributes = std::move(attributes)};
  auto page = session_->page(search, {}, [&](EntryReader& entry) -> Status {
    found = true;
    return on_entry(entry);
  });
  if (page) return found;
  if (page.error().code == kNoSuchObject) return false;
  return fail(std::move(page).error());
}

Status Run::pages(const Search& search, const std::string& canonical_base,
                  const Session::OnEntry& on_entry, const std::function<Status()>& after_page) {
  Search paged = search;
  paged.page_size = session_->server().paged_results ? options_.page_size : 0;
  std::string cookie;
  PageWatch watch;
  const auto watched = [&](EntryReader& entry) -> Status {
    watch.entry(entry.dn());
    return on_entry(entry);
  };
  do {
    MUSTER_TRY(Page page, session_->page(paged, cookie, watched));
    if (!watch.ended(page.cookie)) {
      return fail(Fault::unavailable,
                  "The server gives the same page of the search below '" + search.base +
                      "' again and again (the cookie of its paged results repeats), so that the "
                      "read has no end; nothing of it is used. Look into the server's log; a "
                      "page_size above the number of entries does without pages.",
                  search.base, std::string(kLoop));
    }
    note_references(page.references, canonical_base);
    MUSTER_CHECK(after_page());
    cookie = std::move(page.cookie);
  } while (!cookie.empty());
  return {};
}

void Run::note_references(const std::vector<std::string>& references,
                          const std::string& canonical_base) {
  const Vendor vendor = session_->server().vendor;
  const bool windows = vendor == Vendor::active_directory || vendor == Vendor::samba;
  for (const std::string& uri : references) {
    const auto dn = dn_of_reference(uri);
    if (dn && windows && holds_nobody(*dn)) continue;
    if (dn && !is_under(*dn, canonical_base)) continue;
    doubt("The server refers to another one for a part of the base: " + uri +
          "; read that part as a source of its own.");
  }
}

// The scan answered for what it may see; the canaries answer for the rights having stayed what they
// were.
Status Run::check_canaries() {
  for (const std::string& dn : missing_canaries_) {
    doubt("The canary '" + dn +
          "' was not among the entries: the account may have lost read rights.");
  }
  const auto own = options_.own_entry_is_canary ? canonical_dn(options_.bind_dn) : std::nullopt;
  if (!own || own->empty()) return {};
  const auto below = [&](const std::string& base) { return is_under(*own, canonical(base)); };
  if (std::ranges::none_of(options_.users.bases, below) &&
      std::ranges::none_of(options_.groups.bases, below))
    return {};
  MUSTER_TRY(const bool seen, read_one(options_.bind_dn, {kNoAttributes},
                                       [](EntryReader&) -> Status { return {}; }));
  if (!seen)
    doubt("The account cannot read its own entry '" + options_.bind_dn +
          "': it may have lost read rights.");
  return {};
}

Status Run::emit(SourceRecord&& record, const std::string& canonical_base) {
  if (record.aliases.empty() || !is_under(record.aliases.front(), canonical_base)) {
    reject(record, "OUTSIDE_BASE",
           "The server sent an entry that does not lie below the base; it was left out.");
    doubt("The server sent entries that do not lie below the base (first: '" + record.where +
          "').");
  } else if (record.key.key.empty()) {
    const bool told = !batch_.problems.empty() && batch_.problems.back().where == record.where &&
                      batch_.problems.back().code == kSeveralKeys;
    if (!told) {
      reject(record, "NO_KEY",
             "The entry has no readable key attribute; it was left out. Let the account read it, "
             "or set key_attribute.");
    }
    doubt("Entries without a readable key cannot be told from absent ones (first: '" +
          record.where + "').");
  } else {
    std::erase(missing_canaries_, record.aliases.front());
    if (record.members && !group_names_.empty()) {
      for (Member& member : *record.members) {
        if (group_names_.contains(content_hash(member.key))) member.type = ResourceType::group;
      }
    }
    record.hash = hash_of(record);
    ++records_;
    batch_.records.push_back(std::move(record));
  }
  const bool full =
      batch_.records.size() >= kBatchRecords || batch_.problems.size() >= kBatchRecords;
  return full || batch_bytes_ >= kBatchBytes ? flush() : Status{};
}

void Run::reject(SourceRecord& record, std::string code, std::string message) {
  batch_.problems.push_back(
      {.where = record.where, .code = std::move(code), .message = std::move(message)});
}

Status Run::flush() {
  if (batch_.records.empty() && batch_.problems.empty()) return {};
  problems_ += batch_.problems.size();
  batch_.bytes_read = bytes_;
  Batch full = std::exchange(batch_, {});
  batch_bytes_ = 0;
  batch_.records.reserve(kBatchRecords);
  Status status = sink_(std::move(full));
  if (!status) sink_error_ = status.error();
  return status;
}

// The first of a kind is enough for the sentence.
void Run::doubt(std::string sentence) {
  const auto same_kind = [&](const std::string& known) {
    return known.substr(0, 40) == sentence.substr(0, 40);
  };
  if (std::ranges::any_of(doubts_, same_kind)) return;
  if (doubts_.size() < kDoubtsKept) doubts_.push_back(std::move(sentence));
}

Result<Pull> Run::finish(Status status) {
  if (sink_error_) return fail(*std::move(sink_error_));
  if (!status) {
    const bool stopped = status.error().code == kStopped;
    const bool looped = status.error().code == kLoop;
    if ((records_ == 0 && !stopped) || looped) {
      Error error = std::move(status).error();
      if (session_) error.detail = session_->uri() + ": " + error.detail;
      return fail(std::move(error));
    }
    doubts_.insert(doubts_.begin(), status.error().detail);
  }
  Pull pull{.complete = doubts_.empty(), .records = records_, .problems = problems_};
  for (const std::string& sentence : doubts_) {
    if (!pull.why_incomplete.empty()) pull.why_incomplete += ' ';
    pull.why_incomplete += sentence;
  }
  if (session_)
    pull.server = session_->uri() + " (" + std::string(name_of(session_->server().vendor)) + ")";
  return pull;
}

}  // namespace muster::connectors::ldap
