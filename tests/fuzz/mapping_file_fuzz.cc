// SPDX-License-Identifier: Apache-2.0
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "mappings/engine.h"

// The input is a mapping file. It is refused with reasons that have places, or it loads, tests and
// all, and then maps any record.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace muster;
  static const std::string attributes =
      R"({"id":"1","externalId":"e","userName":"a@b.example","first":"Jürgen","last":"x","mail":"a@b",
      "active":"perhaps","name":{"givenName":["a"],"familyName":7},"emails":[{"type":"work"}]})";
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto loaded = mappings::Engine::load_text(text, "m.yaml");
  if ((loaded.engine == nullptr) != has_errors(loaded.diagnostics)) std::abort();
  for (const auto& one : loaded.diagnostics)
    if (one.file.empty() || one.code.empty() || one.message.empty() || one.line < 0) std::abort();
  if (!loaded.engine) return 0;
  for (const auto& source : loaded.engine->sources()) {
    SourceRecord record;
    record.key.source = source.name;
    record.document = attributes;
    static_cast<void>(loaded.engine->map(record, Timestamp{}));
  }
  return 0;
}
