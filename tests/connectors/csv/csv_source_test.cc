// SPDX-License-Identifier: Apache-2.0
#include "connectors/csv/csv_source.h"

#include <gtest/gtest.h>
#include <sys/resource.h>

#include <algorithm>
#include <fstream>
#include <iterator>

#include "core/json.h"
#include "tests/support/temp_dir.h"

namespace muster::connectors::csv::test {
namespace {

struct Read {
  Pull pull;
  std::vector<SourceRecord> records;
  std::vector<ItemProblem> problems;
  std::vector<std::size_t> batches;
};

class CsvSourceTest : public testing::Test {
 protected:
  CsvOptions options(std::string_view content) {
    return {folder_.write("people.csv", content), "contractors", "id", expected_};
  }

  Result<Read> read(CsvOptions options) {
    Read read;
    CsvSource source(std::move(options));
    MUSTER_TRY(read.pull, source.pull(
                              [&](Batch&& batch) -> Status {
                                read.batches.push_back(batch.records.size());
                                std::ranges::move(batch.records, std::back_inserter(read.records));
                                std::ranges::move(batch.problems,
                                                  std::back_inserter(read.problems));
                                return {};
                              },
                              {}));
    return read;
  }

  Result<Read> read(std::string_view content) { return read(options(content)); }

  std::string path() const { return (folder_.path() / "people.csv").string(); }

