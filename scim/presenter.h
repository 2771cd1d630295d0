// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/record.h"
#include "core/result.h"
#include "provision/decision.h"
#include "scim/projection.h"
#include "store/rows.h"

namespace muster::scim {

// W/"3"
std::string entity_tag(std::int64_t version);

// The row of a resource that was just written, from what went down the road.
store::ResourceRow row_of(const provision::Outcome& outcome, std::string document);

// What hangs on a resource and is only read when it is wanted.
struct Related {
  std::vector<store::MemberRow> members = {};  // of a group
  std::vector<store::GroupRow> groups = {};    // of a user
};

// Makes resources as clients see them from what the store holds. Thread-safe.
class Presenter {
 public:
  // `base` without a slash at the end: "https://muster.example/scim/v2".
  explicit Presenter(std::string base) : base_(std::move(base)) {}

  std::string location(ResourceType type, std::string_view id) const;

  // JSON of the resource. Stored text that is wanted whole is sent as it stands, with id, meta and
  // what Muster knows spliced in; it is only parsed to leave something out.
  Result<std::string> resource(const store::ResourceRow& row, ResourceType type,
                               const Projection& projection, const Related& related = {}) const;

 private:
  std::string spliced(const store::ResourceRow& row, ResourceType type) const;
  void append_members(std::string& out, const std::vector<store::MemberRow>& members) const;
  void append_groups(std::string& out, const std::vector<store::GroupRow>& groups) const;
  void append_meta(std::string& out, const store::ResourceRow& row, ResourceType type) const;

  std::string base_;
};

}  // namespace muster::scim
