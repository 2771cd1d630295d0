// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace muster {

enum class Severity { info, warning, error };

std::string_view name_of(Severity severity);

// One thing found in a file that people write (configuration, mapping). Lines and columns start at
// 1; 0 = unknown.
struct Diagnostic {
  Severity severity = Severity::error;
  std::string file = {};
  int line = 0;
  int column = 0;
  std::string code = {};  // "E-NAME"
  std::string message = {};
};

// "acme.yaml:51:87 E-NAME unknown attribute 'contry'; did you mean 'country'?"
std::string describe(const Diagnostic& diagnostic);

// The name that the message offers instead of a misspelt one ("did you mean 'country'?"), or empty.
std::string suggestion_of(const Diagnostic& diagnostic);

bool has_errors(const std::vector<Diagnostic>& diagnostics);

}  // namespace muster
