// SPDX-License-Identifier: Apache-2.0
#include "gateway/config.h"

#include <algorithm>
#include <cctype>
#include <cstdlib>

#include "connectors/ldap/ldap_source.h"
#include "gateway/config_section.h"

namespace muster::gateway {
namespace {

namespace fs = std::filesystem;

// Paths in a file mean: from where the file is.
std::string resolved(const fs::path& directory, const std::string& path) {
  return path.empty() ? path : fs::path(directory / path).lexically_normal().string();
}

fs::path default_state_directory() {
  if (const char* path = std::getenv("STATE_DIRECTORY")) return path;  // systemd
  if (const char* path = std::getenv("XDG_STATE_HOME")) return fs::path(path) / "muster";
  if (const char* home = std::getenv("HOME")) return fs::path(home) / ".local/state/muster";
  return "/var/lib/muster";
}

class ConfigReader {
 public:
  ConfigReader(const fs::path& file, Findings& findings)
      : directory_(fs::absolute(file).parent_path()), findings_(findings) {}

  Config read(const YamlNode& root);

 private:
  void read_store(Section section, Config& config);
  void read_listener(Section section, ListenerConfig& listener);
  void read_log(Section section, Config& config);
  void read_sources(const YamlNode* node, Config& config);
  SourceConfig read_source(const YamlNode::Entry& entry);
  void read_ldap(Section& section, SourceConfig& source);
  void read_scope(Section section, connectors::ldap::LdapScope& scope);
  static void read_limits(Section section, connectors::ldap::LdapLimits& limits);
  void read_csv(Section& section, SourceConfig& source);
  void read_schedule(Section section, SourceConfig& source);

