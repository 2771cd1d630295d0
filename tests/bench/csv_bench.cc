// SPDX-License-Identifier: Apache-2.0
// csv_bench [MEGABYTES]: how fast the CSV reader is, beside two floors over the same text in
// memory: the lines alone (memchr) and a loop that looks at every byte and honours quotes. Best of
// seven, interleaved.
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>

#include "connectors/csv/csv_source.h"
#include "core/csv/reader.h"

namespace {

namespace csv = muster::connectors::csv;

struct Tally {
  std::uint64_t rows = 0;
  std::uint64_t fields = 0;
};

double cpu_seconds() {
  timespec time = {};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) * 1e-9;
}

// Twelve columns, about 150 bytes a row; every row holds a quoted delimiter, some a doubled quote
// or a line break.
std::string people(std::size_t bytes) {
  std::string text =
      "employeeId,userName,email,givenName,familyName,displayName,department,title,"
      "phone,managerId,startDate,active\n";
  for (std::size_t i = 0; text.size() < bytes; ++i) {
    const std::string number = std::to_string(10'000'000 + i);
    text += "E" + number + ",u" + number + "@example.com,anna." + number + "@mail.example.com,Zoë,";
    text += "García Márquez,\"García Márquez, Zoë\",Research & Development,";
    text += i % 16 == 0 ? "\"Clerk \"\"B\"\"\n(acting)\"," : "Senior Engineer,";
    text += "+49 30 " + number + ",E" + std::to_string(10'000'000 + i / 20) + ",2019-04-01,true\n";
  }
  return text;
}

Tally line_floor(std::string_view text) {
  Tally tally;
  const char* at = text.data();
  const char* const end = at + text.size();
  while (const void* hit = std::memchr(at, '\n', static_cast<std::size_t>(end - at))) {
    at = static_cast<const char*>(hit) + 1;
    ++tally.rows;
  }
  return tally;
}

Tally byte_floor(std::string_view text) {
  Tally tally;
  bool quoted = false;
  for (const char c : text) {
    if (c == '"') quoted = !quoted;
    if (quoted) continue;
    if (c == ',') ++tally.fields;
    if (c == '\n') {
      ++tally.fields;
      ++tally.rows;
    }
  }
  return tally;
}

class Counting final : public muster::CsvEvents {
 public:
  bool record(const muster::CsvRecord& record) override {
    ++tally.rows;
    tally.fields += record.fields.size();
    return true;
  }
  void problem(const muster::CsvProblem&) override { ++problems; }

  Tally tally;
  std::uint64_t problems = 0;
};

Tally reader(std::string_view text) {
  Counting counting;
  muster::CsvReader reader({}, counting);
  for (std::size_t at = 0; at < text.size(); at += 256 << 10)
    reader.feed(text.substr(at, 256 << 10));
  reader.finish();
  return counting.tally;
}

const std::filesystem::path people_file =
    std::filesystem::temp_directory_path() / ("csv_bench." + std::to_string(getpid()) + ".csv");

Tally source(std::string_view) {
  Tally tally;
  csv::CsvSource source({people_file, "bench", "employeeId"});
  const auto pull = source.pull(
      [&](muster::Batch&& batch) -> muster::Status {
        tally.rows += batch.records.size();
        for (const auto& record : batch.records)
          tally.fields += record.document.size();  // bytes: cells are written as JSON
        return {};
      },
      {});
  if (!pull) std::fprintf(stderr, "%s\n", describe(pull.error()).c_str());
  return tally;
}

struct Contender {
  const char* name;
  Tally (*run)(std::string_view);
  double best = 1e9;
  Tally tally = {};
};

}  // namespace

int main(int count, char** arguments) {
  const auto megabytes = count > 1 ? std::strtoul(arguments[1], nullptr, 10) : 64;
  const std::string text = people(megabytes << 20);
  std::ofstream(people_file, std::ios::binary) << text;
  Contender contenders[] = {{"lines (memchr)", line_floor},
                            {"byte loop", byte_floor},
                            {"muster::CsvReader", reader},
                            {"csv::CsvSource", source}};
  for (int round = 0; round < 7; ++round) {
    for (Contender& contender : contenders) {
      const double start = cpu_seconds();
      contender.tally = contender.run(text);
      contender.best = std::min(contender.best, cpu_seconds() - start);
    }
  }
  std::filesystem::remove(people_file);
  const double floor = contenders[1].best;
  for (const Contender& contender : contenders) {
    std::printf(
        "%-16s rows=%llu fields=%llu %.0f MB/s %.2f M rows/s, %.2f x the byte loop's time\n",
        contender.name, static_cast<unsigned long long>(contender.tally.rows),
        static_cast<unsigned long long>(contender.tally.fields),
        static_cast<double>(text.size()) / 1e6 / contender.best,
        static_cast<double>(contender.tally.rows) / 1e6 / contender.best, contender.best / floor);
  }
  if (contenders[1].tally.fields == contenders[2].tally.fields) return 0;
  std::fprintf(stderr, "the reader and the byte loop disagree about the number of cells\n");
  return 1;
}
