// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/record.h"
#include "core/result.h"
#include "http/message.h"
#include "provision/provisioner.h"
#include "scim/client_quirks.h"
#include "scim/list_request.h"
#include "scim/member_edit.h"
#include "scim/patch.h"
#include "scim/presenter.h"
#include "scim/version_tags.h"

namespace muster::scim {

// Users or groups of the requester's source (RFC 7644, section 3). Writes become whole records and
// go the road; what belongs to another source is not there. Thread-safe; `provisioner` must
// outlive it.
class ResourceService {
 public:
  ResourceService(provision::Provisioner& provisioner, ResourceType type, Presenter presenter,
                  int max_results, ClientQuirks quirks = {});

  http::Response create(const http::Request& request) const;
  http::Response get(const http::Request& request) const;
  http::Response list(const http::Request& request) const;
  http::Response search(const http::Request& request) const;
  http::Response replace(const http::Request& request) const;
  http::Response patch(const http::Request& request) const;
  http::Response remove(const http::Request& request) const;

  // One page of the requester's own resources.
  Result<Found> find(const http::Request& request, const ListRequest& wanted) const;

 private:
  // What a PATCH asks for, taken apart.
  struct Edit {
    std::vector<PatchOperation> operations = {};  // on the document
    std::vector<PatchOperation> members = {};
  };

  Result<http::Response> try_create(const http::Request& request) const;
  Result<http::Response> try_get(const http::Request& request) const;
  Result<http::Response> try_replace(const http::Request& request) const;
  Result<http::Response> try_patch(const http::Request& request) const;
  Result<http::Response> try_remove(const http::Request& request) const;
  Result<store::Page<store::ResourceRow>> rows(const http::Request& request,
                                               const Query& query) const;
  Result<http::Response> page(const http::Request& request, const ListRequest& wanted) const;

  // One attempt; nullopt: somebody else was faster and the client did not say which version it saw.
  Result<std::optional<store::ResourceRow>> patch_once(const http::Request& request,
                                                       const Edit& edit) const;
  Result<std::optional<store::ResourceRow>> submit_patch(const http::Request& request,
                                                         const Edit& edit,
                                                         const store::ResourceRow& row) const;
  Result<store::ResourceRow> patch_members(const http::Request& request, const Edit& edit) const;
  Result<MemberEdit> edit_members(const http::Request& request, const Edit& edit) const;
  Result<http::Response> patch_answer(const http::Request& request, const store::ResourceRow& row,
                                      const Projection& projection) const;

  // The requester's own resource as it is stored, or not_found.
  Result<store::ResourceRow> stored(const http::Request& request) const;
  // The version that If-Match lets be changed; nullopt when the client does not care.
  Result<std::optional<std::int64_t>> version_to_change(const http::Request& request) const;
  // Reads members or groups, when the answer is to hold them.
  Result<Related> related(const store::ResourceRow& row, const Projection& projection) const;
  Result<http::Response> resource_answer(int status, const store::ResourceRow& row,
                                         const Projection& projection) const;
  Result<provision::Outcome> submit(const http::Request& request,
                                    provision::Submission submission) const;
  http::Response answer(Result<http::Response> result) const;

  provision::Provisioner& provisioner_;
  ResourceType type_;
  Presenter presenter_;
  int max_results_;
  ClientQuirks quirks_;
};

}  // namespace muster::scim
