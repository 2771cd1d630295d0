// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/diagnostic.h"
#include "core/yaml.h"

namespace muster::mappings {

// Reads one mapping file (or an included one) and collects everything that is wrong with it, with
// places. Borrowed by each loader in turn; several reports may write to one list.
class Report {
 public:
  Report(std::vector<Diagnostic>& into, std::string file) : into_(into), file_(std::move(file)) {}

  const std::string& file() const { return file_; }
  std::vector<Diagnostic>& diagnostics() { return into_; }

  void error(int line, int column, std::string_view code, std::string message);
  void warning(int line, int column, std::string_view code, std::string message);
  void error(const YamlNode& at, std::string_view code, std::string message);
  void warning(const YamlNode& at, std::string_view code, std::string message);

  // "acme.yaml:43:20"
  std::string place(const YamlNode& node) const;

  // Whether `node` is of that kind; E-TYPE otherwise. `what` names it: "merge.attributes.email".
  bool is_mapping(const YamlNode& node, std::string_view what);
  bool is_sequence(const YamlNode& node, std::string_view what);
  bool is_scalar(const YamlNode& node, std::string_view what);

  // is_mapping, and every key is one of `known` (E-KEY with "did you mean").
  bool has_only(const YamlNode& node, std::string_view what,
                std::initializer_list<std::string_view> known);

  // The entry of a mapping as the wanted type; nullopt when it is not there, or, after E-TYPE, not
  // of that type.
  std::optional<std::string> text(const YamlNode& mapping, std::string_view key,
                                  std::string_view what);
  std::optional<bool> boolean(const YamlNode& mapping, std::string_view key, std::string_view what);
  std::optional<std::int64_t> integer(const YamlNode& mapping, std::string_view key,
                                      std::string_view what);
  std::optional<std::chrono::seconds> duration(const YamlNode& mapping, std::string_view key,
                                               std::string_view what);
  // "5%" as 0.05.
  std::optional<double> share(const YamlNode& mapping, std::string_view key, std::string_view what);

  // The entry as one of `words`; E-VALUE with "did you mean" otherwise. A missing entry is the
  // fallback.
  std::string word(const YamlNode& mapping, std::string_view key, std::string_view what,
                   std::initializer_list<std::string_view> words, std::string_view fallback);

  // The scalars of a sequence, or of a single scalar.
  std::vector<const YamlNode*> scalars(const YamlNode& node, std::string_view what);

 private:
  std::vector<Diagnostic>& into_;
  std::string file_;
};

// "7d", "12h", "30m", "10s", "2w"; nullopt when it is none of these.
std::optional<std::chrono::seconds> parse_duration(std::string_view text);

// YAML's two words for truth in this format; everything else ("yes", "1") is nullopt.
std::optional<bool> parse_boolean(std::string_view text);

}  // namespace muster::mappings
