// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>
#include <vector>

#include "core/yaml.h"
#include "core/yaml_text.h"

namespace muster {

// Where the pieces of a scalar's text stand in its file: `at` is the scalar's first character (a
// quote, `|`, `>` or the text itself), `text` what it means. Empty when the text runs on from
// there.
std::vector<YamlPiece> scalar_pieces(std::string_view file, const YamlPlace& at,
                                     std::string_view text);

}  // namespace muster
