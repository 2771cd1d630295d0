// SPDX-License-Identifier: Apache-2.0
#include "gateway/config_section.h"

#include <sys/stat.h>

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <fstream>
#include <iterator>

#include "core/text.h"

namespace muster::gateway {
namespace {

const YamlNode nothing{};

std::string joined(const std::vector<std::string>& words) {
  std::string text;
  for (const auto& word : words) text += (text.empty() ? "" : ", ") + word;
  return text;
}

}  // namespace

void Findings::error(int line, int column, std::string code, std::string message) {
  diagnostics.push_back({Severity::error, file, line, column, std::move(code), std::move(message)});
}

void Findings::error(const YamlNode& node, std::string code, std::string message) {
  error(node.line, node.column, std::move(code), std::move(message));
}

std::optional<std::chrono::seconds> parse_duration(std::string_view text) {
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  const std::string_view unit = text.substr(static_cast<std::size_t>(end - text.data()));
  if (error != std::errc{} || number < 0 || number > 100'000'000) return std::nullopt;
  if (unit == "s") return std::chrono::seconds(number);
  if (unit == "m") return std::chrono::minutes(number);
  if (unit == "h") return std::chrono::hours(number);
  if (unit == "d") return std::chrono::days(number);
  return std::nullopt;
}

Section::Section(const YamlNode* node, std::string path, Findings& findings)
    : node_(node), path_(std::move(path)), findings_(findings) {
  if (node_ == nullptr || node_->kind == YamlNode::Kind::null) {
    node_ = nullptr;
  } else if (node_->kind != YamlNode::Kind::mapping) {
    findings_.error(*node_, "E-TYPE", "'" + path_ + "' must be a mapping (key: value lines)");
    node_ = nullptr;
  }
}

std::string Section::name(std::string_view key) const {
  return path_.empty() ? std::string(key) : path_ + "." + std::string(key);
}

const YamlNode* Section::entry(std::string_view key) {
  known_.emplace_back(key);
  const auto* found = node_ == nullptr ? nullptr : node_->find(key);
  return found == nullptr || found->kind == YamlNode::Kind::null ? nullptr : found;
}

const YamlNode& Section::require(std::string_view key) {
  if (const auto* found = entry(key)) return *found;
  findings_.error(node_ == nullptr ? 0 : node_->line, node_ == nullptr ? 0 : node_->column,
                  "E-MISSING", "'" + name(key) + "' is missing");
  return nothing;
}

void Section::error_at(std::string_view key, std::string code, std::string message) {
  const auto* found = node_ == nullptr ? nullptr : node_->find(key);
  if (found != nullptr) {
    findings_.error(*found, std::move(code), std::move(message));
  } else {
    findings_.error(line(), node_ == nullptr ? 0 : node_->column, std::move(code),
                    std::move(message));
  }
}

std::string Section::text(std::string_view key, std::string fallback) {
  const auto* found = entry(key);
  if (found == nullptr) return fallback;
  if (found->kind == YamlNode::Kind::scalar) return found->text;
  findings_.error(*found, "E-TYPE", "'" + name(key) + "' must be a text");
  return fallback;
}

std::vector<std::string> Section::texts(std::string_view key) {
  const auto* found = entry(key);
  if (found == nullptr) return {};
  if (found->kind == YamlNode::Kind::scalar) return {found->text};
  std::vector<std::string> values;
  for (const auto& item : found->items) {
    if (item.kind == YamlNode::Kind::scalar) {
      values.push_back(item.text);
    } else {
      findings_.error(item, "E-TYPE", "'" + name(key) + "' must be a list of texts");
    }
  }
  if (found->kind == YamlNode::Kind::mapping) {
    findings_.error(*found, "E-TYPE", "'" + name(key) + "' must be a list of texts");
  }
  return values;
}

bool Section::boolean(std::string_view key, bool fallback) {
  const auto* found = entry(key);
  if (found == nullptr) return fallback;
  if (found->kind == YamlNode::Kind::scalar && found->text == "true") return true;
  if (found->kind == YamlNode::Kind::scalar && found->text == "false") return false;
  findings_.error(*found, "E-TYPE", "'" + name(key) + "' must be true or false");
  return fallback;
}

std::int64_t Section::integer(std::string_view key, std::int64_t fallback, std::int64_t low,
                              std::int64_t high) {
  const auto* found = entry(key);
  if (found == nullptr) return fallback;
  std::int64_t value = 0;
  const auto& text = found->text;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (found->kind == YamlNode::Kind::scalar && error == std::errc{} &&
      end == text.data() + text.size() && value >= low && value <= high) {
    return value;
  }
  findings_.error(*found, "E-RANGE",
                  "'" + name(key) + "' must be a number from " + std::to_string(low) + " to " +
                      std::to_string(high));
  return fallback;
}

std::chrono::seconds Section::duration(std::string_view key, std::chrono::seconds fallback) {
  const auto* found = entry(key);
  if (found == nullptr) return fallback;
  if (const auto value = parse_duration(found->text)) return *value;
  findings_.error(*found, "E-TYPE",
                  "'" + name(key) + "' must be a duration such as 30s, 15m, 12h or 7d");
  return fallback;
}

std::size_t Section::choice(std::string_view key, const std::vector<std::string>& words,
                            std::size_t fallback) {
  const auto* found = entry(key);
  if (found == nullptr) return fallback;
  const auto place = std::find(words.begin(), words.end(), found->text);
  if (place != words.end()) return static_cast<std::size_t>(place - words.begin());
  findings_.error(*found, "E-VALUE",
                  "'" + name(key) + "' is one of " + joined(words) + ", not '" + found->text + "'" +
                      did_you_mean(found->text, words));
  return fallback;
}

std::optional<Secret> Section::secret_from_file(std::string_view key,
                                                const std::filesystem::path& directory) {
  const std::string file_key = std::string(key) + "_file";
  const auto* found = entry(file_key);
  if (found == nullptr) return std::nullopt;
  const auto file = directory / found->text;
  struct stat status {};
  std::ifstream in(file);
  if (!in || ::stat(file.c_str(), &status) != 0) {
    findings_.error(*found, "E-SECRET", "'" + name(file_key) + "': cannot read " + file.string());
    return Secret{};
  }
  if ((status.st_mode & S_IROTH) != 0) {
    findings_.error(
        *found, "E-SECRET",
        "'" + name(file_key) + "': everybody may read " + file.string() + "; chmod 600 it");
    return Secret{};
  }
  std::string content((std::istreambuf_iterator<char>(in)), {});
  while (!content.empty() && (content.back() == '\n' || content.back() == '\r')) content.pop_back();
  return Secret(std::move(content));
}

Secret Section::secret(std::string_view key, const std::filesystem::path& directory) {
  const auto from_file = secret_from_file(key, directory);
  const auto* found = entry(key);
  if (found == nullptr) return from_file.value_or(Secret{});
  const std::string_view text = found->text;
  if (from_file) {
    findings_.error(*found, "E-SECRET",
                    "give either '" + name(key) + "' or '" + name(key) + "_file'");
  } else if (text.starts_with("${env:") && text.ends_with("}")) {
    const std::string variable(text.substr(6, text.size() - 7));
    if (const char* value = std::getenv(variable.c_str())) return Secret(value);
    findings_.error(*found, "E-SECRET", "'" + name(key) + "': the environment has no " + variable);
  } else {
    findings_.error(*found, "E-SECRET",
                    "a secret does not belong into the file: write '" + std::string(key) +
                        "_file: PATH' or '" + std::string(key) + ": ${env:NAME}'");
  }
  return Secret{};
}

Section Section::section(std::string_view key) { return Section(entry(key), name(key), findings_); }

void Section::finish() {
  if (node_ == nullptr) return;
  for (const auto& one : node_->entries) {
    if (std::find(known_.begin(), known_.end(), one.key) != known_.end()) continue;
    findings_.error(one.line, one.column, "E-KEY",
                    "unknown key '" + name(one.key) + "'" + did_you_mean(one.key, known_));
  }
}

}  // namespace muster::gateway
