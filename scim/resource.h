// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/record.h"
#include "core/result.h"
#include "core/value.h"
#include "scim/client_quirks.h"

namespace muster::scim {

// A user or group as a client sent it, in canonical form. Members stand beside the document: they
// are rows, never part of it.
struct Resource {
  Value document = {};
  std::optional<std::vector<Member>> members = {};  // nullopt: nothing said about members
};

Result<Resource> read_resource(Value told, ResourceType type, const ClientQuirks& quirks);

// The record that goes down the road. An empty id has one made.
SourceRecord make_record(std::string source, ResourceType type, std::string id,
                         const Value& document);

}  // namespace muster::scim
