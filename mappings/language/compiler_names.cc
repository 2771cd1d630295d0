// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "core/text.h"
#include "mappings/language/compiler.h"
#include "mappings/language/foreign_words.h"

namespace muster::mappings {
const Compiler::Scope* Compiler::find_scope(std::string_view name) const {
  for (auto scope = scopes_.rbegin(); scope != scopes_.rend(); ++scope) {
    if (scope->barrier) return nullptr;
    if (scope->fields ? scope->type.fields && scope->type.fields->find(name).has_value()
                      : scope->name == name) {
      return &*scope;
    }
  }
  return nullptr;
}

bool Compiler::in_fragment() const {
  return std::any_of(scopes_.begin(), scopes_.end(),
                     [](const Scope& scope) { return scope.barrier; });
}

// `out` and `from`, unless something nearer has that name.
bool Compiler::is_namespace(const Node& node, std::string_view name) const {
  return node.kind == Node::Kind::name && !node.raw && node.text == name &&
         find_scope(name) == nullptr && !in_fragment();
}

std::vector<std::string> Compiler::names_in_reach() const {
  std::vector<std::string> names = {"run_date", "run_time"};
  bool stopped = false;
  for (auto scope = scopes_.rbegin(); scope != scopes_.rend() && !stopped; ++scope) {
    stopped = scope->barrier;
    if (!scope->fields && !scope->barrier) names.push_back(scope->name);
    if (!scope->fields || !scope->type.fields) continue;
    for (const auto& field : scope->type.fields->fields) names.push_back(field.name);
  }
  if (stopped) return names;
  if (environment_.sources) names.emplace_back("sources");
  if (environment_.item) names.emplace_back("item");
  if (environment_.record) {
    for (const auto& field : environment_.record->fields) names.push_back(field.name);
  }
  if (environment_.out) {
    for (const auto& field : environment_.out->fields) names.push_back("out." + field.name);
  }
  return names;
}

void Compiler::unknown_name(const Node& node) {
  auto message = "unknown attribute '" + node.text + "'";
  if (in_fragment()) {
    message += " (a fragment sees only its parameters)";
  } else if (!environment_.title.empty()) {
    message += " (" + environment_.title + ")";
  }
  // An attribute of `out` is offered by its bare name too: forgetting the prefix is the usual
  // mistake.
  const int most = most_edits(node.text);
  std::string best;
  int distance = most + 1;
  const auto consider = [&](std::string_view written, const std::string& offered) {
    const int edits = edit_distance(node.text, written, most);
    if (edits >= distance) return;
    distance = edits;
    best = offered;
  };
  for (const auto& known : names_in_reach()) {
    consider(known, known);
    if (known.starts_with("out.")) consider(std::string_view(known).substr(4), known);
  }
  if (const auto foreign = word_for_name(node.text); !foreign.empty()) best = foreign;
  if (!best.empty())
    message += "; did you mean '" + best + "'?";
  else if (!find_functions(node.text).empty())
    message += "; a function has its arguments behind it: " + node.text + "(x)";
  report(node.offset, "E-NAME", std::move(message));
}

Compiler::Result Compiler::name(const Node& node) {
  if (!node.raw) {
    if (const auto* scope = find_scope(node.text)) {
      const auto at = take();
      if (!scope->fields) {
        emit(Op::move, at, scope->at);
        return {scope->type};
      }
      const auto& fields = *scope->type.fields;
      const auto& field = fields.fields[*fields.find(node.text)];
      emit(Op::field, at, scope->at, 0, add_field(field, fields.fold_names), node.text);
      return {field.type};
    }
    const bool clock = node.text == "run_date" || node.text == "run_time";
    if (clock) {
      code_->reads.clock = true;
      emit(node.text == "run_date" ? Op::run_date : Op::run_time, take(), 0, 0, 0, node.text);
      return {make_type(Kind::date)};
    }
    if (!in_fragment() && node.text == "sources" && environment_.sources) {
      code_->reads.sources = true;
      emit(Op::sources, take(), 0, 0, 0, node.text);
      return {list_of(text_type(), true)};
    }
    if (!in_fragment() && node.text == "item" && environment_.item) {
      code_->reads.item = true;
      emit(Op::item, take(), 0, 0, 0, node.text);
      return {*environment_.item};
    }
  }
  if (auto path = static_path(node)) return load(*path, node);
  if (is_namespace(node, "out") && environment_.out) {
    return poison(node, "E-NAME", "'out' needs a name: out.firstName");
  }
  unknown_name(node);
  return poison();
}

// A place in a record that is known at load: name, name.givenName, from.ldap.mail. nullopt without
// a report when it is something else.
std::optional<Compiler::StaticPath> Compiler::static_path(const Node& node) {
  if (in_fragment()) return std::nullopt;
  if (node.kind == Node::Kind::name) {
    if ((!node.raw && find_scope(node.text) != nullptr) || !environment_.record)
      return std::nullopt;
    const auto position = environment_.record->find(node.text);
    if (!position) return std::nullopt;
    const auto& field = environment_.record->fields[*position];
    return StaticPath{{.path = {{field, environment_.record->fold_names}}, .name = field.name},
                      field.type};
  }
  if (node.kind != Node::Kind::field) return std::nullopt;
  if (auto path = from_path(node)) return path;
  auto path = static_path(node.children[0]);
  if (!path || path->type.kind != Kind::complex || !path->type.fields) return std::nullopt;
  const auto& fields = *path->type.fields;
  const auto position = fields.find(node.text);
  if (!position) return std::nullopt;
  const auto& field = fields.fields[*position];
  path->slot.path.push_back({field, fields.fold_names});
  path->slot.name += "." + field.name;
  const bool optional = path->type.optional;
  path->type = field.type;
  path->type.optional = path->type.optional || optional;
  return path;
}

// from.<tag>.<attribute>
std::optional<Compiler::StaticPath> Compiler::from_path(const Node& node) {
  const auto& tagged = node.children[0];
  if (tagged.kind != Node::Kind::field || !is_namespace(tagged.children[0], "from"))
    return std::nullopt;
  for (std::size_t i = 0; i < environment_.from.size(); ++i) {
    const auto& from = environment_.from[i];
    if (from.tag != tagged.text || !from.fields) continue;
    const auto position = from.fields->find(node.text);
    if (!position) return std::nullopt;
    const auto& field = from.fields->fields[*position];
    return StaticPath{{.root = i + 1,
                       .path = {{field, from.fields->fold_names}},
                       .name = "from." + from.tag + "." + field.name},
                      as_optional(field.type)};
  }
  return std::nullopt;
}

Compiler::Result Compiler::load(const StaticPath& path, const Node& node) {
  const auto& slot = path.slot;
  auto& slots = layout_.slots().slots;
  auto found = std::find_if(slots.begin(), slots.end(), [&](const Slot& known) {
    return known.root == slot.root && known.name == slot.name;
  });
  if (found == slots.end()) found = slots.insert(slots.end(), layout_.slots().numbered(slot));
  const auto& attribute = spelled(slot.path[0].field);
  if (slot.root == 0) {
    code_->reads.record.push_back(attribute);
  } else {
    code_->reads.from.emplace_back(environment_.from[slot.root - 1].tag, attribute);
  }
  emit(Op::slot, take(), 0, 0, static_cast<std::uint32_t>(found - slots.begin()), print(node));
  return {path.type};
}

Compiler::Result Compiler::out(const Node& node, const std::string& name) {
  const auto position = environment_.out->find(name);
  if (!position) {
    std::vector<std::string> names;
    for (const auto& field : environment_.out->fields) names.push_back(field.name);
    const auto near = nearest(name, names);
    return poison(node, "E-NAME",
                  "unknown attribute 'out." + name + "'" +
                      (near.empty() ? "" : "; did you mean 'out." + std::string(near) + "'?"));
  }
  const auto& field = environment_.out->fields[*position];
  code_->reads.out.push_back(field.name);
  emit(Op::out, take(), 0, 0, static_cast<std::uint32_t>(*position), "out." + name);
  return {as_optional(field.type)};
}

Compiler::Result Compiler::field(const Node& node) {
  const auto& base = node.children[0];
  if (is_namespace(base, "out") && environment_.out) return out(node, node.text);
  if (auto path = static_path(node)) return load(*path, node);
  if (is_namespace(base, "from")) {
    const bool known = std::any_of(environment_.from.begin(), environment_.from.end(),
                                   [&](const auto& from) { return from.tag == node.text; });
    if (known)
      return poison(node, "E-NAME",
                    "from." + node.text + " needs an attribute: from." + node.text + ".name");
  }
  if (base.kind == Node::Kind::field && is_namespace(base.children[0], "from")) {
    std::vector<std::string> names;
    for (const auto& from : environment_.from) {
      if (from.tag != base.text) continue;
      for (const auto& known : from.fields->fields) names.push_back(known.name);
      return poison(node, "E-NAME",
                    "unknown attribute 'from." + base.text + "." + node.text + "'" +
                        did_you_mean(node.text, names));
    }
    if (environment_.from.empty())
      return poison(base, "E-NAME",
                    "'from' is not known here: other records are read in the rules about the "
                    "person (classify, groups, lifecycle, validate)");
    for (const auto& from : environment_.from) names.push_back(from.tag);
    return poison(base, "E-NAME",
                  "unknown source tag '" + base.text + "'" + did_you_mean(base.text, names));
  }
  const auto at = top_;
  const auto value = expression(base);
  return field_of(node, value, node.text, at);
}

Compiler::Result Compiler::field_of(const Node& node, const Result& base, const std::string& name,
                                    std::uint16_t at) {
  const bool many = base.type.kind == Kind::list;
  const auto& type = many ? *base.type.element : base.type;
  release_to(at);
  if (type.kind == Kind::nothing && !base.type.optional) return poison();
  if (type.kind != Kind::complex || !type.fields) {
    return poison(node, "E-TYPE", name_of(base.type) + " has no field '" + name + "'");
  }
  const auto position = type.fields->find(name);
  if (!position) {
    std::vector<std::string> names;
    for (const auto& field : type.fields->fields) names.push_back(field.name);
    return poison(node, "E-NAME", "unknown field '" + name + "'" + did_you_mean(name, names));
  }
  const auto& field = type.fields->fields[*position];
  take();
  emit(many ? Op::fields : Op::field, at, at, 0, add_field(field, type.fields->fold_names),
       print(node));
  if (!many) return {as_optional(field.type)};
  const bool nested = field.type.kind == Kind::list;
  return {list_of(nested ? *field.type.element : field.type, true)};
}

// Whether the expression reads constants, fields of the elements around it and one attribute of the
// record, and nothing else.
bool Compiler::reads_record_only(const Node& node) const {
  using Form = Node::Kind;
  switch (node.kind) {
    case Form::text:
    case Form::integer:
    case Form::boolean:
      return true;
    case Form::name:
      return !node.raw && node.text != "run_date" && node.text != "run_time" &&
             node.text != "item" &&
             environment_.library->sets.find(node.text) == environment_.library->sets.end();
    case Form::list:
    case Form::negation:
    case Form::binary:
      return std::all_of(node.children.begin(), node.children.end(),
                         [this](const Node& child) { return reads_record_only(child); });
    default:
      return false;
  }
}

// The number of a filter that other expressions may have, too. Only where no parameter is in reach,
// so that the same text means the same.
std::optional<std::uint16_t> Compiler::share(const Node& filter) {
  const auto path = static_path(filter.children[0]);
  if (!scopes_.empty() || !path || path->slot.root != 0 || !reads_record_only(filter.children[1]))
    return std::nullopt;
  auto& shared = layout_.slots().shared;
  const auto text = print(filter);
  auto found = std::find(shared.begin(), shared.end(), text);
  if (found == shared.end()) found = shared.insert(shared.end(), text);
  return static_cast<std::uint16_t>(found - shared.begin());
}

// [type == "work"] and [type in ["work", "home"]], which most filters are, take one instruction in
// the place of a loop.
bool Compiler::select_instead(std::size_t start, std::uint16_t at, const Node& filter) {
  auto& code = code_->instructions;
  if (failed_ || code.size() != start + 4) return false;
  const auto& member = code[start + 1];
  const auto& wanted = code[start + 2];
  const auto op = code[start + 3].op;
  const bool one = op == Op::equal_text;
  const bool of_element = member.op == Op::field && member.a == at + 3;
  if (!of_element || wanted.op != Op::constant || (!one && op != Op::member)) return false;
  const auto& field = code_->fields[member.k];
  const auto& constant = code_->constants[wanted.k];
  const auto items = one ? std::span(&constant, 1) : constant.items();
  const bool texts = std::all_of(items.begin(), items.end(),
                                 [](const Datum& item) { return item.tag == Datum::Tag::text; });
  if (field.field.type.kind != Kind::text || !texts) return false;
  code_->selections.push_back({field, {items.begin(), items.end()}});
  code.resize(start);
  code_->labels.resize(start);
  emit(Op::select, at, at, 0, static_cast<std::uint32_t>(code_->selections.size() - 1),
       print(filter));
  return true;
}

// emails[type == "work"]: the elements for which the condition holds, their fields in reach.
Compiler::Result Compiler::filter(const Node& node) {
  const auto at = top_;
  const auto base = expression(node.children[0]);
  if (base.type.kind == Kind::nothing) return base;
  if (base.type.kind != Kind::list) {
    release_to(at);
    return poison(node, "E-TYPE", "[...] filters a list, not " + name_of(base.type));
  }
  if (base.type.element->kind != Kind::complex) {
    release_to(at);
    return poison(node, "E-TYPE",
                  "[...] filters complex values; write filter(x => ...) for " + name_of(base.type) +
                      ", at(n) for one element");
  }
  const auto shared = share(node);
  const auto known = shared ? emit(Op::recall, at, *shared) : 0;
  take();  // position
  take();  // output
  const auto element = take();
  const auto start = emit(Op::loop, at, 0, 1);
  scopes_.push_back({.type = *base.type.element, .at = element, .fields = true});
  ++filters_;
  const auto body = here();
  const auto condition_at = top_;
  conditional(node.children[1]);
  --filters_;
  scopes_.pop_back();
  if (!select_instead(start, at, node)) {
    emit(Op::next_filter, at, condition_at, 0, body, print(node));
    patch(start);
  }
  if (shared) {
    emit(Op::remember, at, *shared);
    patch(known);
  }
  release_to(static_cast<std::uint16_t>(at + 1));
  return {as_optional(base.type)};
}

}  // namespace muster::mappings