  const support::TempDir folder_;
  std::vector<std::string> expected_ = {"id", "mail", "first"};
};

std::string rows(int count) {
  std::string text = "id,mail\n";
  for (int i = 1; i <= count; ++i)
    text += std::to_string(i) + ",p" + std::to_string(i) + "@x.example\n";
  return text;
}

TEST_F(CsvSourceTest, brings_people) {
  const auto read = this->read(
      "\xEF\xBB\xBFID;E-Mail;First;Town\r\n 7 "
      ";anna@x.example;\"Anna\r\nMaria\";\r\n8;;Bo;Łódź\r\n");
  ASSERT_TRUE(read) << describe(read.error());
  ASSERT_EQ(read->records.size(), 2u);
  const SourceRecord& anna = read->records[0];
  EXPECT_EQ(anna.key, (SourceKey{"contractors", ResourceType::user, "7"}));
  EXPECT_EQ(anna.document, R"({"id":" 7 ","mail":"anna@x.example","first":"Anna\r\nMaria"})");
  EXPECT_EQ(anna.where, "line 2");
  EXPECT_EQ(read->records[1].document, R"({"id":"8","first":"Bo","Town":"Łódź"})");
  EXPECT_EQ(read->records[1].where, "line 4");
  ASSERT_EQ(read->problems.size(), 1u);
  EXPECT_EQ(read->problems[0].where, "line 2");
  EXPECT_EQ(read->problems[0].code, "KEY_TRIMMED");
  EXPECT_EQ(read->problems[0].severity, Severity::warning);
  EXPECT_TRUE(read->pull.complete) << read->pull.why_incomplete;
  EXPECT_EQ(read->pull.records, 2u);
  EXPECT_EQ(read->pull.problems, 1u);
  EXPECT_EQ(read->pull.server.substr(0, 18), "people.csv sha256:");
  EXPECT_EQ(read->pull.server.size(), 18u + 64u);
}

TEST_F(CsvSourceTest, passes_over_what_it_cannot_use) {
  const auto read = this->read(
      "id,mail,first\n1,a@x,A\n2,b@x\n,c@x,C\n1,d@x,D\n5,\"e@x\" ,E\n6,f\"g,F\n , "
      ",\n,,\n\n7,h@x,H\n");
  ASSERT_TRUE(read) << describe(read.error());
  std::string told;
  for (const ItemProblem& problem : read->problems) {
    told += problem.where + " " + problem.code +
            (problem.severity == Severity::warning ? " (used)\n" : "\n");
  }
  EXPECT_EQ(told,
            "line 3, column 1 FIELD_COUNT\n"
            "line 4 NO_KEY\n"
            "line 5 DUPLICATE_KEY\n"
            "line 2 DUPLICATE_KEY (used)\n"
            "line 6, column 8 TEXT_AFTER_QUOTE\n"
            "line 7, column 4 STRAY_QUOTE (used)\n");
  EXPECT_NE(read->problems[2].message.find("line 2"), std::string::npos);
  EXPECT_NE(read->problems[3].message.find("line 5"), std::string::npos);
  EXPECT_EQ(read->records.size(), 3u);
  EXPECT_EQ(read->pull.problems, 6u);
  EXPECT_FALSE(read->pull.complete);
  EXPECT_EQ(read->pull.why_incomplete, "3 of 7 rows cannot be read, more than 1 %");
}

TEST_F(CsvSourceTest, refuses_a_file_without_a_column_that_the_mapping_reads) {
  auto wanted = options("id,first,mial\n1,Anna,a@x\n");
  wanted.required = {"id", "mail"};
  const auto read = this->read(wanted);
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().code, "MISSING_COLUMN");
  EXPECT_EQ(read.error().fault, Fault::invalid);
  EXPECT_NE(read.error().detail.find("no column 'mail'"), std::string::npos);
  EXPECT_NE(read.error().detail.find("did you mean 'mial'?"), std::string::npos);
}

TEST_F(CsvSourceTest, leaves_passwords_out) {
  expected_ = {"id", "mail"};
  const auto read = this->read("id,Password,mail\n1,secret-word,a@x\n");
  ASSERT_TRUE(read);
  ASSERT_EQ(read->problems.size(), 1u);
  EXPECT_EQ(read->problems[0].code, "SECRET_COLUMN");
  EXPECT_EQ(read->problems[0].where, "line 1, column 2");
  EXPECT_EQ(read->records[0].document, R"({"id":"1","mail":"a@x"})");
  EXPECT_TRUE(read->pull.complete);
}

TEST_F(CsvSourceTest, starts_below_a_line_above_the_header) {
  expected_ = {"id", "mail"};
  const auto read = this->read("version:v1.0\nid,mail\n1,a@x\n");
  ASSERT_TRUE(read) << describe(read.error());
  EXPECT_EQ(read->records.size(), 1u);
  EXPECT_EQ(read->records[0].where, "line 3");
  ASSERT_EQ(read->problems.size(), 1u);
  EXPECT_EQ(read->problems[0].code, "ABOVE_HEADER");
}

TEST_F(CsvSourceTest, is_incomplete_when_absence_cannot_count) {
  struct Case {
    const char* story;
    std::string content;
    std::string why;
    std::size_t records;
  };
  const Case cases[] = {
      {"one bad row of a hundred", rows(99) + "x\n", "", 99},
      {"two bad rows of a hundred", rows(98) + "x\ny\n",
       "2 of 100 rows cannot be read, more than 1 %", 98},
      {"a quote that never closes", rows(500) + "x,\"y\n" + rows(3),
       "a quote is never closed, so the rows behind it were not read", 500},
      {"no rows", "id,mail\n", "there is no row below the header", 0},
      {"only blank rows", "id,mail\n,\n , \n", "there is no row below the header", 0},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(c.story);
    const auto read = this->read(c.content);
    ASSERT_TRUE(read) << describe(read.error());
    EXPECT_EQ(read->pull.why_incomplete, c.why);
    EXPECT_EQ(read->pull.complete, c.why.empty());
    EXPECT_EQ(read->pull.records, c.records);
    EXPECT_EQ(read->records.size(), c.records);
  }
}

TEST_F(CsvSourceTest, stops_at_the_row_limit) {
  CsvOptions limited = options(rows(10));
  limited.limits.rows = 9;
  const auto read = this->read(limited);
  ASSERT_TRUE(read);
  EXPECT_EQ(read->records.size(), 9u);
  EXPECT_EQ(read->pull.why_incomplete,
            "the file has more than 9 rows, the rest was not read; split it");
}

TEST_F(CsvSourceTest, comes_in_batches) {
  const auto read = this->read(rows(1201));
  ASSERT_TRUE(read);
  EXPECT_EQ(read->batches, (std::vector<std::size_t>{500, 500, 201}));
  EXPECT_TRUE(read->pull.complete);
}

TEST_F(CsvSourceTest, says_how_far_it_is) {
  const std::string content = rows(60'000);
  CsvSource source(options(content));
  EXPECT_EQ(source.size_hint(), content.size());
  std::uint64_t before = 0;
  std::size_t steps = 0;
  const auto pull = source.pull(
      [&](Batch&& batch) -> Status {
        EXPECT_GE(batch.bytes_read, before);
        steps += batch.bytes_read > before ? 1 : 0;
        before = batch.bytes_read;
        return {};
      },
      {});
  ASSERT_TRUE(pull);
  EXPECT_EQ(before, content.size());
  EXPECT_GT(steps, 10u);
}

TEST_F(CsvSourceTest, errors_come_before_anything_is_delivered) {
  struct Case {
    const char* story;
    std::string content;
    std::string code;
    std::string place;
  };
  const Case cases[] = {
      {"a bad byte at the end", rows(5000) + "9999,Zo\xEB\n", "NOT_UTF8", ":5002:8"},
      {"a missing column", "name,mail\n1,2\n", "MISSING_COLUMN", ":1:1"},
      {"no header", "77,anna@x.example\n78,bo@x.example\n", "NO_HEADER", ":1:1"},
      {"the same column twice", "\nid,mail,Mail\n", "DUPLICATE_COLUMN", ":2:1"},
      {"an open quote in the header", "id,\"mail\n1,2\n", "UNCLOSED_QUOTE", ":1:4"},
      {"a workbook", "PK\x03\x04", "NOT_CSV", ""},
      {"nothing", "", "EMPTY_FILE", ""},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(c.story);
    CsvSource source(options(c.content));
    const auto pull = source.pull(
        [](Batch&&) -> Status {
          ADD_FAILURE() << "nothing may arrive";
          return {};
        },
        {});
    ASSERT_FALSE(pull);
    EXPECT_EQ(pull.error().fault, Fault::invalid);
    EXPECT_EQ(pull.error().code, c.code);
    EXPECT_EQ(pull.error().where, path() + c.place);
  }
}

TEST_F(CsvSourceTest, a_refusing_sink_stops_it) {
  CsvSource source(options(rows(100'000)));
  int calls = 0;
  const auto pull = source.pull(
      [&](Batch&&) -> Status {
        ++calls;
        return fail(Fault::unavailable, "the store is away");
      },
      {});
  ASSERT_FALSE(pull);
  EXPECT_EQ(pull.error().detail, "the store is away");
  EXPECT_EQ(calls, 1);
}

TEST_F(CsvSourceTest, a_stop_is_heard) {
  CsvSource source(options(rows(100'000)));
  std::stop_source stop;
  std::uint64_t records = 0;
  const auto pull = source.pull(
      [&](Batch&& batch) -> Status {
        records += batch.records.size();
        stop.request_stop();
        return {};
      },
      stop.get_token());
  ASSERT_TRUE(pull);
  EXPECT_FALSE(pull->complete);
  EXPECT_EQ(pull->why_incomplete, "the run was stopped");
  EXPECT_EQ(pull->records, records);
  EXPECT_LT(records, 20'000u);
}

TEST_F(CsvSourceTest, a_file_that_grows_meanwhile_is_incomplete) {
  CsvSource source(options(rows(1000)));
  const auto pull = source.pull(
      [&](Batch&&) -> Status {
        std::ofstream(path(), std::ios::app) << "x,y\n";
        return {};
      },
      {});
  ASSERT_TRUE(pull);
  EXPECT_EQ(pull->why_incomplete, "the file was changed while it was read");
}

// Sanitizers keep freed memory.
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
long peak_kilobytes() {
  rusage usage = {};
  getrusage(RUSAGE_SELF, &usage);
  return usage.ru_maxrss;
}

TEST_F(CsvSourceTest, memory_does_not_follow_the_size_of_the_file) {
  CsvOptions wide = options("id,mail,note\n");
  {
    std::ofstream file(wide.path, std::ios::app);
    const std::string note(2000, 'n');
    for (int i = 0; i < 40'000; ++i) file << i << ",a@x," << note << "\n";
  }
  CsvSource source(wide);
  ASSERT_GT(source.size_hint(), 80'000'000u);
  const long before = peak_kilobytes();
  const auto pull = source.pull([](Batch&&) -> Status { return {}; }, {});
  ASSERT_TRUE(pull);
  EXPECT_EQ(pull->records, 40'000u);
  EXPECT_LT(peak_kilobytes() - before, 16 << 10);
}
#endif

}  // namespace
}  // namespace muster::connectors::csv::test
