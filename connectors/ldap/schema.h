// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace muster::connectors::ldap {

// The attribute types that a directory knows, each by all its names and its OID (RFC 4512, 2.5.1
// and 4.1.2). Names are compared without ASCII case and without options (";lang-fr").
class Schema {
 public:
  // The names that the standards give to one type (RFC 4519, 4524, 2798), for a directory that does
  // not tell its schema.
  static Schema standard();

  // One value of attributeTypes. What cannot be read is passed over.
  void add(std::string_view definition);

  std::size_t size() const { return types_.size(); }

  // The type's names and OID, lower case, sorted; nullptr: not known.
  const std::vector<std::string>* names_of(std::string_view name) const;

  // How to ask for `name`: as it is, unless the directory knows it only by another of its standard
  // names; then by that one.
  std::string known_as(std::string_view name) const;

  // "; did you mean 'departmentNumber'?" for a name that is not known, or empty.
  std::string proposal(std::string_view name) const;

 private:
  void add_type(std::vector<std::string> names);

  std::vector<std::vector<std::string>> types_ = {};
  std::unordered_map<std::string, std::size_t> by_name_ = {};
  std::vector<std::string> written_ = {};  // as the schema spells them, for proposals
};

// The attribute types that a search filter names (RFC 4515), as it spells them, each once.
std::vector<std::string> filter_attributes(std::string_view filter);

}  // namespace muster::connectors::ldap