  fs::path directory_;
  Findings& findings_;
};

Config ConfigReader::read(const YamlNode& root) {
  Config config;
  Section section(&root, "", findings_);
  const auto& version = section.require("version");
  if (version.kind == YamlNode::Kind::scalar && version.text != "muster/v1") {
    findings_.error(version, "E-VERSION",
                    "this program reads version muster/v1, not '" + version.text + "'");
  }
  const auto state = section.text("state_directory");
  config.state_directory =
      state.empty() ? default_state_directory() : fs::path(resolved(directory_, state));
  config.mapping.path = resolved(directory_, section.text("mapping"));
  read_store(section.section("store"), config);
  auto listeners = section.section("listeners");
  read_listener(listeners.section("scim"), config.scim);
  read_listener(listeners.section("management"), config.management);
  listeners.finish();
  read_log(section.section("log"), config);
  auto lifecycle = section.section("lifecycle");
  config.lifecycle_every = lifecycle.duration("every", config.lifecycle_every);
  lifecycle.finish();
  read_sources(section.entry("sources"), config);
  section.finish();
  return config;
}

void ConfigReader::read_store(Section section, Config& config) {
  const auto url = section.text("url", "sqlite:muster.db");
  config.store_password = section.secret("password", directory_);
  config.store_cache_mib =
      static_cast<int>(section.integer("cache_mib", config.store_cache_mib, 2, 16'384));
  config.store_lease = section.duration("lease", config.store_lease);
  if (config.store_lease < std::chrono::seconds(1) || config.store_lease > std::chrono::minutes(10))
    section.error_at("lease", "E-RANGE", "'store.lease' must be from 1s to 10m");
  constexpr std::string_view sqlite = "sqlite:";
  if (url == "sqlite::memory:" || url.starts_with("postgresql://")) {
    config.store_url = url;
  } else if (url.starts_with(sqlite) && url.size() > sqlite.size()) {
    config.store_url = "sqlite:" + resolved(config.state_directory, url.substr(sqlite.size()));
  } else {
    section.error_at(
        "url", "E-VALUE",
        "'store.url' is sqlite:PATH or postgresql://user@host:port/database, not '" + url + "'");
  }
  section.finish();
}

void ConfigReader::read_listener(Section section, ListenerConfig& listener) {
  listener.address = section.text("address", listener.address);
  listener.port = static_cast<std::uint16_t>(section.integer("port", listener.port, 0, 65'535));
  listener.public_url = section.text("public_url");
  listener.allow_clear_text = section.boolean("allow_clear_text", false);
  auto tls = section.section("tls");
  if (tls.present()) {
    listener.certificate = resolved(directory_, tls.require("certificate").text);
    listener.private_key = resolved(directory_, tls.require("private_key").text);
    tls.finish();
  }
  section.finish();
}

void ConfigReader::read_log(Section section, Config& config) {
  config.log_format = section.choice("format", {"logfmt", "json"}, 0) == 0 ? log::Format::logfmt
                                                                           : log::Format::json;
  config.log_level =
      static_cast<log::Level>(section.choice("level", {"debug", "info", "warning", "error"}, 1));
  section.finish();
}

void ConfigReader::read_sources(const YamlNode* node, Config& config) {
  if (node == nullptr || node->kind != YamlNode::Kind::mapping || node->entries.empty()) {
    findings_.error(node == nullptr ? 1 : node->line, node == nullptr ? 1 : node->column,
                    "E-MISSING",
                    "'sources' names at least one source: a name, its kind (scim, ldap, csv) and "
                    "how to reach it");
    return;
  }
  for (const auto& entry : node->entries) config.sources.push_back(read_source(entry));
}

SourceConfig ConfigReader::read_source(const YamlNode::Entry& entry) {
  SourceConfig source;
  source.name = entry.key;
  source.line = entry.line;
  const auto fits = [](unsigned char c) {
    return std::islower(c) || std::isdigit(c) || c == '_' || c == '-';
  };
  if (entry.key.empty() || entry.key.size() > 64 ||
      !std::all_of(entry.key.begin(), entry.key.end(), fits)) {
    findings_.error(entry.line, entry.column, "E-VALUE",
                    "the source name '" + entry.key + "' must be 1-64 of a-z, 0-9, '_' and '-'");
  }
  Section section(&entry.value, "sources." + entry.key, findings_);
  section.require("kind");
  source.kind = static_cast<SourceKind>(section.choice("kind", {"scim", "ldap", "csv"}, 0));
  if (source.kind == SourceKind::ldap) read_ldap(section, source);
  if (source.kind == SourceKind::csv) read_csv(section, source);
  if (source.kind != SourceKind::scim) read_schedule(section.section("schedule"), source);
  section.finish();
  return source;
}

void ConfigReader::read_ldap(Section& section, SourceConfig& source) {
  auto& ldap = source.ldap;
  ldap.source = source.name;
  section.require("uris");
  ldap.uris = section.texts("uris");
  ldap.start_tls = section.boolean("start_tls", false);
  if (const auto ca = section.text("ca_file"); !ca.empty()) ldap.ca_file = resolved(directory_, ca);
  ldap.bind_dn = section.text("bind_dn");
  ldap.password = section.secret("password", directory_);
  ldap.allow_clear_text = section.boolean("allow_clear_text", false);
  ldap.page_size = static_cast<int>(section.integer("page_size", ldap.page_size, 1, 100'000));
  ldap.key_attribute = section.text("key_attribute");
  ldap.canaries = section.texts("canaries");
  section.require("users");
  read_scope(section.section("users"), ldap.users);
  read_scope(section.section("groups"), ldap.groups);
  auto timeouts = section.section("timeouts");
  using std::chrono::milliseconds;
  const auto seconds = [](milliseconds time) {
    return std::chrono::duration_cast<std::chrono::seconds>(time);
  };
  ldap.timeouts.connect = timeouts.duration("connect", seconds(ldap.timeouts.connect));
  ldap.timeouts.operation = timeouts.duration("operation", seconds(ldap.timeouts.operation));
  ldap.timeouts.run = timeouts.duration("run", seconds(ldap.timeouts.run));
  timeouts.finish();
  read_limits(section.section("limits"), ldap.limits);
}

void ConfigReader::read_limits(Section section, connectors::ldap::LdapLimits& limits) {
  if (!section.present()) return;
  constexpr std::size_t most_bytes = 1 << 30;
  const auto read = [&](const char* key, std::size_t& limit, std::size_t least, std::size_t most) {
    limit = static_cast<std::size_t>(section.integer(key, static_cast<std::int64_t>(limit),
                                                     static_cast<std::int64_t>(least),
                                                     static_cast<std::int64_t>(most)));
  };
  read("message_bytes", limits.message_bytes, 64 << 10, most_bytes);
  read("value_bytes", limits.value_bytes, 1, most_bytes);
  read("values_per_attribute", limits.values_per_attribute, 1, 10'000'000);
  read("members_per_group", limits.members_per_group, 1, 10'000'000);
  section.finish();
}

void ConfigReader::read_scope(Section section, connectors::ldap::LdapScope& scope) {
  if (!section.present()) return;
  section.require("bases");
  scope.bases = section.texts("bases");
  scope.filter = section.text("filter");
  scope.attributes = section.texts("attributes");
  section.finish();
}

void ConfigReader::read_csv(Section& section, SourceConfig& source) {
  source.file = resolved(directory_, section.text("file"));
  source.snapshot = section.choice("mode", {"delta", "snapshot"}, 0) == 1;
  const auto delimiter = section.text("delimiter");
  if (auto parsed = operations::parse_delimiter(delimiter))
    source.delimiter = *parsed;
  else
    section.error_at("delimiter", "E-VALUE", parsed.error().detail);
}

void ConfigReader::read_schedule(Section section, SourceConfig& source) {
  if (!section.present()) return;
  ScheduleConfig schedule;
  const auto every = section.duration("every", std::chrono::seconds(0));
  const auto cron = section.text("cron");
  schedule.jitter = section.duration("jitter", std::chrono::seconds(0));
  if ((every.count() > 0) == !cron.empty()) {
    section.error_at("every", "E-VALUE", "'" + section.path() + "' needs either 'every' or 'cron'");
  } else if (every.count() > 0) {
    schedule.every = every;
  } else if (auto parsed = Cron::parse(cron)) {
    schedule.cron = *parsed;
  } else {
    section.error_at("cron", "E-CRON", parsed.error().detail);
  }
  if (source.kind == SourceKind::csv && source.file.empty()) {
    section.error_at("every", "E-MISSING", "a scheduled csv source needs 'file'");
  }
  section.finish();
  source.schedule = schedule;
}

}  // namespace

const SourceConfig* Config::source(std::string_view name) const {
  for (const auto& one : sources) {
    if (one.name == name) return &one;
  }
  return nullptr;
}

std::vector<operations::SourceSettings> Config::source_settings() const {
  return {sources.begin(), sources.end()};
}

LoadedConfig load_config(const fs::path& file) {
  auto yaml = read_yaml_file(file);
  LoadedConfig loaded;
  if (has_errors(yaml.diagnostics)) {
    loaded.diagnostics = std::move(yaml.diagnostics);
    return loaded;
  }
  Findings findings{file.string(), std::move(yaml.diagnostics)};
  auto config = ConfigReader(file, findings).read(yaml.root);
  config.file = file.string();
  loaded.diagnostics = std::move(findings.diagnostics);
  std::stable_sort(loaded.diagnostics.begin(), loaded.diagnostics.end(),
                   [](const Diagnostic& a, const Diagnostic& b) { return a.line < b.line; });
  if (!has_errors(loaded.diagnostics)) loaded.config = std::move(config);
  return loaded;
}

Config built_in_config() {
  Config config;
  config.state_directory = default_state_directory();
  config.store_url = "sqlite:" + (config.state_directory / "muster.db").string();
  config.sources.emplace_back().name = "scim";
  return config;
}

}  // namespace muster::gateway
