// SPDX-License-Identifier: Apache-2.0
#include "core/diagnostic.h"

#include <algorithm>

namespace muster {

std::string describe(const Diagnostic& diagnostic) {
  std::string out = diagnostic.file;
  if (diagnostic.line > 0) {
    if (!out.empty()) out += ':';
    out += std::to_string(diagnostic.line);
    if (diagnostic.column > 0) out += ':' + std::to_string(diagnostic.column);
  }
  for (const auto& part : {diagnostic.code, diagnostic.message}) {
    if (part.empty()) continue;
    if (!out.empty()) out += ' ';
    out += part;
  }
  return out;
}

bool has_errors(const std::vector<Diagnostic>& diagnostics) {
  return std::any_of(diagnostics.begin(), diagnostics.end(),
                     [](const auto& d) { return d.severity == Severity::error; });
}

}  // namespace muster
