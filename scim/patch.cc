// SPDX-License-Identifier: Apache-2.0
// What add, replace and remove do to a document (RFC 7644, 3.5.2.1 to 3.5.2.3).
#include "scim/patch.h"

#include <algorithm>
#include <utility>

#include "scim/canonical.h"
#include "scim/element_edit.h"

namespace muster::scim {
namespace {

using Verb = PatchOperation::Verb;

// Applies one operation.
class Application {
 public:
  Application(const PatchOperation& operation, const ClientQuirks& quirks, Value& document)
      : operation_(operation),
        attribute_(*operation.path.target.attribute),
        sub_(operation.path.target.sub),
        quirks_(quirks),
        document_(document) {}

  Status apply() {
    if (attribute_.multi_valued) return edit_elements();
    if (operation_.verb == Verb::remove) return remove_single();
    return sub_ != nullptr ? put_sub() : put_single();
  }

 private:
  bool removes() const { return operation_.verb == Verb::remove; }
  const std::string& place() const { return operation_.path.text; }

  // The object that holds the attribute: the document or an extension in it.
  Value& owner() {
    const Schema* schema = operation_.path.target.schema;
    if (schema == nullptr) return document_;
    if (document_.find(schema->id) == nullptr) document_.set(schema->id, Value(Value::Object{}));
    return *document_.find(schema->id);
  }

  void put(Value value) {
    if (value.absent()) {
      owner().erase(attribute_.name);
    } else {
      owner().set(attribute_.name, std::move(value));
    }
  }

  Status remove_single() {
    if (attribute_.required) {
      return fail(Fault::invalid, "the attribute is required", place(), "mutability");
    }
    if (sub_ == nullptr) {
      owner().erase(attribute_.name);
    } else if (Value* held = owner().find(attribute_.name)) {
      held->erase(sub_->name);
      if (held->absent()) owner().erase(attribute_.name);
    }
    return {};
  }

  Status put_sub() {
    MUSTER_TRY(Value made, canonical_value(*sub_, *operation_.value, place(), quirks_));
    Value* held = owner().find(attribute_.name);
    Value edited = held != nullptr ? *held : Value(Value::Object{});
    if (made.absent()) {
      edited.erase(sub_->name);
    } else {
      edited.set(sub_->name, std::move(made));
    }
    put(std::move(edited));
    return {};
  }

  // RFC 7644, 3.5.2.3: what is given of a complex attribute is replaced, the rest stays.
  Status put_single() {
    MUSTER_TRY(Value made, canonical_value(attribute_, *operation_.value, place(), quirks_));
    Value* held = owner().find(attribute_.name);
    if (!attribute_.is_complex() || held == nullptr || !operation_.value->is_object()) {
      put(std::move(made));
      return {};
    }
    Value merged = *held;
    merge_into(merged, attribute_, *operation_.value, made);
    put(std::move(merged));
    return {};
  }

  Status edit_elements() {
    Value* held = owner().find(attribute_.name);
    ElementEdit edit(attribute_, sub_, place(), quirks_,
                     held != nullptr ? std::move(held->as_list()) : Value::List{});
    const auto& filter = operation_.path.filter;
    if (filter) {
      MUSTER_CHECK(removes() ? edit.remove_matching(*filter)
                             : edit.put_matching(*filter, *operation_.value,
                                                 operation_.verb == Verb::replace));
    } else if (removes()) {
      MUSTER_CHECK(edit.remove(operation_.value));
    } else if (operation_.verb == Verb::add) {
      MUSTER_CHECK(edit.add(*operation_.value));
    } else {
      MUSTER_CHECK(edit.replace(*operation_.value));
    }
    Value::List elements = std::move(edit).take();
    if (elements.size() > max_elements) return too_many(place());
    put(elements.empty() ? Value() : Value(std::move(elements)));
    return {};
  }

  const PatchOperation& operation_;
  const Attribute& attribute_;
  const Attribute* sub_;
  const ClientQuirks& quirks_;
  Value& document_;
};

}  // namespace

Status apply_patch(std::span<const PatchOperation> operations, ResourceType type,
                   const ClientQuirks& quirks, Value& document) {
  for (const auto& operation : operations) {
    MUSTER_CHECK(Application(operation, quirks, document).apply());
  }
  return settle_document(document, type);
}

}  // namespace muster::scim
