// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "auth/veil.h"
#include "core/identity.h"
#include "core/query.h"
#include "operations/installation.h"

namespace muster::operations {

// By id or by user name, whichever was given; not_found otherwise.
Result<Identity> find_person(const Installation& here, const std::string& id);

// One page of people in the order of their ids, behind `query.after`. The filter may name what an
// identity has by itself (store::PeopleReader), `class` for the classification, and the attributes
// of the mapping file; invalid, code "invalidFilter", for any other name.
Result<store::Page<Identity>> list_people(const Installation& here, Query query);

struct PersonDetails {
  Identity person = {};
  std::vector<store::RecordRow> records = {};  // live or gone, of all sources
  std::vector<std::string> generated = {};     // attributes that are drawn once and not kept
};

Result<PersonDetails> show_person(const Installation& here, const std::string& id);

// An explanation takes at most so many bytes of JSON.
inline constexpr std::size_t explanation_size = 64 * 1024;

// Why a person is as it is (provision/explain/explain.h), sensitive values veiled; by id or user
// name, or by a record: its id or SOURCE/KEY. A document for people and machines.
Result<Value> explain_person(const Installation& here, const std::string& id,
                             const auth::Veil& veil);

struct Renamed {
  std::string before = {};  // user name
  Identity person = {};
};

// Another user name (provision/people/rename.h); `by`: who decided, for the audit.
Result<Renamed> rename_person(const Installation& here, const std::string& id,
                              const std::string& name, const std::string& by);

}  // namespace muster::operations
