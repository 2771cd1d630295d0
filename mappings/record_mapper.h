// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "core/clock.h"
#include "core/contribution.h"
#include "core/record.h"
#include "core/result.h"
#include "mappings/engine.h"
#include "mappings/language/datum.h"

namespace muster::mappings {

// An offer (core/contribution.h) that has not been copied yet.
struct OfferView {
  std::string_view attribute = {};
  Flow flow = Flow::value;
  Datum value = {};  // to_value() makes it an Offer's
};

// Mapped without copies: what it shows lies in the record, the engine and the mapper.
struct MappedView {
  bool in_scope = true;
  std::string_view scope_rule = {};
  std::span<const OfferView> offers = {};  // sorted by attribute
  std::string_view link_key = {};
  Datum rank = {};  // what the source's `primary:` gives
  bool enabled = true;
  bool quarantined = false;
  std::vector<Finding> findings = {};
};

// Engine::map for many records in a row: it keeps its working memory, so that a record without
// findings costs no allocation. One per thread.
class RecordMapper {
 public:
  // `engine` must outlive the mapper.
  explicit RecordMapper(const Engine& engine);
  ~RecordMapper();

  // What Engine::map gives for the record that this JSON text is, an object, as the store keeps it:
  // the attributes, names as the source spells them. Valid until the next record. Refused: what
  // core/json.h refuses, a text that is no object, a source that the engine does not have.
  // `said` is what the record contributed so far (Engine::map); nullptr: nothing is known.
  Result<const MappedView*> view(std::string_view source, std::string_view json, Timestamp run_time,
                                 const Contribution* said = nullptr);

  // What view() showed last, to keep; `key` is the record's.
  Mapped keep(const SourceKey& key) const;

  // Whether what view() showed last is what that contribution says, lapsed values aside.
  bool is_said_by(const Contribution& contribution) const;

  // view(), to keep.
  Result<Mapped> map_document(const SourceKey& key, std::string_view json, Timestamp run_time,
                              const Contribution* said = nullptr);

  // The most bytes of working memory that the values of one record have taken so far.
  std::size_t high_water() const;

 private:
  class Working;
  std::unique_ptr<Working> working_;
};

}  // namespace muster::mappings
