// SPDX-License-Identifier: Apache-2.0
// From a PatchOp message to single operations (RFC 7644, 3.5.2).
#include <array>
#include <string>
#include <utility>

#include "core/text.h"
#include "scim/canonical.h"
#include "scim/patch.h"

namespace muster::scim {
namespace {

using Verb = PatchOperation::Verb;

tl::unexpected<Error> refuse(std::string_view code, std::string detail, std::string_view where) {
  return fail(Fault::invalid, std::move(detail), std::string(where), std::string(code));
}

std::string_view name_of(Verb verb) {
  switch (verb) {
    case Verb::add:
      return "add";
    case Verb::replace:
      return "replace";
    case Verb::remove:
      return "remove";
  }
  return {};
}

// Takes one member of "Operations" apart.
class OperationReader {
 public:
  OperationReader(ResourceType type, const ClientQuirks& quirks, std::string where,
                  std::vector<PatchOperation>& out)
      : type_(type), quirks_(quirks), where_(std::move(where)), out_(out) {}

  Status read(const Value& told) {
    if (!told.is_object()) return refuse("invalidSyntax", "an object is expected", where_);
    MUSTER_TRY(const Verb verb, read_verb(told));
    const Value* value = told.find_fold("value");
    const Value* path = told.find_fold("path");
    if (path == nullptr || path->absent()) return read_without_path(verb, value);
    if (!path->is_text()) return refuse("invalidPath", "the path must be a text", where_);
    if (verb != Verb::remove && value == nullptr) {
      return refuse("invalidValue", std::string(name_of(verb)) + " needs a value", where_);
    }
    return read_with_path(verb, path->as_text(), value);
  }

 private:
  Result<Verb> read_verb(const Value& told) const {
    const Value* op = told.find_fold("op");
    if (op != nullptr && op->is_text()) {
      for (const Verb verb : {Verb::add, Verb::replace, Verb::remove}) {
        if (ascii_equal_fold(op->as_text(), name_of(verb))) return verb;
      }
    }
    return refuse("invalidSyntax", "op must be add, replace or remove", where_);
  }

  // RFC 7644, 3.5.2.1 and 3.5.2.3: the value holds attributes of the resource itself.
  Status read_without_path(Verb verb, const Value* value) {
    if (verb == Verb::remove) {
      return refuse("noTarget", "remove needs a path that says what to remove", where_);
    }
    if (value == nullptr || !value->is_object()) {
      return refuse("invalidValue", "without a path the value must be an object of attributes",
                    where_);
    }
    for (const auto& [name, inner] : value->as_object()) MUSTER_CHECK(expand(verb, name, inner));
    return {};
  }

  // A member of a path-less value: an attribute, a dotted or URN path, or an extension's URN.
  Status expand(Verb verb, const std::string& name, const Value& value) {
    const ResourceSchemas& schemas = schemas_of(type_);
    if (const Schema* schema = schemas.schema(name)) return expand_schema(verb, *schema, value);
    auto path = parse_patch_path(name, type_, quirks_);
    // What this server does not know or lets nobody write is passed over here: clients send whole
    // resources in this form (Okta its own id, authentik schemas).
    if (!path || path->target.attribute == nullptr || !is_writable(*path)) return {};
    out_.push_back({verb, *std::move(path), value});
    return {};
  }

  Status expand_schema(Verb verb, const Schema& schema, const Value& value) {
    if (value.absent() && verb == Verb::add) return {};
    if (!value.is_object()) {
      return refuse("invalidValue", "an object of attributes is expected", schema.id);
    }
    for (const auto& [name, inner] : value.as_object()) {
      if (schema.find(name) == nullptr) continue;
      MUSTER_CHECK(expand(verb, std::string(schema.id) + ':' + name, inner));
    }
    return {};
  }

  Status read_with_path(Verb verb, const std::string& text, const Value* value) {
    auto path = parse_patch_path(text, type_, quirks_);
    if (!path) {
      Error error = std::move(path).error();
      error.where = where_ + ", " + error.where;
      return fail(std::move(error));
    }
    const AttributePath& target = path->target;
    if (target.attribute == nullptr) {
      if (verb == Verb::remove) return remove_schema(*target.schema);
      return expand_schema(verb, *target.schema, *value);
    }
    // `schemas` follows from the document; setting it is no error (RFC 7643, 3).
    if (target.attribute->name == "schemas") return {};
    const bool dropped = target.leaf().returned == Returned::never;
    if (dropped) return {};
    if (!is_writable(*path)) {
      return refuse("mutability", "the attribute is read-only", path->text);
    }
    out_.push_back(
        {verb, *std::move(path), value == nullptr ? std::nullopt : std::optional<Value>(*value)});
    return {};
  }

  Status remove_schema(const Schema& schema) {
    if (schemas_of(type_).core == &schema) {
      return refuse("mutability", "a resource cannot lose its core schema", schema.id);
    }
    for (const auto& attribute : schema.attributes) {
      if (!is_kept(attribute)) {
        return refuse("mutability", "the extension is read-only", schema.id);
      }
      PatchPath path{{&schema, &attribute, nullptr}, std::nullopt, {}};
      path.text = spelled(path.target);
      out_.push_back({Verb::remove, std::move(path), std::nullopt});
    }
    return {};
  }

  static bool is_writable(const PatchPath& path) {
    return path.target.attribute->name != "schemas" && is_kept(*path.target.attribute) &&
           is_kept(path.target.leaf());
  }

  ResourceType type_;
  const ClientQuirks& quirks_;
  std::string where_;
  std::vector<PatchOperation>& out_;
};

}  // namespace

Result<std::vector<PatchOperation>> read_patch(const Value& body, ResourceType type,
                                               const ClientQuirks& quirks) {
  const Value* operations = body.find_fold("Operations");
  if (operations == nullptr || !operations->is_list()) {
    return refuse("invalidSyntax", "a list of Operations is expected", "Operations");
  }
  std::vector<PatchOperation> out;
  int number = 0;
  for (const auto& told : operations->as_list()) {
    const auto where = "operation " + std::to_string(++number);
    MUSTER_CHECK(OperationReader(type, quirks, where, out).read(told));
  }
  return out;
}

}  // namespace muster::scim
