// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "core/yaml.h"
#include "mappings/language/sets.h"
#include "mappings/language/type.h"

namespace muster::mappings {

// Where an expression's first character stands in its file, and where later pieces of it stand that
// do not just follow (YamlNode::pieces).
struct Place {
  std::string file = {};
  int line = 0;
  int column = 0;
  std::vector<YamlPiece> pieces = {};
};

// The place of a scalar's text: behind the quote of a quoted one, the next line for a block one.
Place place_of(const YamlNode& scalar, std::string file);

// One parameter of a fragment.
struct Parameter {
  std::string name = {};
  Type type = {};
};

// A named expression with typed parameters, inlined where it is called. A call with T? for T sees
// T? inside, so the result follows by itself. Fragments see their parameters, tables, sets, other
// fragments and the clock, no attributes.
struct Fragment {
  std::string name = {};
  std::vector<Parameter> parameters = {};
  std::string text = {};
  Place place = {};
};

using NamedSet = std::variant<DomainSet, DnSet, TextSet>;

// What all expressions of one file share. Read-only while programs made from it live.
struct Library {
  std::map<std::string, Table, std::less<>> tables = {};
  std::map<std::string, NamedSet, std::less<>> sets = {};
  std::map<std::string, Fragment, std::less<>> fragments = {};
  // Tables and sets of which a part could not be read: nothing follows from what they leave out.
  std::set<std::string, std::less<>> broken = {};
};

// What the names of one group of expressions mean: the map of one source, or the rules about the
// identity.
struct Environment {
  std::shared_ptr<const Library> library = std::make_shared<Library>();
  std::string title = {};  // for messages: "source entra", "the identity"

  // Bare names. nullptr: none are known.
  std::shared_ptr<const Fields> record = {};

  // `out.<name>`; nullptr: there is no `out` here. The position in `fields` is the number for
  // Machine::set_out.
  std::shared_ptr<const Fields> out = {};

  // `from.<tag>.<name>`, by tag. The position in this list is the one in Inputs::from.
  struct From {
    std::string tag = {};
    std::shared_ptr<const Fields> fields = {};
  };
  std::vector<From> from = {};

  // What `deref` may name of other people; nullptr: there is no `deref` here.
  std::shared_ptr<const Fields> people = {};

  bool sources = false;           // `sources`: list<text>, the tags with a live record
  std::optional<Type> item = {};  // `item`: one element of a group rule's `for`
};

}  // namespace muster::mappings
