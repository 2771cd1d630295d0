// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <new>

#include "language_world.h"
#include "mappings/language/code.h"

namespace {

std::atomic<bool> counting{false};
std::atomic<long> allocations{0};

}  // namespace

// GCC sees free() for what inlined code got from new, and cannot know that both are ours here.
#pragma GCC diagnostic ignored "-Wmismatched-new-delete"

void* operator new(std::size_t size) {
  if (counting.load(std::memory_order_relaxed)) allocations.fetch_add(1, std::memory_order_relaxed);
  if (void* memory = std::malloc(size)) return memory;
  throw std::bad_alloc();
}
// The buffers of std::stable_sort come from here.
void* operator new(std::size_t size, const std::nothrow_t&) noexcept {
  if (counting.load(std::memory_order_relaxed)) allocations.fetch_add(1, std::memory_order_relaxed);
  return std::malloc(size);
}
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }
void operator delete(void* memory, const std::nothrow_t&) noexcept { std::free(memory); }

namespace muster::mappings {
namespace {

// The shape of a real source's map: twelve attributes, two tests of scope.
struct Mapping {
  Mapping() {
    for (const char* line : {
             "\"employee\"",
             "mailbox(emails[type == \"work\"].value | first, userName)",
             "clean(name.givenName)",
             "clean(name.familyName)",
             "clean(displayName) ?? join(\" \", out.firstName, out.lastName)",
             "enterprise.employeeNumber | pad_left(8, \"0\")",
             "lookup(departments, enterprise.department)",
             "phones ++ mobile | filter(p => starts(p, \"+\")) | unique",
             "if bit(uac ?? 512, 2) then \"off\" else \"on\"",
             "\"/organization/dept-{enterprise.department | slug}\"",
             "entry",
             "active ?? true",
             "under_any(entry, staff_ous)",
             "domain_in(mailbox(emails[type == \"work\"].value | first, userName), own_domains)",
         }) {
      auto program = world.compiled(line, {.flow = true});
      if (program) programs.push_back(*std::move(program));
    }
    for (int i = 0; i < 200; ++i) {
      const auto n = std::to_string(i);
      records.push_back(*parse_json(R"({"userName":"anna)" + n +
                                    R"(@acme.example","active":true,"displayName":"",
          "name":{"givenName":"Anna ","familyName":"Müller)" +
                                    n + R"("},"uac":512,"entry":"uid=anna)" + n +
                                    R"(,ou=Staff,dc=acme,dc=example","phones":["+49301234)" + n +
                                    R"("],"mobile":["+49170)" + n + R"(","0170"],
          "emails":[{"type":"home","value":"x@home.example"},{"type":"work","value":"Anna.M)" +
                                    n + R"(@ACME.example"}],
          "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User":{"department":"S1","employeeNumber":")" +
                                    n + R"("}})"));
    }
  }

  std::size_t map(const Value& record) {
    std::size_t values = 0;
    world.machine.start(world.layout,
                        {.record = &record, .from = world.from, .sources = world.sources});
    for (std::size_t i = 0; i < programs.size(); ++i) {
      const auto outcome = world.machine.run(programs[i]);
      values += outcome.kind == Outcome::Kind::value;
      if (i == 2) world.machine.set_out(0, outcome);
      if (i == 3) world.machine.set_out(1, outcome);
    }
    return values;
  }

  World world;
  std::vector<Program> programs;
  std::vector<Value> records;
};

TEST(Allocations, none_per_record_after_warm_up) {
  Mapping mapping;
  ASSERT_EQ(mapping.programs.size(), 14U);
  for (const auto& record : mapping.records) ASSERT_EQ(mapping.map(record), 14U);
  allocations = 0;
  counting = true;
  std::size_t values = 0;
  for (const auto& record : mapping.records) values += mapping.map(record);
  counting = false;
  EXPECT_EQ(allocations.load(), 0);
  EXPECT_EQ(values, mapping.records.size() * 14);
  EXPECT_LE(mapping.world.machine.high_water(), 4096U);
}

// Not a gate (machines differ): prints what one core does.
TEST(Allocations, records_per_second_are_printed) {
  Mapping mapping;
  for (const auto& record : mapping.records) mapping.map(record);
  const auto start = std::clock();  // of this process: other work on the machine does not count
  std::size_t values = 0;
  constexpr int rounds = 200;
  for (int i = 0; i < rounds; ++i) {
    for (const auto& record : mapping.records) values += mapping.map(record);
  }
  const double took = static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC;
  const auto records = static_cast<double>(mapping.records.size() * rounds);
  std::size_t instructions = 0;
  for (const auto& program : mapping.programs) instructions += program.code().instructions.size();
  RecordProperty("records_per_second", std::to_string(records / took));
  std::printf("%.0f records/s, %zu lines, %zu instructions\n", records / took,
              mapping.programs.size(), instructions);
  EXPECT_EQ(values, mapping.records.size() * rounds * 14);
}

}  // namespace
}  // namespace muster::mappings
