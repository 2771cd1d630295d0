// SPDX-License-Identifier: Apache-2.0
// What becomes of a line that cannot be evaluated, where the file does not say.
#include <algorithm>
#include <set>

#include "mappings/load.h"

namespace muster::mappings {
namespace {

// The attributes that decide whether somebody is active.
std::set<std::string> deciding(const Model& model) {
  std::set<std::string> names{"enabled"};
  if (const auto& expired = model.lifecycle.expired) {
    const auto& read = expired->program.reads().record;
    names.insert(read.begin(), read.end());
  }
  return names;
}

bool is_heard(const Model& model, std::size_t source, const MapLine& line) {
  const auto& authority = model.merge[line.out].authority;
  return std::find(authority.begin(), authority.end(), source) != authority.end();
}

// The positions of the lines that decide, and of those that they read, however far back.
std::set<std::size_t> deciding_lines(const Model& model, std::size_t position) {
  const auto& lines = model.sources[position].lines;
  const auto names = deciding(model);
  std::set<std::string> wanted;
  std::set<std::size_t> found;
  // A line stands behind those that it reads.
  for (std::size_t i = lines.size(); i-- > 0;) {
    const auto& line = lines[i];
    const bool decides = names.contains(line.attribute) && is_heard(model, position, line);
    if (!decides && !wanted.contains(line.attribute)) continue;
    found.insert(i);
    const auto& out = line.rule.program.reads().out;
    wanted.insert(out.begin(), out.end());
  }
  return found;
}

}  // namespace

void load_doubts(Model& model) {
  for (std::size_t position = 0; position < model.sources.size(); ++position) {
    for (const auto i : deciding_lines(model, position)) {
      auto& line = model.sources[position].lines[i];
      if (!line.says_on_error) line.on_error = OnError::quarantine;
    }
  }
}

}  // namespace muster::mappings
