// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <unordered_set>
#include <vector>

#include "connectors/ldap/entry_decoder.h"
#include "connectors/ldap/options.h"
#include "connectors/ldap/schema.h"
#include "connectors/ldap/session.h"
#include "core/source.h"

namespace muster::connectors::ldap {

// One pull from its start to its end, and the proof that it was complete. Used once.
class Run {
 public:
  Run(const LdapOptions& options, const Source::Sink& sink, std::stop_token stop);

  Result<Pull> execute();

 private:
  struct Scope {
    ResourceType type = ResourceType::user;
    std::vector<std::string> bases = {};            // as configured
    std::vector<std::string> canonical_bases = {};  // same order
    std::string filter = {};
  };

  // An entry above limits.message_bytes.
  struct Oversized {
    std::string dn = {};
    std::string bytes = {};
  };

  Status read_everything();
  Status read_schema();
  void check_filter(const Scope& scope);
  void report_never_seen(const Scope& scope, const EntryDecoder& decoder);
  Scope scope_of(ResourceType type, const LdapScope& configured,
                 const std::string& usual_filter) const;
  DecodeRules rules_for(const Scope& scope, const LdapScope& configured) const;
  Status check_bases(const Scope& scope);
  Status collect_group_names(const Scope& scope);
  Status read_scope(const Scope& scope, EntryDecoder& decoder);
  Status read_base(const Scope& scope, std::size_t base, EntryDecoder& decoder);
  Status read_deferred(const Scope& scope, std::size_t base, EntryDecoder& decoder);
  Status read_in_ranges(const std::string& dn, EntryDecoder& decoder, bool& found);
  Status follow_ranges(const std::string& dn, std::vector<PendingRange> open, EntryDecoder& decoder,
                       bool& found);
  Status read_without_members(const Oversized& entry, EntryDecoder& decoder, bool& whole);
  Status read_oversized(const Oversized& entry, const std::string& canonical_base,
                        EntryDecoder& decoder);
  Session::OnEntry adding_to(EntryDecoder& decoder);
  Status emit_read(const std::string& canonical_base, EntryDecoder& decoder);
  Result<bool> read_one(const std::string& dn, std::vector<std::string> attributes,
                        const Session::OnEntry& on_entry);
  Status pages(const Search& search, const std::string& canonical_base,
               const Session::OnEntry& on_entry, const std::function<Status()>& after_page);
  Status check_canaries();
  void note_references(const std::vector<std::string>& references,
                       const std::string& canonical_base);

  Status emit(SourceRecord&& record, const std::string& canonical_base);
  void reject(SourceRecord& record, std::string code, std::string message);
  Status flush();
  void doubt(std::string sentence);
  Result<Pull> finish(Status status);

  const LdapOptions& options_;
  const Source::Sink& sink_;
  Patience patience_;
  std::unique_ptr<Session> session_ = {};
  Batch batch_ = {};
  std::size_t batch_bytes_ = 0;
  std::uint64_t bytes_ = 0;
  std::uint64_t records_ = 0;
  std::uint64_t problems_ = 0;
  Schema schema_ = {};
  bool schema_known_ = false;               // the directory told it
  std::vector<std::string> deferred_ = {};  // entries of this page whose values come in ranges
  std::vector<Oversized> oversized_ = {};   // of this page
  std::unordered_set<std::int64_t> group_names_ = {};  // hashes of the groups' canonical DNs
  std::vector<std::string> missing_canaries_ = {};     // canonical DNs
  std::vector<std::string> doubts_ = {};               // why an absence proves nothing
  std::optional<Error> sink_error_ = {};
};

}  // namespace muster::connectors::ldap
