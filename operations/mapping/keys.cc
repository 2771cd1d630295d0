// SPDX-License-Identifier: Apache-2.0
#include "operations/mapping/keys.h"

namespace muster::operations {

provision::KeyedBy keyed_by(const std::vector<SourceSettings>& sources,
                            const mappings::Engine& engine) {
  provision::KeyedBy keys;
  for (const auto& source : sources) {
    if (const auto* info = engine.source(source.name))
      keys[source.name] = provision::keyed_by(*info, source.ldap.key_attribute);
  }
  // One that is not configured holds what it told while it was.
  for (const auto& info : engine.sources())
    keys.try_emplace(info.name, provision::keyed_by(info, {}));
  return keys;
}

provision::KeyedBy keyed_by_in_force(const std::vector<SourceSettings>& sources,
                                     const std::filesystem::path& mapping) {
  if (mapping.empty()) return {};
  const auto loaded = mappings::Engine::load_file(mapping, {.run_tests = false});
  return loaded.engine ? keyed_by(sources, *loaded.engine) : provision::KeyedBy{};
}

}  // namespace muster::operations
