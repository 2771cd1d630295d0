// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "core/diagnostic.h"
#include "core/secret.h"
#include "core/yaml.h"

namespace muster::gateway {

// What reading a configuration file found.
struct Findings {
  std::string file = {};
  std::vector<Diagnostic> diagnostics = {};

  void error(int line, int column, std::string code, std::string message);
  void error(const YamlNode& node, std::string code, std::string message);
};

// One mapping node of a configuration file, read key by key. Every key asked for is a known one;
// finish() reports the others, with the nearest known key. `path` names the place:
// "sources.corp_ldap".
class Section {
 public:
  Section(const YamlNode* node, std::string path, Findings& findings);

  // The entry of that key, nullptr when absent or null.
  const YamlNode* entry(std::string_view key);
  const YamlNode& require(std::string_view key);  // reports E-MISSING

  std::string text(std::string_view key, std::string fallback = {});
  std::vector<std::string> texts(std::string_view key);  // a list, or one scalar
  bool boolean(std::string_view key, bool fallback);
  std::int64_t integer(std::string_view key, std::int64_t fallback, std::int64_t low,
                       std::int64_t high);
  std::chrono::seconds duration(std::string_view key,
                                std::chrono::seconds fallback);  // 30s, 15m, 12h, 7d
  std::size_t choice(std::string_view key, const std::vector<std::string>& words,
                     std::size_t fallback);
  // `key: ${env:NAME}` or `key_file: PATH`; a secret written into the file itself is refused.
  Secret secret(std::string_view key, const std::filesystem::path& directory);
  Section section(std::string_view key);

  bool present() const { return node_ != nullptr; }
  const std::string& path() const { return path_; }
  int line() const { return node_ == nullptr ? 0 : node_->line; }
  void error_at(std::string_view key, std::string code, std::string message);
  Findings& findings() { return findings_; }

  // Reports keys that nobody asked for.
  void finish();

 private:
  std::string name(std::string_view key) const;
  std::optional<Secret> secret_from_file(std::string_view key,
                                         const std::filesystem::path& directory);

  const YamlNode* node_;
  std::string path_;
  Findings& findings_;
  std::vector<std::string> known_ = {};
};

std::optional<std::chrono::seconds> parse_duration(std::string_view text);

}  // namespace muster::gateway
