// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "core/json.h"
#include "mappings/engine.h"
#include "tests/support/records.h"

namespace muster::mappings {

inline constexpr std::string_view noon = "2026-11-22T12:00:00Z";

inline Timestamp at(std::string_view text) { return parse_timestamp(text).value(); }

inline std::string printed(const std::vector<Diagnostic>& diagnostics) {
  std::string out;
  for (const auto& diagnostic : diagnostics) out += describe(diagnostic) + "\n";
  return out;
}

// The engine of a file that must load.
inline std::shared_ptr<const Engine> engine_of(std::string_view yaml) {
  auto loaded = Engine::load_text(yaml, "m.yaml");
  EXPECT_FALSE(has_errors(loaded.diagnostics)) << printed(loaded.diagnostics);
  return loaded.engine;
}

// Names and people that are there already.
class KnownPeople : public World {
 public:
  std::set<std::string, std::less<>> taken;
  std::map<std::string, std::vector<Candidate>> by_key;  // "email=a@b"

  Result<std::vector<Candidate>> find(const MatchKey& key) const override {
    auto found = by_key.find(key.attribute + "=" + key.key);
    return found == by_key.end() ? std::vector<Candidate>{} : found->second;
  }
  Result<bool> name_taken(std::string_view name, std::string_view) const override {
    return taken.contains(name);
  }
  Result<std::string> name_holder(std::string_view name) const override {
    return "user " + std::string(name) + ", active";
  }
};

inline SourceRecord record_of(std::string source, std::string key, std::string_view json) {
  SourceRecord record;
  record.key = {std::move(source), ResourceType::user, std::move(key)};
  auto value = parse_json(json);
  EXPECT_TRUE(value.has_value()) << json;
  if (value) record.document = write_json(*value);
  return record;
}

inline Mapped map_of(const Engine& engine, std::string source, std::string_view json,
                     std::string key = "k1") {
  return engine.map(record_of(std::move(source), std::move(key), json), at(noon));
}

inline Told told_of(const Engine& engine, std::string source, std::string key,
                    std::string_view json) {
  auto record = record_of(std::move(source), std::move(key), json);
  auto mapped = engine.map(record, at(noon));
  Told told;
  told.contribution = std::move(mapped.contribution);
  told.record = support::attributes_of(record);
  told.enabled = mapped.enabled;
  return told;
}

inline std::string shown(const Value& value) { return write_json(value); }

// "null" when the person has none.
inline std::string shown(const Identity& identity, std::string_view attribute) {
  const auto* found = identity.find(attribute);
  return found ? shown(found->value) : "null";
}

// "name=value ..." of a contribution, `clear` and `keep` as words.
inline std::string shown(const Contribution& contribution) {
  std::string out;
  for (const auto& offer : contribution.offers) {
    out += (out.empty() ? "" : " ") + offer.attribute + "=";
    out += offer.flow == Flow::clear  ? "clear"
           : offer.flow == Flow::keep ? "keep"
                                      : shown(offer.value);
  }
  return out;
}

// Everything that mapping a record gave, findings included.
inline std::string told(const Mapped& mapped) {
  std::string out = shown(mapped.contribution) + " key=" + mapped.link_key +
                    (mapped.in_scope ? "" : " skipped by " + mapped.scope_rule) +
                    (mapped.enabled ? "" : " disabled") +
                    (mapped.quarantined ? " quarantined" : "");
  for (const auto& finding : mapped.findings)
    out += "\n" + finding.code + " " + finding.attribute + ": " + finding.message;
  return out;
}

}  // namespace muster::mappings
