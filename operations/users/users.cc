// SPDX-License-Identifier: Apache-2.0
#include "operations/users/users.h"

#include <algorithm>

#include "core/text.h"
#include "provision/explain/explain.h"
#include "provision/people/rename.h"

namespace muster::operations {
namespace {

// What people may be searched by, besides the attributes of the mapping file's schema.
const std::vector<std::string> searchable = {"id",     "userName", "email", "emails",
                                             "active", "external", "class", "classification",
                                             "state",  "sources",  "meta"};

// A misspelt attribute would quietly match nobody: it is refused. `class` is what lists call the
// classification.
Status resolve_names(Filter& filter, const std::vector<std::string>& known) {
  for (auto& operand : filter.of) {
    if (filter.op != Filter::Op::element) MUSTER_CHECK(resolve_names(operand, known));
  }
  auto& name = filter.path.attribute;
  if (name.empty()) return {};
  const auto same = [&name](const std::string& one) { return ascii_equal_fold(one, name); };
  if (std::none_of(known.begin(), known.end(), same)) {
    return fail(Fault::invalid,
                "people have no attribute '" + name + "'" + did_you_mean(name, known), "filter",
                "invalidFilter");
  }
  if (ascii_equal_fold(name, "class")) name = "classification";
  return {};
}

Result<Identity> find(store::Reader& reader, const std::string& id) {
  MUSTER_TRY(auto by_id, reader.people().get(id));
  if (by_id) return std::move(*by_id);
  MUSTER_TRY(auto by_name, reader.people().by_user_name(id));
  if (by_name) return std::move(*by_name);
  return fail(Fault::not_found, "there is no person with id or user name '" + id + "'");
}

}  // namespace

Result<Identity> find_person(const Installation& here, const std::string& id) {
  MUSTER_TRY(auto reader, here.store().reader());
  return find(*reader, id);
}

Result<store::Page<Identity>> list_people(const Installation& here, Query query) {
  if (query.filter) {
    auto known = here.provisioner.engine()->attribute_names();
    known.insert(known.end(), searchable.begin(), searchable.end());
    MUSTER_CHECK(resolve_names(*query.filter, known));
  }
  MUSTER_TRY(auto reader, here.store().reader());
  return reader->people().list(query);
}

Result<PersonDetails> show_person(const Installation& here, const std::string& id) {
  MUSTER_TRY(auto reader, here.store().reader());
  PersonDetails details;
  MUSTER_TRY(details.person, find(*reader, id));
  MUSTER_TRY(details.records, reader->people().records(details.person.id));
  for (const auto& one : here.provisioner.engine()->generated())
    details.generated.push_back(one.name);
  return details;
}

Result<Value> explain_person(const Installation& here, const std::string& id,
                             const auth::Veil& veil) {
  auto wanted = id;
  {
    MUSTER_TRY(auto reader, here.store().reader());
    MUSTER_TRY(const auto by_name, reader->people().by_user_name(id));
    if (by_name) wanted = by_name->id;
  }
  MUSTER_TRY(auto document, provision::explain(here.provisioner, wanted, here.clock.now(), veil));
  provision::shorten(document, explanation_size);
  return document;
}

Result<Renamed> rename_person(const Installation& here, const std::string& id,
                              const std::string& name, const std::string& by) {
  MUSTER_TRY(const auto person, find_person(here, id));
  Renamed renamed{.before = person.user_name};
  MUSTER_TRY(renamed.person,
             provision::rename(here.provisioner, person.id, name, by, here.clock.now()));
  return renamed;
}

}  // namespace muster::operations
