// SPDX-License-Identifier: Apache-2.0
// The part of a read that knows attributes by name: the directory's schema, and what it says of the
// names that filter and mapping use.
#include "connectors/ldap/run.h"

namespace muster::connectors::ldap {
namespace {

std::string plural_of(ResourceType type) {
  return type == ResourceType::user ? "people" : "groups";
}

}  // namespace

// The names under which the directory answers. One that does not tell its schema is read by the
// names that the standards have.
Status Run::read_schema() {
  Status status;
  if (!session_->server().schema.empty()) {
    const Search search{
        .base = session_->server().schema, .depth = Depth::base, .attributes = {"attributeTypes"}};
    const auto page = session_->page(search, {}, [this](EntryReader& entry) -> Status {
      EntryAttribute attribute;
      while (entry.next(attribute)) {
        for (const std::string_view value : attribute.values) schema_.add(value);
      }
      return {};
    });
    if (!page) status = fail(page.error());
    if (!status && !session_->usable()) return status;
  }
  schema_known_ = schema_.size() > 0;
  if (schema_known_) return {};
  schema_ = Schema::standard();
  batch_.problems.push_back(
      {.where = session_->server().schema,
       .code = "W-SCHEMA",
       .message = "The directory does not let the account read its schema" +
                  (status ? std::string() : " (" + status.error().detail + ")") +
                  "; names of attributes are taken as they are written. Let the account read "
                  "subschemaSubentry, so that other names of an attribute and misspelt ones are "
                  "recognised.",
       .severity = Severity::warning});
  return {};
}

// A filter that names what does not exist finds nobody, and says so to nobody.
void Run::check_filter(const Scope& scope) {
  if (!schema_known_ || scope.bases.empty()) return;
  for (const std::string& name : filter_attributes(scope.filter)) {
    if (schema_.names_of(name) != nullptr) continue;
    batch_.problems.push_back(
        {.where = scope.filter,
         .code = "W-FILTER",
         .message = "The filter for " + plural_of(scope.type) + " names the attribute '" + name +
                    "', which the directory's schema does not know" + schema_.proposal(name) +
                    (schema_.proposal(name).empty() ? "." : ""),
         .severity = Severity::warning});
  }
}

// A misspelt name and an attribute that may not be read look alike: nobody has it.
void Run::report_never_seen(const Scope& scope, const EntryDecoder& decoder) {
  for (const std::string& name : decoder.never_seen()) {
    const bool unknown = schema_known_ && schema_.names_of(schema_.known_as(name)) == nullptr;
    const std::string proposal = unknown ? schema_.proposal(name) : std::string();
    batch_.problems.push_back(
        {.where = name,
         .code = "W-NEVER",
         .message =
             "None of the " + plural_of(scope.type) + " that were read has the attribute '" + name +
             "'" +
             (unknown ? ", and the directory's schema does not know it" + proposal +
                            (proposal.empty() ? "." : "") + " Correct the name in the mapping"
                      : ". Correct the name in the mapping, let the account read it") +
             ", or leave it out if nobody is meant to have it.",
         .severity = Severity::warning,
         .attribute = name});
  }
}

}  // namespace muster::connectors::ldap
