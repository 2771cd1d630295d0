// SPDX-License-Identifier: Apache-2.0
#include "operations/mapping/presets.h"

#include <algorithm>
#include <vector>

#include "core/text.h"

namespace muster::operations {

std::string about(const Preset& preset) {
  auto line = preset.text.substr(0, preset.text.find('\n'));
  line.remove_prefix(std::min(line.find_first_not_of("# "), line.size()));
  return std::string(line);
}

Result<Preset> find_preset(const std::string& name) {
  std::vector<std::string> names;
  for (const auto& preset : presets()) {
    if (preset.name == name) return preset;
    names.emplace_back(preset.name);
  }
  return fail(Fault::not_found, "there is no preset '" + name + "'" + did_you_mean(name, names));
}

}  // namespace muster::operations
