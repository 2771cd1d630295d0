// SPDX-License-Identifier: Apache-2.0
#include "scim/presenter.h"

#include <algorithm>
#include <utility>

#include "core/clock.h"
#include "core/json.h"
#include "scim/schema.h"

namespace muster::scim {
namespace {

// Appends `,"name":"text"`; nothing for an empty text.
void append_text(std::string& out, std::string_view name, std::string_view text) {
  if (text.empty()) return;
  out += ",\"";
  out += name;
  out += "\":";
  append_json_text(out, text);
}

void append_sources(std::string& out, const std::vector<std::string>& sources) {
  if (sources.empty()) return;
  out += ",\"sources\":[";
  for (std::size_t i = 0; i < sources.size(); ++i) {
    out += i == 0 ? "{\"value\":" : ",{\"value\":";
    append_json_text(out, sources[i]);
    out += i == 0 ? ",\"primary\":true}" : ",\"primary\":false}";
  }
  out += ']';
}

void append_findings(std::string& out, const std::vector<Finding>& findings) {
  if (findings.empty()) return;
  out += ",\"findings\":[";
  for (const auto& finding : findings) {
    if (out.back() != '[') out += ',';
    out += "{\"severity\":\"";
    out += name_of(finding.severity);
    out += '"';
    append_text(out, "code", finding.code);
    append_text(out, "attribute", finding.attribute);
    append_text(out, "message", finding.message);
    out += '}';
  }
  out += ']';
}

void append_muster(std::string& out, const store::ResourceRow& row) {
  out += ",\"";
  out += muster_urn;
  out += "\":{\"state\":\"";
  out += store::shown_state(row);
  out += '"';
  append_text(out, "identityId", row.identity_id);
  append_text(out, "platformUserName", row.user_name);
  append_text(out, "classification", row.classification);
  append_text(out, "classificationRule", row.classification_rule);
  append_sources(out, row.sources);
  append_findings(out, row.findings);
  out += '}';
}

}  // namespace

std::string entity_tag(std::int64_t version) { return "W/\"" + std::to_string(version) + '"'; }

store::ResourceRow row_of(const provision::Outcome& outcome, std::string document) {
  store::ResourceRow row;
  row.id = outcome.head.id;
  row.document = std::move(document);
  row.state = outcome.head.state;
  row.state_reason = outcome.state_reason;
  row.version = outcome.head.version;
  row.created = outcome.head.created;
  row.modified = outcome.head.modified;
  const Identity& identity = outcome.identity;
  if (identity.version == 0) return row;
  row.identity_id = identity.id;
  row.user_name = identity.user_name;
  row.classification = muster::name_of(identity.classification);
  row.classification_rule = identity.classification_rule;
  row.identity_state = muster::name_of(identity.state);
  row.sources = identity.sources;
  row.findings = identity.findings;
  return row;
}

std::string Presenter::location(ResourceType type, std::string_view id) const {
  std::string out = base_;
  out.append(schemas_of(type).endpoint).append("/").append(id);
  return out;
}

void Presenter::append_meta(std::string& out, const store::ResourceRow& row,
                            ResourceType type) const {
  out += ",\"meta\":{\"resourceType\":\"";
  out += schemas_of(type).name;
  out += '"';
  append_text(out, "created", format_timestamp(row.created));
  append_text(out, "lastModified", format_timestamp(row.modified));
  append_text(out, "location", location(type, row.id));
  append_text(out, "version", entity_tag(row.version));
  out += '}';
}

// A stored document begins with "schemas" and a list of URNs, which hold no bracket: the end of the
// list is where id and the extension's URN go in.
std::string Presenter::spliced(const store::ResourceRow& row, ResourceType type) const {
  const std::string_view document = row.document;
  const auto bracket = document.find(']');
  std::string out;
  out.reserve(document.size() + 900);
  out += document.substr(0, bracket);
  if (type == ResourceType::user) out.append(",\"").append(muster_urn).append("\"");
  out += "],\"id\":\"";
  out += row.id;
  out += '"';
  out += document.substr(bracket + 1, document.size() - bracket - 2);
  append_meta(out, row, type);
  if (type == ResourceType::user) append_muster(out, row);
  return out;
}

void Presenter::append_members(std::string& out,
                               const std::vector<store::MemberRow>& members) const {
  if (members.empty()) return;
  out += ",\"members\":[";
  for (const auto& member : members) {
    if (out.back() != '[') out += ',';
    out += "{\"value\":";
    append_json_text(out, member.key);
    if (!member.record_id.empty())
      append_text(out, "$ref", location(member.type, member.record_id));
    append_text(out, "type", muster::name_of(member.type));
    append_text(out, "display", member.display);
    out += '}';
  }
  out += ']';
}

void Presenter::append_groups(std::string& out, const std::vector<store::GroupRow>& groups) const {
  if (groups.empty()) return;
  out += ",\"groups\":[";
  for (const auto& group : groups) {
    if (out.back() != '[') out += ',';
    out += "{\"value\":";
    append_json_text(out, group.record_id);
    append_text(out, "$ref", location(ResourceType::group, group.record_id));
    append_text(out, "display", group.display);
    append_text(out, "type", "direct");
    out += '}';
  }
  out += ']';
}

Result<std::string> Presenter::resource(const store::ResourceRow& row, ResourceType type,
                                        const Projection& projection,
                                        const Related& related) const {
  std::string out = spliced(row, type);
  append_members(out, related.members);
  append_groups(out, related.groups);
  out += '}';
  if (projection.whole()) return out;
  MUSTER_TRY(const Value parsed, parse_json(out, {.depth = 32, .bytes = out.size()}));
  return write_json(projection.apply(parsed, type));
}

}  // namespace muster::scim
