// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "core/yaml.h"
#include "mappings/model.h"
#include "mappings/report.h"

namespace muster::mappings {

// What the loaders of one file share. Each fills its part of `model` and goes on after an error, so
// that one look shows everything that is wrong.
struct Loading {
  Report& report;
  Model& model;
  std::filesystem::path folder = {};  // includes and tables are relative to it
  std::string content = {};           // everything that was read, for the fingerprint
  bool dropped = false;               // values were not read: their keys are there twice or missing
  std::vector<std::string> used_tables = {};
  std::vector<std::string> used_sets = {};
  std::vector<std::string> used_fragments = {};
  // Every rule that compiled, for checks across rules.
  struct Compiled {
    std::string id = {};
    Place place = {};
    Reads reads = {};
  };
  std::vector<Compiled> compiled = {};

  // Compiles the expression of a scalar; nullopt after a diagnostic.
  std::optional<Rule> rule(const YamlNode& scalar, std::string id, const Environment& environment,
                           const Expected& expected, Layout& layout);
  // The same for an expression inside a scalar.
  std::optional<Rule> rule(std::string_view text, const Place& place, std::string id,
                           const Environment& environment, const Expected& expected,
                           Layout& layout);
  // The same for `key` of a mapping; nullopt without a diagnostic when it is not there.
  std::optional<Rule> rule_at(const YamlNode& mapping, std::string_view key, std::string id,
                              const Environment& environment, const Expected& expected,
                              Layout& layout);

  // The text of a mandatory entry; E-MISSING when it is not there.
  std::optional<std::string> need(const YamlNode& mapping, std::string_view key,
                                  const std::string& what);
  // The `id` of a rule, unique among `taken`; E-MISSING, E-DUP.
  std::optional<std::string> need_id(const YamlNode& mapping, const std::string& what,
                                     std::vector<std::string>& taken);
};

Expected condition();

// The types that a file may name, for "did you mean".
std::vector<std::string> type_names();

void load_schema(Loading& loading, const YamlNode& root);
void load_names(Loading& loading, const YamlNode& root);
void load_sources(Loading& loading, const YamlNode& root);
void load_correlate(Loading& loading, const YamlNode& root);
void load_merge(Loading& loading, const YamlNode& root);
void load_username(Loading& loading, const YamlNode& root);
void load_classify(Loading& loading, const YamlNode& root);
void load_groups(Loading& loading, const YamlNode& root);
void load_lifecycle(Loading& loading, const YamlNode& root);
void load_checks(Loading& loading, const YamlNode& root);
void load_generate(Loading& loading, const YamlNode& root);

// What `deref` may name: the identity's attributes. One that refers to somebody else gives a user
// name.
std::shared_ptr<const Fields> fields_of_others(const Schema& schema);
// Finds the lines that wait for other people, and refuses rules that would have people wait for
// each other in a circle.
void load_references(Loading& loading, const YamlNode& root);

// A line that decides whether somebody is active, and that the file gives no `on_error`: what
// cannot be evaluated there puts the record in quarantine. To be called when everything else is
// loaded without errors.
void load_doubts(Model& model);

// Warnings about the file as a whole: W-MUTE, W-UNUSED, W-REQ, W-NODEFAULT, W-SHADOW, W-UNREACH.
// Nothing is concluded from what has errors.
void review_whole(Loading& loading, const YamlNode& root);

}  // namespace muster::mappings
