// SPDX-License-Identifier: Apache-2.0
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "../mappings/language/language_world.h"
#include "core/dn.h"
#include "mappings/language/ast.h"
#include "mappings/language/email.h"

// The input is an expression. It must be refused with a reason, or compile, print back to the same
// tree and evaluate.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace muster;
  using namespace muster::mappings;
  static World world;
  static const Value record = *parse_json(
      R"({"a":"x","b":"Jürgen","phones":["1","+2"],"uac":514,"active":true,"end":"2026-01-01",
      "entry":"cn=a,dc=x","mail":"a@b.example","groups":["cn=a,dc=x"],"name":{"givenName":"Anna"},
      "emails":[{"type":"work","value":"a@b.example"}]})");
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  static_cast<void>(parse_email(text));
  if (const auto dn = parse_dn(text);
      dn && parse_dn(dn_text(dn->key)).value_or(Dn{}).key != dn->key)
    std::abort();
  SyntaxError error;
  if (const auto tree = parse(text, error)) {
    const auto printed = print(*tree);
    const auto again = parse(printed, error);
    if (again ? !same(*tree, *again) : error.code != "E-LIMIT") std::abort();
  }
  world.layout = Layout();
  const auto program = world.compiled(text, {.flow = true});
  if (program.has_value() == has_errors(world.diagnostics)) std::abort();
  if (!program) return 0;
  world.machine.start(world.layout,
                      {.record = &record, .from = world.from, .sources = world.sources});
  static_cast<void>(World::shown(world.machine.run(*program)));
  return 0;
}
