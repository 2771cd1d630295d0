// SPDX-License-Identifier: Apache-2.0
#include "mappings/report.h"

#include <algorithm>
#include <charconv>

#include "core/text.h"

namespace muster::mappings {
namespace {

std::string in_quotes(std::string_view text) { return "'" + std::string(text) + "'"; }

std::string joined(std::initializer_list<std::string_view> words) {
  std::string out;
  for (auto word : words) out.append(out.empty() ? "" : ", ").append(word);
  return out;
}

std::string path(std::string_view what, std::string_view key) {
  return what.empty() ? std::string(key) : std::string(what) + "." + std::string(key);
}

template <class T>
std::optional<T> number(std::string_view text) {
  T value{};
  auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (problem != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

}  // namespace

void Report::error(int line, int column, std::string_view code, std::string message) {
  into_.push_back({Severity::error, file_, line, column, std::string(code), std::move(message)});
}

void Report::warning(int line, int column, std::string_view code, std::string message) {
  into_.push_back({Severity::warning, file_, line, column, std::string(code), std::move(message)});
}

void Report::error(const YamlNode& at, std::string_view code, std::string message) {
  error(at.line, at.column, code, std::move(message));
}

void Report::warning(const YamlNode& at, std::string_view code, std::string message) {
  warning(at.line, at.column, code, std::move(message));
}

std::string Report::place(const YamlNode& node) const {
  return file_ + ":" + std::to_string(node.line) + ":" + std::to_string(node.column);
}

bool Report::is_mapping(const YamlNode& node, std::string_view what) {
  if (node.kind == YamlNode::Kind::mapping) return true;
  error(node, "E-TYPE", std::string(what) + " needs keys and values");
  return false;
}

bool Report::is_sequence(const YamlNode& node, std::string_view what) {
  if (node.kind == YamlNode::Kind::sequence) return true;
  error(node, "E-TYPE", std::string(what) + " needs a list");
  return false;
}

bool Report::is_scalar(const YamlNode& node, std::string_view what) {
  if (node.kind == YamlNode::Kind::scalar) return true;
  error(node, "E-TYPE", std::string(what) + " needs a single value");
  return false;
}

bool Report::has_only(const YamlNode& node, std::string_view what,
                      std::initializer_list<std::string_view> known) {
  if (!is_mapping(node, what)) return false;
  for (const auto& entry : node.entries) {
    if (std::find(known.begin(), known.end(), entry.key) != known.end()) continue;
    std::vector<std::string> candidates(known.begin(), known.end());
    error(entry.line, entry.column, "E-KEY",
          "unknown key " + in_quotes(entry.key) + " in " + std::string(what) +
              did_you_mean(entry.key, candidates));
  }
  return true;
}

std::optional<std::string> Report::text(const YamlNode& mapping, std::string_view key,
                                        std::string_view what) {
  const YamlNode* node = mapping.find(key);
  if (!node || !is_scalar(*node, path(what, key))) return std::nullopt;
  return node->text;
}

std::optional<bool> Report::boolean(const YamlNode& mapping, std::string_view key,
                                    std::string_view what) {
  auto written = text(mapping, key, what);
  if (!written) return std::nullopt;
  auto value = parse_boolean(*written);
  if (!value) error(*mapping.find(key), "E-VALUE", path(what, key) + " is true or false");
  return value;
}

std::optional<std::int64_t> Report::integer(const YamlNode& mapping, std::string_view key,
                                            std::string_view what) {
  auto written = text(mapping, key, what);
  if (!written) return std::nullopt;
  auto value = number<std::int64_t>(*written);
  if (value && *value >= 0) return value;
  error(*mapping.find(key), "E-VALUE", path(what, key) + " is a number, 0 or more");
  return std::nullopt;
}

std::optional<std::chrono::seconds> Report::duration(const YamlNode& mapping, std::string_view key,
                                                     std::string_view what) {
  auto written = text(mapping, key, what);
  if (!written) return std::nullopt;
  auto value = parse_duration(*written);
  if (!value)
    error(*mapping.find(key), "E-VALUE", path(what, key) + " is a duration such as 7d or 12h");
  return value;
}

std::optional<double> Report::share(const YamlNode& mapping, std::string_view key,
                                    std::string_view what) {
  auto written = text(mapping, key, what);
  if (!written) return std::nullopt;
  if (written->ends_with('%')) {
    auto percent = number<double>(std::string_view(*written).substr(0, written->size() - 1));
    if (percent && *percent >= 0 && *percent <= 100) return *percent / 100;
  }
  error(*mapping.find(key), "E-VALUE", path(what, key) + " is a share from 0% to 100%");
  return std::nullopt;
}

std::string Report::word(const YamlNode& mapping, std::string_view key, std::string_view what,
                         std::initializer_list<std::string_view> words, std::string_view fallback) {
  auto written = text(mapping, key, what);
  if (!written) return std::string(fallback);
  if (std::find(words.begin(), words.end(), *written) != words.end()) return *written;
  std::vector<std::string> candidates(words.begin(), words.end());
  error(*mapping.find(key), "E-VALUE",
        path(what, key) + " cannot be " + in_quotes(*written) + ": one of " + joined(words) +
            did_you_mean(*written, candidates));
  return std::string(fallback);
}

std::vector<const YamlNode*> Report::scalars(const YamlNode& node, std::string_view what) {
  std::vector<const YamlNode*> found;
  if (node.kind == YamlNode::Kind::scalar) return {&node};
  if (!is_sequence(node, what)) return found;
  for (const auto& item : node.items)
    if (is_scalar(item, std::string(what) + " (each item)")) found.push_back(&item);
  return found;
}

std::optional<std::chrono::seconds> parse_duration(std::string_view text) {
  if (text.size() < 2 || text.size() > 8) return std::nullopt;
  auto count = number<std::int64_t>(text.substr(0, text.size() - 1));
  if (!count || *count < 0) return std::nullopt;
  switch (text.back()) {
    case 's':
      return std::chrono::seconds(*count);
    case 'm':
      return std::chrono::minutes(*count);
    case 'h':
      return std::chrono::hours(*count);
    case 'd':
      return std::chrono::days(*count);
    case 'w':
      return std::chrono::weeks(*count);
  }
  return std::nullopt;
}

std::optional<bool> parse_boolean(std::string_view text) {
  if (text == "true") return true;
  if (text == "false") return false;
  return std::nullopt;
}

}  // namespace muster::mappings
