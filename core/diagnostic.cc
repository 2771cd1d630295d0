// SPDX-License-Identifier: Apache-2.0
#include "core/diagnostic.h"

#include <algorithm>
#include <string_view>

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

std::string_view name_of(Severity severity) {
  switch (severity) {
    case Severity::info:
      return "info";
    case Severity::warning:
      return "warning";
    case Severity::error:
      return "error";
  }
  return "error";
}

std::string suggestion_of(const Diagnostic& diagnostic) {
  constexpr std::string_view offer = "did you mean '";
  const std::string_view message = diagnostic.message;
  const auto begin = message.rfind(offer);
  if (begin == std::string_view::npos) return {};
  const auto name = message.substr(begin + offer.size());
  return std::string(name.substr(0, name.find("'?")));
}

bool has_errors(const std::vector<Diagnostic>& diagnostics) {
  return std::any_of(diagnostics.begin(), diagnostics.end(),
                     [](const auto& d) { return d.severity == Severity::error; });
}

}  // namespace muster
