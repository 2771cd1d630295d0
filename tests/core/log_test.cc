// SPDX-License-Identifier: Apache-2.0
#include "core/log.h"

#include <gtest/gtest.h>

#include <thread>

#include "core/json.h"

namespace muster::log {
namespace {

// What was written to stderr while `write_lines` ran, without the time at the front.
template <class Function>
std::string written(Format format, Level level, Function write_lines) {
  configure(format, level);
  testing::internal::CaptureStderr();
  write_lines();
  auto out = testing::internal::GetCapturedStderr();
  configure(Format::logfmt, Level::info);
  return out;
}

std::string without_time(const std::string& line) { return line.substr(line.find(' ') + 1); }

TEST(Log, WritesOneLineOfPairs) {
  const auto line = written(Format::logfmt, Level::info, [] {
    write(Level::warning, "provision", "run held",
          {{"source", "ad"},
           {"leavers", std::int64_t{12}},
           {"share", 0.25},
           {"dry", false},
           {"why", ""}});
  });
  EXPECT_EQ(line.substr(0, 5), "ts=20");
  EXPECT_EQ(without_time(line),
            "level=warning module=provision event=\"run held\" source=ad leavers=12 share=0.25 "
            "dry=false why=\"\"\n");
}

TEST(Log, WritesJson) {
  const auto line = written(Format::json, Level::info, [] {
    write(Level::error, "http", "refused",
          {{"status", std::int64_t{400}}, {"why", "a \"quote\"\n"}, {"ok", true}});
  });
  const auto value = parse_json(line);
  ASSERT_TRUE(value) << line;
  EXPECT_EQ(value->find("level")->as_text(), "error");
  EXPECT_EQ(value->find("status")->as_int(), 400);
  EXPECT_EQ(value->find("why")->as_text(), "a \"quote\"\n");
  EXPECT_TRUE(value->find("ok")->as_bool());
  EXPECT_EQ(value->as_object().front().name, "ts");
}

TEST(Log, LeavesOutWhatIsBelowTheLevel) {
  EXPECT_EQ(written(Format::logfmt, Level::warning, [] { write(Level::info, "m", "e"); }), "");
  EXPECT_EQ(written(Format::logfmt, Level::info, [] { write(Level::debug, "m", "e"); }), "");
  EXPECT_NE(written(Format::logfmt, Level::debug, [] { write(Level::debug, "m", "e"); }), "");
}

// Nobody who chooses a name may forge a line, a pair or a terminal command.
TEST(Log, ALineStaysALine) {
  const std::pair<const char*, const char*> cases[] = {
      {"a\nlevel=error", R"("a\nlevel=error")"},
      {"a\r\nb", R"("a\r\nb")"},
      {"a=b", R"("a=b")"},
      {"say \"x\"", R"("say \"x\"")"},
      {"back\\slash", R"("back\\slash")"},
      {"\x1B[2J", R"("\u001b[2J")"},
      {"\u009B2J", "\"\uFFFD2J\""},
      {"a\u2028b", "\"a\uFFFDb\""},
      {"a\x7F", "\"a\uFFFD\""},
      {"M\xFCller", "\"M\uFFFDller\""},
      {"Müller", "\"Müller\""},
      {"word", "word"},
  };
  for (const auto& [text, expected] : cases) {
    const auto line = written(Format::logfmt, Level::info, [&] {
      write(Level::info, "m", "e", {{"v", text}});
    });
    EXPECT_EQ(without_time(line), std::string("level=info module=m event=e v=") + expected + "\n");
  }
}

TEST(Log, LinesOfThreadsDoNotMix) {
  constexpr int each = 200;
  const auto out = written(Format::logfmt, Level::info, [] {
    std::vector<std::jthread> workers;
    for (int i = 0; i < 4; ++i) {
      workers.emplace_back([] {
        for (int n = 0; n < each; ++n) write(Level::info, "m", "e", {{"v", "0123456789"}});
      });
    }
  });
  std::size_t lines = 0;
  std::istringstream in(out);
  for (std::string line; std::getline(in, line); ++lines) {
    ASSERT_EQ(without_time(line), "level=info module=m event=e v=0123456789");
  }
  EXPECT_EQ(lines, 4u * each);
}

}  // namespace
}  // namespace muster::log
