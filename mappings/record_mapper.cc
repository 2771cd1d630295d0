// SPDX-License-Identifier: Apache-2.0
#include "mappings/record_mapper.h"

#include <utility>

#include "core/json.h"

namespace muster::mappings {

class RecordMapper::Working {
 public:
  explicit Working(const Engine& engine) : engine(engine) {}

  const Engine& engine;
  SourceRecord record = {};
};

RecordMapper::RecordMapper(const Engine& engine) : working_(std::make_unique<Working>(engine)) {}
RecordMapper::~RecordMapper() = default;

Result<Mapped> RecordMapper::map_document(const SourceKey& key, std::string_view json,
                                          Timestamp run_time) {
  MUSTER_TRY(Value attributes, parse_json(json));
  if (!attributes.is_object())
    return fail(Fault::invalid, "a record is a JSON object with its attributes", {}, "E-JSON");
  working_->record.key = key;
  working_->record.attributes = std::move(attributes);
  return working_->engine.map(working_->record, run_time);
}

}  // namespace muster::mappings
