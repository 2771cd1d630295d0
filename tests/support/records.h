// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>
#include <utility>

#include "core/json.h"
#include "core/record.h"
#include "core/value.h"

namespace muster::support {

// What a record tells, to look at; none when its document cannot be read.
inline Value attributes_of(const SourceRecord& record) {
  auto attributes = parse_json(record.document);
  return attributes ? *std::move(attributes) : Value();
}

// The record tells another value of one attribute.
inline void set_attribute(SourceRecord& record, std::string_view name, Value value) {
  auto attributes = attributes_of(record);
  attributes.set(name, std::move(value));
  record.document = write_json(attributes);
  record.hash.reset();
}

}  // namespace muster::support
