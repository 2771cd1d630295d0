// SPDX-License-Identifier: Apache-2.0
#include "gateway/reload.h"

#include "core/log.h"
#include "core/yaml.h"

namespace muster::gateway {
namespace {

std::string text_of(const YamlNode& node) {
  switch (node.kind) {
    case YamlNode::Kind::null:
      return "~";
    case YamlNode::Kind::scalar:
      return "'" + node.text + "'";
    case YamlNode::Kind::sequence: {
      std::string text = "[";
      for (const auto& item : node.items) text += text_of(item) + ",";
      return text + "]";
    }
    case YamlNode::Kind::mapping: {
      std::string text = "{";
      for (const auto& entry : node.entries) text += entry.key + ":" + text_of(entry.value) + ",";
      return text + "}";
    }
  }
  return {};
}

// What the file says, by setting; sources and listeners one by one, so that a message can name
// them.
std::map<std::string, std::string> sections_of(const std::string& file) {
  std::map<std::string, std::string> sections;
  if (file.empty()) return sections;
  for (const auto& entry : read_yaml_file(file).root.entries) {
    const bool parts = (entry.key == "sources" || entry.key == "listeners") &&
                       entry.value.kind == YamlNode::Kind::mapping;
    if (!parts) {
      sections[entry.key] = text_of(entry.value);
      continue;
    }
    for (const auto& part : entry.value.entries)
      sections[entry.key + "." + part.key] = text_of(part.value);
  }
  return sections;
}

std::vector<std::string> changed_between(const std::map<std::string, std::string>& before,
                                         const std::map<std::string, std::string>& now) {
  std::vector<std::string> names;
  for (const auto& [name, text] : now) {
    const auto old = before.find(name);
    if (old == before.end() || old->second != text) names.push_back(name);
  }
  for (const auto& [name, text] : before) {
    if (!now.contains(name)) names.push_back(name);
  }
  // These two are taken over at once.
  std::erase_if(names, [](const auto& name) { return name == "mapping" || name == "log"; });
  return names;
}

}  // namespace

Value as_document(const ReloadOutcome& outcome) {
  Value document;
  document.set("ok", outcome.ok);
  document.set("at", format_timestamp(outcome.at));
  document.set("mapping", outcome.mapping);
  document.set("config", "sha256:" + outcome.sha256);
  Value::List problems, restart(outcome.restart.begin(), outcome.restart.end());
  std::int64_t warnings = 0;
  for (const auto& one : outcome.diagnostics) {
    if (one.severity == Severity::error)
      problems.emplace_back(describe(one));
    else
      ++warnings;
  }
  document.set("diagnostics", std::move(problems));
  document.set("warnings", warnings);
  document.set("restart", std::move(restart));
  return document;
}

Reloader::Reloader(Runtime& runtime)
    : runtime_(runtime), sections_(sections_of(runtime.config().file)) {}

ReloadOutcome Reloader::reload() {
  ReloadOutcome outcome;
  outcome.at = system_clock().now();
  outcome.sha256 = runtime_.provisioner().engine()->sha256();
  outcome.mapping = runtime_.config().mapping.path.string();
  // The sources are those that run; another mapping file for them may be named.
  auto config = runtime_.config();
  if (!config.file.empty()) {
    auto loaded = load_config(config.file);
    outcome.diagnostics = std::move(loaded.diagnostics);
    if (!loaded.config) return outcome;
    config.mapping = loaded.config->mapping;
    config.log_format = loaded.config->log_format;
    config.log_level = loaded.config->log_level;
    outcome.restart = changed_between(sections_, sections_of(config.file));
  }
  auto mapping = load_mapping(config);
  outcome.diagnostics.insert(outcome.diagnostics.end(), mapping.diagnostics.begin(),
                             mapping.diagnostics.end());
  if (!mapping.engine) return outcome;
  log::configure(config.log_format, config.log_level);
  outcome.mapping = config.mapping.path.string();
  outcome.sha256 = mapping.engine->sha256();
  runtime_.provisioner().use(std::move(mapping.engine));
  outcome.ok = true;
  return outcome;
}

}  // namespace muster::gateway
