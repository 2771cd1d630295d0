// SPDX-License-Identifier: Apache-2.0
#include "scim/list_request.h"

#include <algorithm>
#include <charconv>
#include <limits>

#include "core/text.h"
#include "scim/filter_parser.h"

namespace muster::scim {
namespace {

constexpr std::int64_t usual_page = 100;

std::vector<std::string> names_in(std::string_view list) {
  std::vector<std::string> out;
  while (!list.empty()) {
    const auto comma = std::min(list.find(','), list.size());
    const auto name = trim_blanks(list.substr(0, comma));
    if (!name.empty()) out.emplace_back(name);
    list.remove_prefix(std::min(comma + 1, list.size()));
  }
  return out;
}

Result<std::vector<std::string>> names_in(const Value* list, std::string_view where) {
  std::vector<std::string> out;
  if (list == nullptr || list->absent()) return out;
  if (list->is_text()) return names_in(list->as_text());
  const bool texts =
      list->is_list() && std::all_of(list->as_list().begin(), list->as_list().end(),
                                     [](const Value& name) { return name.is_text(); });
  if (!texts) {
    return fail(Fault::invalid, "a list of attribute names is expected", std::string(where),
                "invalidValue");
  }
  for (const auto& name : list->as_list()) out.push_back(name.as_text());
  return out;
}

Result<std::int64_t> whole_number(std::string_view text, std::string_view where) {
  std::int64_t out = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
  if (error == std::errc::result_out_of_range) {
    return text.starts_with('-') ? std::numeric_limits<std::int64_t>::min()
                                 : std::numeric_limits<std::int64_t>::max();
  }
  if (error == std::errc() && end == text.data() + text.size()) return out;
  return fail(Fault::invalid, "a whole number is expected", std::string(where), "invalidValue");
}

Result<std::int64_t> whole_number_in(const Value& value, std::string_view where) {
  if (value.is_int()) return value.as_int();
  return whole_number(value.is_text() ? std::string_view(value.as_text()) : "", where);
}

// RFC 7644, table 6: a startIndex below 1 is 1, a count below 0 is 0.
std::int64_t clamped_start(std::int64_t start) { return std::max<std::int64_t>(start, 1); }

Query first_page(int max_results) {
  Query query;
  query.count = std::min<std::int64_t>(usual_page, max_results);
  return query;
}

std::int64_t clamped_count(std::int64_t count, int max_results) {
  return std::clamp<std::int64_t>(count, 0, max_results);
}

}  // namespace

Result<ListRequest> read_list_request(const http::RequestHead& head, ResourceType type,
                                      int max_results) {
  ListRequest out;
  out.query = first_page(max_results);
  MUSTER_TRY(out.projection, read_projection(head, type));
  if (const auto* start = head.parameter("startIndex")) {
    MUSTER_TRY(const auto number, whole_number(std::string_view(*start), "startIndex"));
    out.query.start = clamped_start(number);
  }
  if (const auto* count = head.parameter("count")) {
    MUSTER_TRY(const auto number, whole_number(std::string_view(*count), "count"));
    out.query.count = clamped_count(number, max_results);
  }
  if (const auto* filter = head.parameter("filter")) {
    MUSTER_TRY(out.query.filter, parse_filter(*filter, type));
  }
  return out;
}

Result<ListRequest> read_search_request(const Value& body, ResourceType type, int max_results) {
  ListRequest out;
  out.query = first_page(max_results);
  if (!body.is_object()) {
    return fail(Fault::invalid, "the body must be a JSON object", {}, "invalidSyntax");
  }
  MUSTER_TRY(const auto attributes, names_in(body.find_fold("attributes"), "attributes"));
  MUSTER_TRY(const auto excluded,
             names_in(body.find_fold("excludedAttributes"), "excludedAttributes"));
  MUSTER_TRY(out.projection, Projection::make(attributes, excluded, type));
  if (const Value* start = body.find_fold("startIndex"); start != nullptr && !start->is_none()) {
    MUSTER_TRY(const auto number, whole_number_in(*start, "startIndex"));
    out.query.start = clamped_start(number);
  }
  if (const Value* count = body.find_fold("count"); count != nullptr && !count->is_none()) {
    MUSTER_TRY(const auto number, whole_number_in(*count, "count"));
    out.query.count = clamped_count(number, max_results);
  }
  const Value* filter = body.find_fold("filter");
  if (filter == nullptr || filter->is_none()) return out;
  if (!filter->is_text())
    return fail(Fault::invalid, "a text is expected", "filter", "invalidFilter");
  MUSTER_TRY(out.query.filter, parse_filter(filter->as_text(), type));
  return out;
}

std::string list_response(const Found& found, std::int64_t start) {
  std::string body = R"({"schemas":["urn:ietf:params:scim:api:messages:2.0:ListResponse"],)";
  body += "\"totalResults\":" + std::to_string(found.total);
  body += ",\"startIndex\":" + std::to_string(start);
  body += ",\"itemsPerPage\":" + std::to_string(found.resources.size());
  body += ",\"Resources\":[";
  for (const auto& resource : found.resources) {
    if (body.back() != '[') body += ',';
    body += resource;
  }
  body += "]}";
  return body;
}

Result<Projection> read_projection(const http::RequestHead& head, ResourceType type) {
  const auto* attributes = head.parameter("attributes");
  const auto* excluded = head.parameter("excludedAttributes");
  return Projection::make(attributes != nullptr ? names_in(*attributes) : names_in(""),
                          excluded != nullptr ? names_in(*excluded) : names_in(""), type);
}

}  // namespace muster::scim
