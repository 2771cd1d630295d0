// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string_view>

#include "core/clock.h"
#include "core/record.h"
#include "core/result.h"
#include "mappings/engine.h"

namespace muster::mappings {

// Engine::map for many records in a row: it keeps its working memory from one record to the next.
// One per thread.
class RecordMapper {
 public:
  // `engine` must outlive the mapper.
  explicit RecordMapper(const Engine& engine);
  ~RecordMapper();

  // A record as the store keeps it: the JSON text of its attributes, an object. Gives what
  // Engine::map gives for the same attributes. Refused: what core/json.h refuses, and a text that
  // is no object. `key.source` must be a source of the engine.
  Result<Mapped> map_document(const SourceKey& key, std::string_view json, Timestamp run_time);

 private:
  class Working;
  std::unique_ptr<Working> working_;
};

}  // namespace muster::mappings
