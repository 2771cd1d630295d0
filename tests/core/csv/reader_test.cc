// SPDX-License-Identifier: Apache-2.0
#include "core/csv/reader.h"

#include <gtest/gtest.h>

#include <array>
#include <random>

#include "core/csv/special_mask.h"
#include "tests/core/csv/naive_reader.h"

namespace muster {
namespace {

constexpr std::size_t pieces[] = {1, 2, 3, 7, 64 << 10};

struct Case {
  const char* story;
  std::string text;
  std::string told;
  char delimiter = ',';
};

TEST(CsvReader, tells_what_stands_where) {
  const Case cases[] = {
      {"nothing", "", ""},
      {"line ends of Windows", "a,b\r\nc,d\r\n", "1@0 [a|b]\n2@5 [c|d]\n"},
      {"line ends of Unix", "a,b\nc,d\n", "1@0 [a|b]\n2@4 [c|d]\n"},
      {"line ends of old Macs", "a,b\rc,d\r", "1@0 [a|b]\n2@4 [c|d]\n"},
      {"mixed line feeds", "a\nb\r\nc\n", "1@0 [a]\n2@2 [b]\n3@5 [c]\n"},
      {"no line end at the end", "a,b\nc,d", "1@0 [a|b]\n2@4 [c|d]\n"},
      {"a return cut off at the end", "a,b\r\nc,d\r", "1@0 [a|b]\n2@5 [c|d]\n"},
      {"empty cells", ",\n,\n", "1@0 [|]\n2@2 [|]\n"},
      {"an empty last cell", "a,", "1@0 [a|]\n"},
      {"quoted delimiter", "a,\"b,c\"\n", "1@0 [a|b,c]\n"},
      {"quoted line ends", "\"a\nb\",\"c\r\nd\",\"e\rf\"\ng,h,i\n",
       "1@0 [a\nb|c\r\nd|e\rf]\n5@19 [g|h|i]\n"},
      {"doubled quotes", "\"a \"\"b\"\"\",\"\"\"\"\n", "1@0 [a \"b\"|\"]\n"},
      {"an empty quoted cell", "\"\",b\n", "1@0 [|b]\n"},
      {"a line with an empty quoted cell only", "\"\"\n", "1@0 []\n"},
      {"blanks belong to the cell", " a , b\n", "1@0 [ a | b]\n"},
      {"empty lines are passed over", "a,b\n\n\r\nc,d\n\n", "1@0 [a|b]\n4@7 [c|d]\n"},
      {"doubled returns of a broken transfer", "a,b\r\r\nc,d\r\r\n", "1@0 [a|b]\n3@6 [c|d]\n"},
      {"another delimiter", "a,b;c\n1;2\n", "1@0 [a,b|c]\n2@6 [1|2]\n", ';'},
      {"tabs", "a\t\"b\tc\"\n", "1@0 [a|b\tc]\n", '\t'},
      {"a quote inside a cell stays", "a,5\" pipe\n", "1:4@3 STRAY_QUOTE\n1@0 [a|5\" pipe]\n"},
      {"stray quotes are told once a row", "a\"b\"c,d\"e\n",
       "1:2@1 STRAY_QUOTE\n1@0 [a\"b\"c|d\"e]\n"},
      {"a blank before the quote", "a,b\n1, \"2\"\n3,4\n",
       "1@0 [a|b]\n2:4@7 SPACE_BEFORE_QUOTE\n3@11 [3|4]\n"},
      {"text behind the quote", "a,b\n\"1\" x,2\n3,4\n",
       "1@0 [a|b]\n2:4@7 TEXT_AFTER_QUOTE\n3@12 [3|4]\n"},
      {"a bad row with a quote behind the place", "a,b\n\"1\"x,\"2\n3,4\n",
       "1@0 [a|b]\n2:4@7 TEXT_AFTER_QUOTE\n3@12 [3|4]\n"},
      {"text behind a quote over lines", "a,b\n\"é\n2\"x,2\n3,4\n",
       "1@0 [a|b]\n3:3@10 TEXT_AFTER_QUOTE\n4@14 [3|4]\n"},
      {"columns count characters", "é€,\"x\"y\n", "1:7@9 TEXT_AFTER_QUOTE\n"},
      {"a lone return in a file of pairs", "a,b\r\n1\r2,3\r\n4,5\r\n",
       "1@0 [a|b]\n2:2@6 LONE_RETURN\n3@12 [4|5]\n"},
      {"a lone return behind a quoted cell", "a,b\r\n1,\"2\"\r3\r\n4,5\r\n",
       "1@0 [a|b]\n2:6@10 LONE_RETURN\n3@14 [4|5]\n"},
      {"too few cells", "a,b\n1\n2,3\n", "1@0 [a|b]\n2:1@4 FIELD_COUNT\n3@6 [2|3]\n"},
      {"too many cells", "a,b\n1,2,3\n4,5\n", "1@0 [a|b]\n2:1@4 FIELD_COUNT\n3@10 [4|5]\n"},
      {"a quote that never closes", "a,b\n1,2\n3,\"4\n5,6\n",
       "1@0 [a|b]\n2@4 [1|2]\n3:3@10 UNCLOSED_QUOTE\n"},
      {"a quote as the last byte", "a,\"", "1:3@2 UNCLOSED_QUOTE\n"},
      {"a doubled quote at the end", "a,\"\"\"", "1:3@2 UNCLOSED_QUOTE\n"},
      {"other formats' characters are text", "a\\n,b'c\n#x,=1+1\n",
       "1@0 [a\\n|b'c]\n2@8 [#x|=1+1]\n"},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(c.story);
    CsvReader::Options options;
    options.delimiter = c.delimiter;
    for (const std::size_t piece : pieces) {
      EXPECT_EQ(describe(read_in_pieces(c.text, options, piece)), c.told)
          << "in pieces of " << piece;
    }
    EXPECT_EQ(describe(NaiveReader(c.text, options).read()), c.told) << "the naive reader";
  }
}

TEST(CsvReader, holds_the_limits_to_the_byte) {
  CsvReader::Options options;
  options.limits = {.cell_bytes = 4, .record_bytes = 12, .columns = 3};
  const Case cases[] = {
      {"cells as long as allowed", "aaaa,\"bbbb\"\n", "1@0 [aaaa|bbbb]\n"},
      {"a cell too long", "a,bbbbb\nc,d\n", "1:3@2 CELL_TOO_LONG\n2@8 [c|d]\n"},
      {"a cell too long at the end", "a,bbbbb", "1:3@2 CELL_TOO_LONG\n"},
      {"a quote open for too long", "a,\"bbbbb\"\nc,d\n", "1:3@2 UNCLOSED_QUOTE\n"},
      {"as many columns as allowed", "a,b,c\n", "1@0 [a|b|c]\n"},
      {"too many columns", "a,b,c,d\ne,f,g\n", "1:7@6 TOO_MANY_COLUMNS\n2@8 [e|f|g]\n"},
      {"a row too long", "aaaa,bbbb,cccc\ne,f,g\n", "1:1@0 RECORD_TOO_LONG\n2@15 [e|f|g]\n"},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(c.story);
    for (const std::size_t piece : pieces) {
      EXPECT_EQ(describe(read_in_pieces(c.text, options, piece)), c.told)
          << "in pieces of " << piece;
    }
  }
}

TEST(CsvReader, tells_how_many_cells_a_row_had) {
  const auto told = read_in_pieces("a,b,c\n1,2\n", {}, 64);
  ASSERT_EQ(told.size(), 2u);
  EXPECT_EQ(told[1].problem.found, 2u);
  EXPECT_EQ(told[1].problem.expected, 3u);
  EXPECT_NE(message_of(told[1].problem).find("has 2 cells, the header has 3"), std::string::npos);
}

TEST(CsvReader, counts_from_where_it_is_told_to) {
  CsvReader::Options options;
  options.first_line = 2;
  options.first_byte = 9;
  EXPECT_EQ(describe(read_in_pieces("a,b\nc\n", options, 1)), "2@9 [a|b]\n3:1@13 FIELD_COUNT\n");
}

TEST(CsvReader, stops_when_an_event_says_so) {
  class First final : public CsvEvents {
   public:
    bool record(const CsvRecord&) override { return ++records < 2; }
    void problem(const CsvProblem&) override {}
    int records = 0;
  } first;
  CsvReader reader({}, first);
  EXPECT_FALSE(reader.feed("a\nb\nc\nd\n"));
  EXPECT_FALSE(reader.feed("e\n"));
  EXPECT_FALSE(reader.finish());
  EXPECT_EQ(first.records, 2);
}

TEST(CsvReader, counts_empty_lines) {
  Telling telling;
  CsvReader reader({}, telling);
  reader.feed("\na,b\n\n\n1,2\n");
  reader.finish();
  EXPECT_EQ(reader.empty_lines(), 3u);
}

// Text of the characters that matter, from runs long enough to cross the scanner's blocks.
std::string random_text(std::mt19937& random) {
  static constexpr std::array<std::string_view, 14> words = {
      ",", ",", "\"", "\"", "\"\"", "\r\n", "\n", "\r", " ", "a", "bcd", "é", ";", "\t"};
  std::string text;
  for (auto count = random() % 40; count > 0; --count) text += words[random() % words.size()];
  if (random() % 4 == 0) text.insert(random() % (text.size() + 1), random() % 130, 'x');
  return text;
}

TEST(CsvReader, agrees_with_the_naive_reader_for_every_piece_size) {
  std::mt19937 random(20261122);
  std::size_t records = 0;
  std::size_t problems = 0;
  for (int round = 0; round < 20'000; ++round) {
    CsvReader::Options options;
    options.delimiter = ",;\t"[random() % 3];
    options.equal_counts = random() % 2 == 0;
    if (random() % 2 == 0) options.limits = {.cell_bytes = 7, .record_bytes = 30, .columns = 4};
    const std::string text = random_text(random);
    const auto expected = NaiveReader(text, options).read();
    for (const std::size_t piece : pieces) {
      const auto told = read_in_pieces(text, options, piece);
      ASSERT_EQ(describe(told), describe(expected)) << "in pieces of " << piece << ": " << text;
      ASSERT_EQ(told, expected);
    }
    for (const Told& one : expected) ++(one.is_record ? records : problems);
  }
  EXPECT_GT(records, 20'000u);  // both kinds were really met
  EXPECT_GT(problems, 10'000u);
}

TEST(CsvReader, agrees_with_the_naive_reader_on_long_rows) {
  std::mt19937 random(7);
  std::string text;
  while (text.size() < 400'000) {
    text +=
        std::string(random() % 3000, 'a') + ",\"" + std::string(random() % 70'000, 'b') + "\"\n";
    text += random_text(random) + "\n";
  }
  const CsvReader::Options options;
  const auto expected = NaiveReader(text, options).read();
  for (const std::size_t piece : {std::size_t{4099}, std::size_t{64} << 10, text.size()}) {
    EXPECT_EQ(read_in_pieces(text, options, piece), expected) << "in pieces of " << piece;
  }
}

TEST(CsvReader, needs_memory_for_a_row_and_not_for_a_file) {
  const std::string long_cell(1 << 20, 'x');
  std::string wide;
  for (int i = 0; i < 512; ++i) wide += std::string(60'000, 'y') + ",";
  const std::pair<const char*, std::string> floods[] = {
      {"a line that never ends", long_cell},
      {"rows of long cells", wide + "\n"},
      {"nothing but delimiters", std::string(1 << 20, ',')},
      {"nothing but returns", std::string(1 << 20, '\r')},
      {"a bad row that never ends", "\"a\"b" + long_cell},
  };
  for (const auto& [story, text] : floods) {
    SCOPED_TRACE(story);
    Telling telling;
    CsvReader reader({}, telling);
    for (std::size_t fed = 0; fed < (64 << 20); fed += text.size()) {
      reader.feed(text);
      telling.told.clear();
    }
    EXPECT_LE(reader.buffer_bytes(), std::size_t{4} << 20);
  }
}

TEST(SpecialMask, both_ways_find_the_same) {
  std::mt19937 random(3);
  for (int round = 0; round < 5000; ++round) {
    std::array<char, scan_width> block = {};
    for (char& c : block)
      c = random() % 3 == 0 ? ",\"\r\n;\t"[random() % 6] : static_cast<char>(random());
    const char delimiter = ",;\t|"[random() % 4];
    ASSERT_EQ(special_mask(block.data(), delimiter),
              special_mask_portable(block.data(), delimiter));
  }
}

}  // namespace
}  // namespace muster
