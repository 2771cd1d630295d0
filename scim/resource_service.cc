// SPDX-License-Identifier: Apache-2.0
#include "scim/resource_service.h"

#include <utility>

#include "core/json.h"
#include "core/text.h"
#include "scim/filter_dialect.h"
#include "scim/problem.h"
#include "scim/resource.h"
#include "store/reader.h"

namespace muster::scim {
namespace {

// A PATCH that lost this many races in a row finds a resource that is written to without pause.
constexpr int max_attempts = 20;

tl::unexpected<Error> no_such_resource() {
  return fail(Fault::not_found, "there is no such resource");
}

tl::unexpected<Error> precondition_failed() {
  return fail(Fault::conflict, "the resource is no longer the one that If-Match names", {},
              "version");
}

bool is_version_conflict(const Error& error) {
  return error.fault == Fault::conflict && error.code == "version";
}

// The id in the path decides (keycloak#46658: an id in the body chose the victim).
Status check_id(const Value& told, const std::string& id) {
  const Value* given = told.find_fold("id");
  if (given == nullptr || given->absent()) return {};
  if (given->is_text() && given->as_text() == id) return {};
  return fail(Fault::invalid, "the id in the body is not the one in the address", "id",
              "invalidValue");
}

}  // namespace

ResourceService::ResourceService(provision::Provisioner& provisioner, ResourceType type,
                                 Presenter presenter, int max_results, ClientQuirks quirks)
    : provisioner_(provisioner),
      type_(type),
      presenter_(std::move(presenter)),
      max_results_(max_results),
      quirks_(quirks) {}

http::Response ResourceService::answer(Result<http::Response> result) const {
  return result ? *std::move(result) : problem(result.error());
}

http::Response ResourceService::create(const http::Request& request) const {
  return answer(try_create(request));
}
http::Response ResourceService::get(const http::Request& request) const {
  return answer(try_get(request));
}
http::Response ResourceService::replace(const http::Request& request) const {
  return answer(try_replace(request));
}
http::Response ResourceService::patch(const http::Request& request) const {
  return answer(try_patch(request));
}
http::Response ResourceService::remove(const http::Request& request) const {
  return answer(try_remove(request));
}

http::Response ResourceService::list(const http::Request& request) const {
  auto wanted = read_list_request(request.head, type_, max_results_);
  return wanted ? answer(page(request, *wanted)) : problem(wanted.error());
}

http::Response ResourceService::search(const http::Request& request) const {
  auto body = parse_json(request.body);
  if (!body) return problem(body.error());
  auto wanted = read_search_request(*body, type_, max_results_);
  return wanted ? answer(page(request, *wanted)) : problem(wanted.error());
}

// ---- reading ----

Result<store::ResourceRow> ResourceService::stored(const http::Request& request) const {
  MUSTER_TRY(const auto reader, provisioner_.store().reader());
  MUSTER_TRY(auto row,
             reader->resources().get(request.principal.source, type_, request.captures.front()));
  if (!row) return no_such_resource();
  return *std::move(row);
}

Result<http::Response> ResourceService::try_get(const http::Request& request) const {
  MUSTER_TRY(const auto projection, read_projection(request.head, type_));
  MUSTER_TRY(const auto row, stored(request));
  if (VersionTags::of(request.head, "If-None-Match").match(row.version)) {
    http::Response not_modified;
    not_modified.status = 304;
    not_modified.headers.emplace_back("ETag", entity_tag(row.version));
    return not_modified;
  }
  return resource_answer(200, row, projection);
}

Result<Related> ResourceService::related(const store::ResourceRow& row,
                                         const Projection& projection) const {
  Related out;
  const bool members = type_ == ResourceType::group && projection.wants("members");
  const bool groups = type_ == ResourceType::user && projection.requests("groups");
  if (!members && !groups) return out;
  MUSTER_TRY(const auto reader, provisioner_.store().reader());
  if (members) {
    MUSTER_TRY(out.members, reader->resources().members(row.id));
  } else {
    MUSTER_TRY(out.groups, reader->resources().groups_of(row.id));
  }
  return out;
}

Result<http::Response> ResourceService::resource_answer(int status, const store::ResourceRow& row,
                                                        const Projection& projection) const {
  MUSTER_TRY(const auto with, related(row, projection));
  MUSTER_TRY(auto body, presenter_.resource(row, type_, projection, with));
  auto response = json_response(status, std::move(body));
  response.headers.emplace_back("ETag", entity_tag(row.version));
  response.headers.emplace_back("Location", presenter_.location(type_, row.id));
  return response;
}

// The reader goes back before members are read with another one.
Result<store::Page<store::ResourceRow>> ResourceService::rows(const http::Request& request,
                                                              const Query& query) const {
  MUSTER_TRY(const auto reader, provisioner_.store().reader());
  static const ScimFilters filters;
  return reader->resources().list(request.principal.source, type_, query, &filters);
}

Result<Found> ResourceService::find(const http::Request& request, const ListRequest& wanted) const {
  MUSTER_TRY(const auto page, rows(request, wanted.query));
  Found out;
  out.total = page.total.value_or(0);
  out.resources.reserve(page.rows.size());
  for (const auto& row : page.rows) {
    MUSTER_TRY(const auto with, related(row, wanted.projection));
    MUSTER_TRY(auto resource, presenter_.resource(row, type_, wanted.projection, with));
    out.resources.push_back(std::move(resource));
  }
  return out;
}

Result<http::Response> ResourceService::page(const http::Request& request,
                                             const ListRequest& wanted) const {
  MUSTER_TRY(const auto found, find(request, wanted));
  return json_response(200, list_response(found, wanted.query.start));
}

// ---- writing ----

Result<provision::Outcome> ResourceService::submit(const http::Request& request,
                                                   provision::Submission submission) const {
  provision::SubmitContext context;
  context.actor = "scim:" + request.principal.source + " token " + request.principal.token_id;
  context.refuse_invalid = true;
  context.must_exist = !submission.record.key.key.empty();
  return provisioner_.submit_one(std::move(submission), context);
}

Result<std::optional<std::int64_t>> ResourceService::version_to_change(
    const http::Request& request) const {
  const auto tags = VersionTags::of(request.head, "If-Match");
  if (!tags.is_given()) return std::optional<std::int64_t>();
  MUSTER_TRY(const auto row, stored(request));
  if (!tags.match(row.version)) return precondition_failed();
  return std::optional(row.version);
}

Result<http::Response> ResourceService::try_create(const http::Request& request) const {
  MUSTER_TRY(const auto projection, read_projection(request.head, type_));
  MUSTER_TRY(auto told, parse_json(request.body));
  MUSTER_TRY(auto resource, read_resource(std::move(told), type_, quirks_));
  provision::Submission submission;
  submission.record = make_record(request.principal.source, type_, {}, resource.document);
  auto document = submission.record.document;
  if (resource.members)
    submission.members = provision::MemberChange{std::move(*resource.members), {}};
  MUSTER_TRY(const auto outcome, submit(request, std::move(submission)));
  return resource_answer(201, row_of(outcome, std::move(document)), projection);
}

Result<http::Response> ResourceService::try_replace(const http::Request& request) const {
  const auto& id = request.captures.front();
  MUSTER_TRY(const auto projection, read_projection(request.head, type_));
  MUSTER_TRY(auto told, parse_json(request.body));
  MUSTER_CHECK(check_id(told, id));
  MUSTER_TRY(auto resource, read_resource(std::move(told), type_, quirks_));
  provision::Submission submission;
  MUSTER_TRY(submission.seen_version, version_to_change(request));
  submission.record = make_record(request.principal.source, type_, id, resource.document);
  auto document = submission.record.document;
  submission.record.members = std::move(resource.members);
  const bool clears = type_ == ResourceType::group && !quirks_.put_without_members_keeps_them;
  if (clears && !submission.record.members) submission.record.members.emplace();
  MUSTER_TRY(const auto outcome, submit(request, std::move(submission)));
  return resource_answer(200, row_of(outcome, std::move(document)), projection);
}

Result<http::Response> ResourceService::try_remove(const http::Request& request) const {
  provision::Submission submission;
  submission.kind = provision::Submission::Kind::gone;
  submission.record.key = {request.principal.source, type_, request.captures.front()};
  MUSTER_TRY(submission.seen_version, version_to_change(request));
  MUSTER_TRY(const auto outcome, submit(request, std::move(submission)));
  http::Response response;
  response.status = 204;
  return response;
}

// ---- patching ----

Result<http::Response> ResourceService::try_patch(const http::Request& request) const {
  MUSTER_TRY(const auto projection, read_projection(request.head, type_));
  MUSTER_TRY(const auto body, parse_json(request.body));
  MUSTER_TRY(auto operations, read_patch(body, type_, quirks_));
  Edit edit;
  for (auto& operation : operations) {
    auto& part = MemberEdit::concerns(operation) ? edit.members : edit.operations;
    part.push_back(std::move(operation));
  }
  if (edit.operations.empty() && !edit.members.empty()) {
    MUSTER_TRY(const auto row, patch_members(request, edit));
    return patch_answer(request, row, projection);
  }
  for (int attempt = 0; attempt < max_attempts; ++attempt) {
    MUSTER_TRY(const auto row, patch_once(request, edit));
    if (row) return patch_answer(request, *row, projection);
  }
  return fail(Fault::unavailable, "the resource is being changed without pause");
}

Result<std::optional<store::ResourceRow>> ResourceService::patch_once(const http::Request& request,
                                                                      const Edit& edit) const {
  const auto tags = VersionTags::of(request.head, "If-Match");
  MUSTER_TRY(const auto row, stored(request));
  if (tags.is_given() && !tags.match(row.version)) return precondition_failed();
  auto patched = submit_patch(request, edit, row);
  const bool lost_race = !patched && is_version_conflict(patched.error());
  if (lost_race && !tags.is_given()) return std::optional<store::ResourceRow>();
  return patched;
}

// What a PATCH leaves as it was is not written: version and lastModified stay (RFC 7644, 3.5.2.1).
Result<std::optional<store::ResourceRow>> ResourceService::submit_patch(
    const http::Request& request, const Edit& edit, const store::ResourceRow& row) const {
  MUSTER_TRY(const auto before, parse_json(row.document));
  Value after = before;
  MUSTER_CHECK(apply_patch(edit.operations, type_, quirks_, after));
  if (after == before && edit.members.empty()) return std::optional(row);
  provision::Submission submission;
  submission.seen_version = row.version;
  submission.record = make_record(request.principal.source, type_, row.id, after);
  auto document = submission.record.document;
  if (!edit.members.empty()) {
    MUSTER_TRY(const auto members, edit_members(request, edit));
    submission.record.members = members.whole();
    submission.members = members.change();
  }
  MUSTER_TRY(const auto outcome, submit(request, std::move(submission)));
  return std::optional(row_of(outcome, std::move(document)));
}

Result<MemberEdit> ResourceService::edit_members(const http::Request& request,
                                                 const Edit& edit) const {
  MemberEdit out(quirks_, [&]() -> Result<std::vector<store::MemberRow>> {
    MUSTER_TRY(const auto row, stored(request));
    MUSTER_TRY(const auto reader, provisioner_.store().reader());
    return reader->resources().members(row.id);
  });
  for (const auto& operation : edit.members) MUSTER_CHECK(out.apply(operation));
  return out;
}

// Changes of members alone need no version: they commute, and nothing else of the group is touched.
Result<store::ResourceRow> ResourceService::patch_members(const http::Request& request,
                                                          const Edit& edit) const {
  MUSTER_TRY(const auto members, edit_members(request, edit));
  if (members.empty()) return stored(request);
  provision::Submission submission;
  MUSTER_TRY(submission.seen_version, version_to_change(request));
  submission.members_only = true;
  submission.record.key = {request.principal.source, type_, request.captures.front()};
  submission.record.members = members.whole();
  submission.members = members.change();
  MUSTER_TRY(const auto outcome, submit(request, std::move(submission)));
  return row_of(outcome, {});
}

// RFC 7644, 3.5.2: 200 with the resource, or 204; always 200 when attributes are asked for.
Result<http::Response> ResourceService::patch_answer(const http::Request& request,
                                                     const store::ResourceRow& row,
                                                     const Projection& projection) const {
  const bool without_body = type_ == ResourceType::group && quirks_.group_patch_without_body;
  if (!without_body || projection.selects()) {
    if (!row.document.empty()) return resource_answer(200, row, projection);
    MUSTER_TRY(const auto whole, stored(request));
    return resource_answer(200, whole, projection);
  }
  http::Response response;
  response.status = 204;
  response.headers.emplace_back("ETag", entity_tag(row.version));
  return response;
}

}  // namespace muster::scim
