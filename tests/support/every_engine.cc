// SPDX-License-Identifier: Apache-2.0
#include "tests/support/every_engine.h"

#include <cstdlib>
#include <iostream>
#include <string_view>
#include <vector>

namespace muster::support {
namespace {

std::vector<std::string>& repeated() {
  static std::vector<std::string> tests;
  return tests;
}

bool stands_for_a_test(std::string_view name) {
  const auto dot = name.find('.');
  const auto* const all = ::testing::UnitTest::GetInstance();
  for (int i = 0; i < all->total_test_suite_count(); ++i) {
    const auto* const suite = all->GetTestSuite(i);
    if (suite->name() != name.substr(0, dot)) continue;
    for (int j = 0; j < suite->total_test_count(); ++j)
      if (name.ends_with(".*") || suite->GetTestInfo(j)->name() == name.substr(dot + 1))
        return true;
  }
  return false;
}

}  // namespace

bool on_postgresql() {
  const char* engine = std::getenv("MUSTER_TEST_STORE");
  return engine != nullptr && std::string_view(engine) == "postgresql";
}

bool repeat_on_postgresql(std::string tests) {
  repeated().push_back(std::move(tests));
  return true;
}

bool choose_repeated_tests() {
  std::string filter;
  for (const auto& name : repeated()) {
    if (!stands_for_a_test(name)) {
      std::cerr << "no test is called " << name << ", which is to run on PostgreSQL\n";
      return false;
    }
    filter += (filter.empty() ? "" : ":") + name;
  }
  if (filter.empty()) {
    std::cerr << "no test of this program is marked to run on PostgreSQL\n";
    return false;
  }
  if (GTEST_FLAG_GET(filter) == "*") GTEST_FLAG_SET(filter, filter);
  return true;
}

}  // namespace muster::support
