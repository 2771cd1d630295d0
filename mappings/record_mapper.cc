// SPDX-License-Identifier: Apache-2.0
#include "mappings/record_mapper.h"

#include <algorithm>
#include <string>
#include <utility>

#include "core/json_node.h"
#include "mappings/language/preference.h"
#include "mappings/map_run.h"
#include "mappings/stages.h"

namespace muster::mappings {

class RecordMapper::Working {
 public:
  explicit Working(const Model& m) : model(m) {}

  const Model& model;
  const SourceModel* source = nullptr;  // of the last record: the next one is likely to be its
  JsonReader reader = {};
  Machine machine = {};
  MapRun run = {};

  bool find_source(std::string_view name) {
    if (source == nullptr || source->info.name != name) source = model.source(name);
    return source != nullptr;
  }
};

RecordMapper::RecordMapper(const Engine& engine)
    : working_(std::make_unique<Working>(engine.impl().model)) {}
RecordMapper::~RecordMapper() = default;

Result<const MappedView*> RecordMapper::view(std::string_view source, std::string_view json,
                                             Timestamp run_time, const Contribution* said) {
  if (!working_->find_source(source)) return fail(Fault::invalid, no_such_source(source));
  Inputs inputs;
  MUSTER_TRY(inputs.document, read_document(working_->reader, json));
  inputs.run_time = run_time;
  std::optional<Preference> preference;
  if (said != nullptr) inputs.preference = &preference.emplace(*said);
  Evaluator evaluator(working_->machine);
  return &working_->run.map(*working_->source, evaluator, inputs);
}

Result<Mapped> RecordMapper::map_document(const SourceKey& key, std::string_view json,
                                          Timestamp run_time, const Contribution* said) {
  MUSTER_CHECK(view(key.source, json, run_time, said));
  return keep(key);
}

Mapped RecordMapper::keep(const SourceKey& key) const {
  return copy_of(working_->run.view(), key, *working_->source);
}

bool RecordMapper::is_said_by(const Contribution& contribution) const {
  const auto& view = working_->run.view();
  return contribution.tag == working_->source->info.tag && is_value(view.rank, contribution.rank) &&
         std::equal(view.offers.begin(), view.offers.end(), contribution.offers.begin(),
                    contribution.offers.end(), [](const OfferView& now, const Offer& before) {
                      return now.attribute == before.attribute && now.flow == before.flow &&
                             is_value(now.value, before.value);
                    });
}

std::size_t RecordMapper::high_water() const { return working_->machine.high_water(); }

}  // namespace muster::mappings
