// SPDX-License-Identifier: Apache-2.0
#include "connectors/csv/dialect.h"

#include <gtest/gtest.h>

namespace muster::connectors::csv::test {
namespace {

CheckedFile sample_of(std::string text) {
  CheckedFile file;
  file.sample = std::move(text);
  file.sample_is_all = true;
  return file;
}

const ColumnNames people = {"mail", {"mail", "first", "last"}};

TEST(Dialect, is_found) {
  struct Case {
    const char* story;
    std::string text;
    char delimiter;
    std::vector<std::string> header;
    std::uint64_t line = 1;
    std::uint64_t byte = 0;
  };
  const Case cases[] = {
      {"commas", "mail,first\na@x,A\n", ',', {"mail", "first"}},
      {"semicolons with commas in the text",
       "mail;first;last\na@x;Müller, A;B\nb@x;C, D;E\n",
       ';',
       {"mail", "first", "last"}},
      {"tabs", "mail\tfirst\na@x\tA,B\n", '\t', {"mail", "first"}},
      {"bars", "mail|first\na@x|A;B\n", '|', {"mail", "first"}},
      {"one column", "mail\na@x\nb@x\n", ',', {"mail"}},
      {"quoted headers", "\"mail\";\"first\"\n\"a\";\"b\"\n", ';', {"mail", "first"}},
      {"blanks around names", " mail , first \na,b\n", ',', {"mail", "first"}},
      {"names nobody knows: by equal counts", "a;b;c\n1,5;2;3\n1,7;2;3\n", ';', {"a", "b", "c"}},
      {"Excel's first line", "sep=|\r\nmail|first\r\na|b\r\n", '|', {"mail", "first"}, 2, 7},
      {"the same in quotes", "\"sep=;\"\nmail;first\n", ';', {"mail", "first"}, 2, 8},
      {"empty lines on top", "\n\nmail,first\n", ',', {"mail", "first"}, 3, 2},
      {"a version line on top",
       "version:v1.0,\nAddress [mail] Required,first\na,b\n",
       ',',
       {"Address [mail] Required", "first"},
       2,
       14},
      {"the value 'mail' below a header with the key", "mail,x\nmail,mail\n", ',', {"mail", "x"}},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(c.story);
    const auto dialect = detect_dialect(sample_of(c.text), "f.csv", people, std::nullopt, {});
    ASSERT_TRUE(dialect) << describe(dialect.error());
    EXPECT_EQ(dialect->delimiter, c.delimiter);
    EXPECT_EQ(dialect->header, c.header);
    EXPECT_EQ(dialect->header_line, c.line);
    EXPECT_EQ(dialect->header_byte, c.byte);
  }
}

TEST(Dialect, is_what_the_caller_says) {
  const auto dialect = detect_dialect(sample_of("mail,a;b\n1,2;3\n"), "f.csv", people, ';', {});
  ASSERT_TRUE(dialect);
  EXPECT_EQ(dialect->header, (std::vector<std::string>{"mail,a", "b"}));
}

TEST(Dialect, a_broken_header_has_a_place) {
  const auto dialect =
      detect_dialect(sample_of("id,\"mail\" x\n1,2\n"), "f.csv", people, std::nullopt, {});
  ASSERT_FALSE(dialect);
  EXPECT_EQ(dialect.error().code, "TEXT_AFTER_QUOTE");
  EXPECT_EQ(dialect.error().where, "f.csv:1:10");
}

}  // namespace
}  // namespace muster::connectors::csv::test
