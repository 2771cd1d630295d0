// SPDX-License-Identifier: Apache-2.0
#include "operations/documents/person.h"

namespace muster::operations {
namespace {

Value as_document(const IdentityAttribute& attribute) {
  Value document;
  document.set("name", attribute.name);
  document.set("value", attribute.value);
  document.set("source", attribute.source);
  document.set("rule", attribute.rule);
  if (attribute.released) document.set("released", true);
  return document;
}

Value as_document(const GroupMembership& group) {
  Value document;
  document.set("path", group.path);
  document.set("role", group.role);
  document.set("rule", group.rule);
  if (group.create) document.set("create", true);
  return document;
}

Value as_document(const Finding& finding) { return document_of(finding); }

}  // namespace

template <class Rows>
static Value documents_of(const Rows& rows) {
  Value::List list;
  for (const auto& row : rows) list.push_back(as_document(row));
  return list;
}

std::string mail_of(const Identity& person) {
  const auto* told = person.email.empty() ? person.find("email") : nullptr;
  return told && told->value.is_text() ? told->value.as_text() : person.email;
}

Value as_document(const Identity& person) {
  Value document;
  document.set("id", person.id);
  document.set("userName", person.user_name);
  document.set("email", mail_of(person));
  document.set("class", name_of(person.classification));
  document.set("rule", person.classification_rule);
  document.set("sources", Value::List(person.sources.begin(), person.sources.end()));
  document.set("state", name_of(person.state));
  if (!person.state_reason.empty()) document.set("stateReason", person.state_reason);
  if (person.due) document.set("due", format_timestamp(*person.due));
  document.set("attributes", documents_of(person.attributes));
  document.set("groups", documents_of(person.groups));
  document.set("findings", documents_of(person.findings));
  document.set("created", format_timestamp(person.created));
  document.set("modified", format_timestamp(person.modified));
  return document;
}

Value as_document(const store::RecordRow& record) {
  Value document;
  document.set("id", record.head.id);
  document.set("source", record.head.key.source);
  document.set("key", record.head.key.key);
  document.set("state", store::name_of(record.head.state));
  document.set("linkedBy", record.correlated_by);
  document.set("modified", format_timestamp(record.head.modified));
  document.set("findings", documents_of(record.findings));
  return document;
}

Value as_document(const PersonDetails& details) {
  auto document = as_document(details.person);
  if (!details.generated.empty())
    document.set("generatedNotKept",
                 Value::List(details.generated.begin(), details.generated.end()));
  document.set("records", documents_of(details.records));
  return document;
}

}  // namespace muster::operations
