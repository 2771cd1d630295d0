// SPDX-License-Identifier: Apache-2.0
#include <fstream>
#include <sstream>

#include "mappings/language/function.h"
#include "tests/mappings/fixtures.h"

namespace muster::mappings {
namespace {

std::string document() {
  std::ifstream in(MUSTER_SOURCE_DIR "/docs/mapping-language.md");
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

TEST(Documentation, NamesEveryFunction) {
  auto text = document();
  for (const auto& name : function_names()) {
    std::string call = "`";
    call.append(name).append("(");
    EXPECT_NE(text.find(call), std::string::npos) << name;
  }
}

TEST(Documentation, ItsFirstExampleLoads) {
  auto text = document();
  const std::string fence = "```yaml\n";
  auto begin = text.find(fence);
  ASSERT_NE(begin, std::string::npos);
  begin += fence.size();
  auto loaded = Engine::load_text(text.substr(begin, text.find("```", begin) - begin), "m.yaml");
  EXPECT_EQ(printed(loaded.diagnostics), "");
}

}  // namespace
}  // namespace muster::mappings
