// SPDX-License-Identifier: Apache-2.0
#include "connectors/csv/file_check.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include "tests/support/temp_dir.h"

namespace muster::connectors::csv::test {
namespace {

using namespace std::string_view_literals;

Result<CheckedFile> check(std::string_view content, const CsvLimits& limits = {}) {
  const support::TempDir folder;
  MUSTER_TRY(const File file, File::open(folder.write("people.csv", content)));
  return check_file(file, "people.csv", limits);
}

TEST(FileCheck, refuses_what_is_no_csv_and_says_what_to_do) {
  struct Case {
    const char* story;
    std::string_view content;
    const char* code;
    const char* hint;
  };
  const Case cases[] = {
      {"a workbook", "PK\x03\x04\x14\x00rest"sv, "NOT_CSV", ".xlsx"},
      {"an old workbook", "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1rest"sv, "NOT_CSV", ".xls"},
      {"gzip", "\x1F\x8B\x08rest"sv, "NOT_CSV", "unpack"},
      {"PDF", "%PDF-1.7\n"sv, "NOT_CSV", "PDF"},
      {"a page", "\n<!DOCTYPE html><html>"sv, "NOT_CSV", "HTML"},
      {"a table saved as .xls", "<table><tr>"sv, "NOT_CSV", "HTML"},
      {"JSON", "[\n {\"mail\": 1}]"sv, "NOT_CSV", "JSON"},
      {"a JSON object", "{ \"mail\": 1}"sv, "NOT_CSV", "JSON"},
      {"UTF-16 with a mark", "\xFF\xFEm\0a\0i\0l\0"sv, "UTF16", "CSV UTF-8"},
      {"UTF-16 without one", "\0m\0a\0i\0l\0,\0x"sv, "UTF16", "CSV UTF-8"},
      {"nothing", ""sv, "EMPTY_FILE", "empty"},
      {"a mark and nothing", "\xEF\xBB\xBF\r\n"sv, "EMPTY_FILE", "empty"},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(c.story);
    const auto checked = check(c.content);
    ASSERT_FALSE(checked);
    EXPECT_EQ(checked.error().fault, Fault::invalid);
    EXPECT_EQ(checked.error().code, c.code);
    EXPECT_NE(checked.error().detail.find(c.hint), std::string::npos) << checked.error().detail;
    EXPECT_EQ(checked.error().where, "people.csv");
  }
}

TEST(FileCheck, names_the_place_of_the_first_bad_byte) {
  const std::string long_text(300 << 10, 'x');  // beyond the first block
  struct Case {
    const char* story;
    std::string content;
    const char* code;
    std::string where;
  };
  const Case cases[] = {
      {"Latin-1", "mail,name\r\nx,Zo\xEB\r\n", "NOT_UTF8", "people.csv:2:5"},
      {"an overlong form", "a\n\xC0\xAF", "NOT_UTF8", "people.csv:2:1"},
      {"a surrogate", "\xC3\xA9\xED\xA0\x80", "NOT_UTF8", "people.csv:1:2"},
      {"cut off", "a\nb\xE2\x82", "NOT_UTF8", "people.csv:2:2"},
      {"behind a mark", "\xEF\xBB\xBF\xFF", "NOT_UTF8", "people.csv:1:1"},
      {"far behind", long_text + "\n\xC3\xA9\xFF", "NOT_UTF8", "people.csv:2:2"},
      {"NUL", "a,b\rc" + std::string(1, '\0') + "d", "NUL_BYTE", "people.csv:2:2"},
      {"a bad byte before a NUL", "a\n\xFF" + std::string(1, '\0') + "d", "NOT_UTF8",
       "people.csv:2:1"},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(c.story);
    const auto checked = check(c.content);
    ASSERT_FALSE(checked);
    EXPECT_EQ(checked.error().code, c.code);
    EXPECT_EQ(checked.error().where, c.where);
  }
}

TEST(FileCheck, accepts_characters_across_its_blocks) {
  for (std::size_t shift = 0; shift < 5; ++shift) {
    std::string text(shift, 'x');
    while (text.size() < (600 << 10)) text += "é€😀";
    EXPECT_TRUE(check(text)) << shift;
  }
}

TEST(FileCheck, finds_mark_hash_and_sample) {
  const auto plain = check("abc");
  ASSERT_TRUE(plain);
  EXPECT_EQ(plain->sha256,
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");  // FIPS 180-4, B.1
  EXPECT_EQ(plain->text_begin, 0u);
  EXPECT_TRUE(plain->sample_is_all);
  const auto marked = check("\xEF\xBB\xBFmail\n");
  ASSERT_TRUE(marked);
  EXPECT_EQ(marked->text_begin, 3u);
  EXPECT_EQ(marked->sample, "mail\n");
  const auto block = check(std::string(256 << 10, 'x'));
  ASSERT_TRUE(block);
  EXPECT_TRUE(block->sample_is_all);
  const auto more = check(std::string((256 << 10) + 1, 'x'));
  ASSERT_TRUE(more);
  EXPECT_FALSE(more->sample_is_all);
}

TEST(FileCheck, refuses_a_file_beyond_the_limit) {
  CsvLimits limits;
  limits.file_bytes = 4;
  EXPECT_TRUE(check("abcd", limits));
  const auto checked = check("abcde", limits);
  ASSERT_FALSE(checked);
  EXPECT_EQ(checked.error().code, "FILE_TOO_LARGE");
}

TEST(File, must_be_there_and_a_file) {
  const support::TempDir folder;
  const auto missing = File::open(folder.path() / "none.csv");
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().fault, Fault::not_found);
  EXPECT_EQ(missing.error().where, (folder.path() / "none.csv").string());
  const auto directory = File::open(folder.path());
  ASSERT_FALSE(directory);
  EXPECT_EQ(directory.error().fault, Fault::invalid);
}

TEST(File, notices_a_change) {
  const support::TempDir folder;
  const auto path = folder.write("people.csv", "abc");
  const auto file = File::open(path);
  ASSERT_TRUE(file);
  EXPECT_FALSE(file->changed());
  ASSERT_EQ(::truncate(path.c_str(), 1), 0);
  EXPECT_TRUE(file->changed());
}

}  // namespace
}  // namespace muster::connectors::csv::test
