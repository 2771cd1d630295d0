// SPDX-License-Identifier: Apache-2.0
#include <utility>

#include "core/text.h"
#include "mappings/language/compiler.h"
#include "mappings/language/program.h"

namespace muster::mappings {

Place place_of(const YamlNode& scalar, std::string file) {
  if (scalar.block) return {std::move(file), scalar.line + 1, 1, scalar.pieces};
  return {std::move(file), scalar.line, scalar.column + (scalar.quoted ? 1 : 0), scalar.pieces};
}

Layout::Layout() : slots_(std::make_unique<LayoutSlots>()) {}
Layout::~Layout() = default;
Layout::Layout(Layout&&) noexcept = default;
Layout& Layout::operator=(Layout&&) noexcept = default;

Program::Program(std::shared_ptr<const Code> code) : code_(std::move(code)) {}

const Type& Program::type() const { return code_->type; }
const Reads& Program::reads() const { return code_->reads; }
const std::string& Program::text() const { return code_->text; }

std::optional<bool> Program::constant() const {
  const auto& code = code_->instructions;
  if (code.size() != 2 || code[0].op != Op::constant) return std::nullopt;
  const auto& datum = code_->constants[code[0].k];
  if (datum.tag != Datum::Tag::boolean) return std::nullopt;
  return datum.truth();
}

std::optional<Program> compile(std::string_view text, const Place& place,
                               const Environment& environment, const Expected& expected,
                               Layout& layout, std::vector<Diagnostic>& diagnostics) {
  auto code = Compiler(environment, layout, diagnostics).compile(text, place, expected);
  if (!code) return std::nullopt;
  return Program(std::move(code));
}

void check_fragments(const Library& library, std::vector<Diagnostic>& diagnostics) {
  Environment environment;
  environment.library = std::shared_ptr<const Library>(std::shared_ptr<const Library>(), &library);
  for (const auto& [name, fragment] : library.fragments) {
    Layout layout;
    Compiler(environment, layout, diagnostics).check(fragment);
  }
}

std::optional<std::vector<TemplatePart>> split_template(std::string_view text, const Place& place,
                                                        std::vector<Diagnostic>& diagnostics) {
  std::vector<TemplatePart> parts;
  std::string literal;
  const auto flush = [&] {
    if (!literal.empty()) parts.push_back({.text = nfc(literal)});
    literal.clear();
  };
  for (std::size_t at = 0; at < text.size();) {
    if (text[at] == '\\' && at + 1 < text.size() && (text[at + 1] == '{' || text[at + 1] == '}')) {
      literal += text[at + 1];
      at += 2;
      continue;
    }
    if (text[at] != '{') {
      literal += text[at++];
      continue;
    }
    flush();
    SyntaxError error;
    Node hole;
    const auto end = parse_hole(text, at + 1, hole, error);
    if (!end) {
      diagnostics.push_back(diagnostic_at(place, text, error.offset, error.code, error.message));
      return std::nullopt;
    }
    const auto start = diagnostic_at(place, text, at + 1, {}, {});
    auto inside = text.substr(at + 1, *end - at - 2);
    if (hole.soft) inside = inside.substr(0, inside.rfind('?'));
    Place inner{place.file, start.line, start.column};
    for (const auto& piece : place.pieces)
      if (piece.offset > at + 1)
        inner.pieces.push_back({piece.offset - at - 1, piece.line, piece.column});
    parts.push_back({.expression = true,
                     .soft = hole.soft,
                     .text = std::string(inside),
                     .place = std::move(inner)});
    at = *end;
  }
  flush();
  return parts;
}

}  // namespace muster::mappings
