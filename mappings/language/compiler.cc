// SPDX-License-Identifier: Apache-2.0
#include "mappings/language/compiler.h"

#include <algorithm>
#include <utility>

#include "core/text.h"

namespace muster::mappings {
namespace {

constexpr std::size_t most_registers = 1024;
constexpr std::size_t most_instructions = 16'384;
constexpr int deepest = 400;  // through inlined fragments

template <class T>
void sort_unique(std::vector<T>& items) {
  std::sort(items.begin(), items.end());
  items.erase(std::unique(items.begin(), items.end()), items.end());
}

}  // namespace

Diagnostic diagnostic_at(const Place& place, std::string_view text, std::size_t offset,
                         std::string code, std::string message) {
  YamlPiece from{0, place.line, place.column};
  for (const auto& piece : place.pieces)
    if (piece.offset <= offset) from = piece;
  int characters = 0;
  for (const char c : text.substr(from.offset, offset - from.offset))
    characters += (static_cast<unsigned char>(c) & 0xC0) != 0x80;
  return {Severity::error,          place.file,      from.line,
          from.column + characters, std::move(code), std::move(message)};
}

Compiler::Compiler(const Environment& environment, Layout& layout,
                   std::vector<Diagnostic>& diagnostics)
    : environment_(environment),
      layout_(layout),
      diagnostics_(diagnostics),
      code_(std::make_shared<Code>()),
      constants_(code_->arena) {}

std::shared_ptr<const Code> Compiler::compile(std::string_view text, const Place& place,
                                              const Expected& expected) {
  source_ = {text, &place, {}};
  flow_allowed_ = expected.flow;
  SyntaxError error;
  const auto tree = parse(text, error);
  if (!tree) {
    report(error.offset, error.code, error.message);
    return nullptr;
  }
  const auto value = expression(*tree, true);
  if (!failed_) expect(*tree, value, expected);
  if (failed_) return nullptr;
  emit(Op::done, 0, 0);
  code_->type = value.literal != nullptr && expected.type.kind != Kind::nothing
                    ? as_required(expected.type)
                    : value.type;
  code_->text = text;
  code_->library = environment_.library;
  sort_unique(code_->reads.record);
  sort_unique(code_->reads.out);
  sort_unique(code_->reads.from);
  sort_unique(code_->reads.tables);
  sort_unique(code_->reads.sets);
  sort_unique(code_->reads.fragments);
  sort_unique(code_->reads.deref);
  return code_;
}

std::size_t Compiler::emit(Op op, std::uint16_t dst, std::uint16_t a, std::uint16_t b,
                           std::uint32_t k, std::string label) {
  if (code_->instructions.size() == most_instructions && !failed_) {
    report(0, "E-LIMIT", "the expression becomes too large with its fragments; split it");
  }
  if (code_->instructions.size() >= most_instructions) return 0;
  code_->instructions.push_back({op, dst, a, b, k});
  code_->labels.push_back(std::move(label));
  return code_->instructions.size() - 1;
}

// Where a call has just made the value, it makes it in the right place instead.
void Compiler::move_result(std::uint16_t to, std::uint16_t from) {
  auto* made = last();
  if (made != nullptr && made->op == Op::call && made->dst == from)
    made->dst = to;
  else
    emit(Op::move, to, from);
}

// Where the argument in register `at` has just been moved there, the register that it was in; a
// parameter of a fragment mostly.
std::uint16_t Compiler::only_argument(std::uint16_t at) {
  const auto* moved = last();
  if (moved == nullptr || moved->op != Op::move || moved->dst != at) return at;
  const auto from = moved->a;
  code_->instructions.pop_back();
  code_->labels.pop_back();
  return from;
}

std::uint16_t Compiler::take() {
  if (top_ + 8U >= most_registers) {
    if (!failed_) report(0, "E-LIMIT", "the expression needs too many values at once; split it");
    return top_;
  }
  const auto at = top_++;
  code_->registers = std::max<std::size_t>(code_->registers, top_ + 8U);
  return at;
}

void Compiler::report(std::size_t offset, std::string code, std::string message) {
  failed_ = true;
  auto found =
      diagnostic_at(*source_.place, source_.text, offset, std::move(code), std::move(message));
  if (!source_.called_from.empty()) {
    // What is wrong with a fragment by itself is told once, not for every call.
    const bool told = std::any_of(diagnostics_.begin(), diagnostics_.end(), [&](const auto& known) {
      return known.line == found.line && known.column == found.column && known.file == found.file &&
             known.message == found.message;
    });
    if (told) return;
    found.message += " (in a fragment called from " + source_.called_from + ")";
  }
  diagnostics_.push_back(std::move(found));
}

Compiler::Result Compiler::poison() {
  take();
  return {};
}

// One mistake: written down, and a register of type `nothing` in place of the value.
Compiler::Result Compiler::poison(const Node& node, std::string code, std::string message) {
  report(node.offset, std::move(code), std::move(message));
  return poison();
}

std::uint32_t Compiler::add_site(CallSite site) {
  code_->sites.push_back(std::move(site));
  return static_cast<std::uint32_t>(code_->sites.size() - 1);
}

std::uint32_t Compiler::add_field(const Field& field, bool fold) {
  code_->fields.push_back({field, fold});
  return static_cast<std::uint32_t>(code_->fields.size() - 1);
}

Compiler::Result Compiler::constant(Datum datum, Type type) {
  code_->constants.push_back(datum);
  const auto at = take();
  emit(Op::constant, at, 0, 0, static_cast<std::uint32_t>(code_->constants.size() - 1));
  return {std::move(type)};
}

Compiler::Result Compiler::expression(const Node& node, bool tail) {
  struct Level {
    explicit Level(int& depth) : depth_(depth) { ++depth_; }
    ~Level() { --depth_; }
    int& depth_;
  } level(depth_);
  if (depth_ > deepest) return poison(node, "E-LIMIT", "fragments are nested too deeply here");
  using Form = Node::Kind;
  switch (node.kind) {
    case Form::text:
    case Form::integer:
    case Form::boolean:
    case Form::none:
    case Form::duration:
    case Form::date:
      return literal(node);
    case Form::clear:
    case Form::keep:
      return flow(node, tail);
    case Form::pattern:
      return pattern(node);
    case Form::name:
      return name(node);
    case Form::field:
      return field(node);
    case Form::filter:
      return filter(node);
    case Form::call:
      return call(node);
    case Form::list:
      return list(node, nullptr);
    case Form::condition:
      return condition(node, tail);
    case Form::choice:
      return choice(node, tail);
    case Form::binary:
      return binary(node, tail);
    case Form::negation: {
      const auto at = top_;
      conditional(node.children[0]);
      emit(Op::negate, at, at, 0, 0, "not");
      return {make_type(Kind::boolean)};
    }
    case Form::hole:
      return expression(node.children[0]);
    case Form::named:
      return poison(node, "E-SYNTAX", "an argument by name stands in a call only");
    case Form::lambda:
      return poison(node, "E-SYNTAX",
                    "'x => ...' stands only as the last argument of map, filter, any and all");
  }
  return poison();
}

Compiler::Result Compiler::literal(const Node& node) {
  using Form = Node::Kind;
  switch (node.kind) {
    case Form::text: {
      const auto datum = constants_.copy(node.text);
      auto value = constant(datum, datum.is_none() ? make_type(Kind::nothing, true) : text_type());
      value.literal = datum.is_none() ? nullptr : &node;
      return value;
    }
    case Form::integer:
      return constant(number_datum(node.number), make_type(Kind::integer));
    case Form::boolean:
      return constant(truth_datum(node.number != 0), make_type(Kind::boolean));
    case Form::duration:
      return constant(number_datum(node.number, Datum::Tag::duration), make_type(Kind::duration));
    case Form::date:
      return constant(number_datum(node.number, Datum::Tag::date), make_type(Kind::date));
    default:
      return constant({}, make_type(Kind::nothing, true));
  }
}

Compiler::Result Compiler::flow(const Node& node, bool tail) {
  const bool clear = node.kind == Node::Kind::clear;
  const std::string word = clear ? "clear" : "keep";
  if (!flow_allowed_)
    return poison(node, "E-TYPE", "'" + word + "' has a meaning only in a source's map");
  if (!tail) {
    return poison(
        node, "E-TYPE",
        "'" + word +
            "' may only be a result: the whole line, a branch of if or switch, or right of ??");
  }
  Datum datum;
  datum.tag = clear ? Datum::Tag::clear : Datum::Tag::keep;
  return constant(datum, make_type(Kind::nothing));
}

Compiler::Result Compiler::pattern(const Node& node) {
  const auto at = top_;
  std::uint64_t strict = 0;
  bool optional = false;
  bool solid = false;  // some part is never none
  if (node.children.size() > 64) return poison(node, "E-LIMIT", "a text has at most 64 parts");
  for (std::size_t i = 0; i < node.children.size(); ++i) {
    const auto& part = node.children[i];
    const auto value = expression(part);
    const auto kind = value.type.kind;
    const bool printable = text_like(kind) || kind == Kind::dn || kind == Kind::integer ||
                           kind == Kind::date || kind == Kind::duration || kind == Kind::nothing;
    if (!printable) {
      report(
          part.offset, "E-TYPE",
          "a text cannot hold " + name_of(value.type) + conversion_hint(value.type, text_type()));
    }
    if (part.kind == Node::Kind::hole && !part.soft) {
      strict |= std::uint64_t{1} << i;
      optional = optional || value.type.optional;
    }
    solid = solid || !value.type.optional;
  }
  code_->masks.push_back(strict);
  release_to(at);
  take();
  emit(Op::concat, at, at, static_cast<std::uint16_t>(node.children.size()),
       static_cast<std::uint32_t>(code_->masks.size() - 1), "text");
  return {text_type(optional || !solid)};
}

Compiler::Result Compiler::list(const Node& node, const Type* element) {
  const auto at = top_;
  const auto start = code_->instructions.size();
  Type type = element != nullptr ? *element : Type{};
  bool solid = false;
  for (const auto& child : node.children) {
    const auto here_at = top_;
    const auto value = expression(child);
    solid = solid || !value.type.optional;
    if (element != nullptr && convert(child, value, *element, here_at)) continue;
    type = unify(child, as_required(type), as_required(value.type));
  }
  release_to(at);
  take();
  if (!fold_list(start))
    emit(Op::make_list, at, at, static_cast<std::uint16_t>(node.children.size()));
  return {list_of(type, !solid)};
}

// A list of constants is one.
bool Compiler::fold_list(std::size_t start) {
  auto& code = code_->instructions;
  const auto size = code.size() - start;
  const bool constants =
      size > 0 && std::all_of(code.begin() + static_cast<std::ptrdiff_t>(start), code.end(),
                              [](const Instruction& one) { return one.op == Op::constant; });
  const auto at = top_ - 1;
  if (!constants || code.back().dst != at + static_cast<int>(size) - 1) return false;
  Datum* items = constants_.list_room(size);
  if (items == nullptr) return false;
  std::size_t used = 0;
  for (auto one = code.begin() + static_cast<std::ptrdiff_t>(start); one != code.end(); ++one) {
    const auto& item = code_->constants[one->k];
    if (!item.is_none()) items[used++] = item;
  }
  code.resize(start);
  code_->labels.resize(start);
  code_->constants.push_back(list_datum(items, used));
  emit(Op::constant, static_cast<std::uint16_t>(at), 0, 0,
       static_cast<std::uint32_t>(code_->constants.size() - 1));
  return true;
}

// A condition: boolean and never none, except in a value filter, where none counts as false.
void Compiler::conditional(const Node& node) {
  const auto at = top_;
  const auto value = expression(node);
  if (value.type.kind == Kind::nothing && !value.type.optional) return;  // poison
  if (value.type.kind != Kind::boolean) {
    const auto help = value.type.kind == Kind::text || value.type.kind == Kind::list
                          ? "; write present(x)"
                      : filters_ > 0 && value.type.kind == Kind::integer
                          ? "; write at(n) for one element of a list"
                          : "";
    return report(node.offset, "E-TYPE",
                  "a condition is needed here, not " + name_of(value.type) + help);
  }
  if (!value.type.optional) return;
  if (filters_ == 0) {
    return report(node.offset, "E-BOOL-OPT",
                  "this may be none and cannot decide; write '?? false' or '?? true' behind it");
  }
  emit(Op::truth, at, at);
}

Compiler::Result Compiler::condition(const Node& node, bool tail) {
  const auto at = top_;
  conditional(node.children[0]);
  const auto skip = emit(Op::jump_unless, 0, at, 0, 0, "if");
  release_to(at);
  const auto left = expression(node.children[1], tail);
  const auto leave = emit(Op::jump, 0);
  patch(skip);
  release_to(at);
  const auto right = expression(node.children[2], tail);
  patch(leave);
  return {unify(node.children[2], left.type, right.type)};
}

Compiler::Result Compiler::choice(const Node& node, bool tail) {
  const auto at = top_;
  const auto subject = expression(node.children[0]);
  Type type;
  bool first = true;
  std::vector<std::size_t> leave;
  for (std::size_t i = 1; i + 1 < node.children.size(); i += 2) {
    const auto key_at = top_;
    const auto key = expression(node.children[i]);
    if (node.children[i].kind == Node::Kind::none)
      report(node.children[i].offset, "E-TYPE",
             "nothing equals none; write if absent(x) then ... else ...");
    const auto op = equality_op(node.children[i], subject, key, at);
    emit(op, key_at, at, key_at);
    const auto next = emit(Op::jump_unless, 0, key_at, 0, 0, "switch " + print(node.children[i]));
    // The subject is still needed by the next case, so the value is made behind it and moved.
    release_to(key_at);
    const auto value = expression(node.children[i + 1], tail);
    emit(Op::move, at, key_at);
    type = first ? value.type : unify(node.children[i + 1], type, value.type);
    first = false;
    leave.push_back(emit(Op::jump, 0));
    patch(next);
    release_to(key_at);
  }
  const auto last_at = top_;
  const auto value = expression(node.children.back(), tail);
  emit(Op::move, at, last_at);
  type = unify(node.children.back(), type, value.type);
  for (const auto jump : leave) patch(jump);
  release_to(static_cast<std::uint16_t>(at + 1));
  return {type};
}

}  // namespace muster::mappings
