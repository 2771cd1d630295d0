// SPDX-License-Identifier: Apache-2.0
#include "provision/road/events.h"

#include "core/json.h"

namespace muster::provision {
namespace {

Value groups_of(const Identity& identity) {
  Value::List list;
  for (const auto& group : identity.groups) {
    Value one;
    one.set("path", group.path);
    one.set("role", group.role);
    if (group.create) one.set("create", true);
    list.push_back(std::move(one));
  }
  return list;
}

// Findings and provenance are ours; the platform hears values, class, state and groups.
bool platform_sees_a_difference(const Identity& before, const Identity& after) {
  if (before.state != after.state || before.classification != after.classification) return true;
  if (before.attributes.size() != after.attributes.size()) return true;
  for (std::size_t i = 0; i < before.attributes.size(); ++i) {
    if (before.attributes[i].name != after.attributes[i].name) return true;
    if (!(before.attributes[i].value == after.attributes[i].value)) return true;
    if (before.attributes[i].released != after.attributes[i].released) return true;
  }
  return before.groups != after.groups || before.sources != after.sources;
}

std::string_view kind_of(const Identity* before, const Identity& after) {
  if (before == nullptr) return "user.created";
  if (after.state == IdentityState::deleted) return "user.deleted";
  const bool was = before->state == IdentityState::active;
  const bool is = after.state == IdentityState::active;
  if (was && !is) return "user.deactivated";
  if (!was && is) return "user.reactivated";
  return "user.updated";
}

}  // namespace

std::string event_body(const Identity& identity, const Value& generated) {
  Value body;
  body.set("id", identity.id);
  body.set("userName", identity.user_name);
  body.set("active", identity.state == IdentityState::active);
  body.set("external", identity.classification == Classification::external);
  Value attributes{Value::Object{}};
  for (const auto& attribute : identity.attributes) attributes.set(attribute.name, attribute.value);
  body.set("attributes", std::move(attributes));
  Value::List released;
  for (const auto& attribute : identity.attributes)
    if (attribute.released) released.emplace_back(attribute.name);
  if (!released.empty()) body.set("released", std::move(released));
  body.set("groups", groups_of(identity));
  Value::List sources(identity.sources.begin(), identity.sources.end());
  body.set("sources", std::move(sources));
  if (!generated.is_none()) body.set("generated", generated);
  return write_json(body);
}

std::optional<Event> event_of(const Identity* before, const Identity& after,
                              const Value& generated) {
  if (before != nullptr && !platform_sees_a_difference(*before, after)) return std::nullopt;
  return Event{std::string(kind_of(before, after)), after.id, event_body(after, generated)};
}

AuditEntry audit_of(const Decision& decision, const std::string& record_id,
                    const SubmitContext& context) {
  Value detail;
  detail.set("source", decision.key.source);
  detail.set("record", record_id);
  if (!decision.reason.empty()) detail.set("reason", decision.reason);
  if (!decision.changed.empty()) {
    detail.set("changed", Value::List(decision.changed.begin(), decision.changed.end()));
  }
  const std::string_view object = decision.key.type == ResourceType::user ? "user." : "group.";
  return {.actor = context.actor,
          .action = std::string(object) + std::string(name_of(decision.verb)),
          .subject = decision.identity_id.empty() ? record_id : decision.identity_id,
          .run = context.run,
          .detail = write_json(detail)};
}

}  // namespace muster::provision
