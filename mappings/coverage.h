// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <set>
#include <string>
#include <vector>

#include "mappings/model.h"
#include "mappings/report.h"
#include "mappings/test_world.h"

namespace muster::mappings {

// A rule of a file under the name that explanations use, and its place "acme.yaml:43:20".
struct NamedRule {
  std::string id = {};  // "sources.entra.scope.guest", "classify.rules.own-domain"
  std::string at = {};
};

// Every rule of the file that can decide something, in the order of the road.
std::vector<NamedRule> rules_of(const Model& model);

// Which rules the tests of a file exercise: a map line gave something, a rule of a list decided, a
// group was wished for, a check failed.
class Coverage {
 public:
  explicit Coverage(const Model& model) : rules_(rules_of(model)) {}

  void add(const std::set<std::string>& rules) { hit_.insert(rules.begin(), rules.end()); }
  void add(const Ending& ending);

  std::size_t rules() const { return rules_.size(); }
  std::size_t covered() const;
  // W-COVER for the others.
  void report_rest(Report& report) const;
  // W-COVER for the lines and the scope of a source that no test gives a record.
  void report_source(Report& report, const std::string& source) const;

 private:
  static void report_one(Report& report, const NamedRule& rule);

  std::vector<NamedRule> rules_;
  std::set<std::string> hit_;
};

}  // namespace muster::mappings
