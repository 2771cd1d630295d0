// SPDX-License-Identifier: Apache-2.0
#include "gateway/runtime.h"

#include <algorithm>

#include "core/text.h"
#include "gateway/embedded.h"
#include "provision/runs/reevaluate.h"
#include "provision/runs/run_lease.h"

namespace muster::gateway {
namespace {

std::string_view name_of(SourceKind kind) {
  switch (kind) {
    case SourceKind::scim:
      return "scim";
    case SourceKind::ldap:
      return "ldap";
    case SourceKind::csv:
      return "csv";
  }
  return "unknown";
}

std::string lines_of(const std::vector<Diagnostic>& diagnostics) {
  std::string text;
  for (const auto& one : diagnostics) {
    if (one.severity == Severity::error) text += (text.empty() ? "" : "\n") + describe(one);
  }
  return text;
}

// Each configured source has its rules in the mapping file, under the same name and kind.
void check_sources(const Config& config, const mappings::Engine& engine,
                   std::vector<Diagnostic>& diagnostics) {
  std::vector<std::string> names;
  for (const auto& info : engine.sources()) names.push_back(info.name);
  const auto mapping = config.mapping_file.empty() ? std::string("the built-in mapping")
                                                   : config.mapping_file.string();
  for (const auto& source : config.sources) {
    const auto* info = engine.source(source.name);
    if (info == nullptr) {
      diagnostics.push_back({Severity::error, config.file, source.line, 3, "E-NAME",
                             "source '" + source.name + "' has no rules in " + mapping +
                                 did_you_mean(source.name, names)});
    } else if (info->kind != name_of(source.kind)) {
      diagnostics.push_back({Severity::error, config.file, source.line, 3, "E-KIND",
                             "source '" + source.name + "' is of kind " +
                                 std::string(name_of(source.kind)) + " here and of kind " +
                                 info->kind + " in " + mapping});
    }
  }
}

bool needs_somebody(const store::RunCounts& counts) {
  return counts.problems + counts.quarantined + counts.review + counts.held > 0;
}

// The first page may hold warnings; further ones are read only when there is something to find.
Status read_items(store::Store& store, const store::RunRow& run,
                  const Runtime::RunOptions& options) {
  if (options.items == nullptr) return {};
  constexpr int page_size = 1000;
  MUSTER_TRY(auto reader, store.reader());
  std::int64_t after = 0;
  for (;;) {
    MUSTER_TRY(auto page, reader->runs().items(run.id, after, page_size));
    for (auto& item : page) {
      after = item.number;
      if (!options.all_items && item.result == "done") continue;
      if (options.items->size() >= options.max_items) return {};
      options.items->push_back(std::move(item));
    }
    const bool more = page.size() == static_cast<std::size_t>(page_size);
    if (!more || (!options.all_items && !needs_somebody(run.counts))) return {};
  }
}

}  // namespace

LoadedMapping load_mapping(const Config& config) {
  const auto& draft = config.mapping_draft;
  auto loaded = config.mapping_file.empty()
                    ? mappings::Engine::load_text(generic_mapping, "built-in mapping")
                : draft ? mappings::Engine::load_text(draft->text, config.mapping_file.string())
                        : mappings::Engine::load_file(config.mapping_file);
  if (draft)
    for (auto& diagnostic : loaded.diagnostics)
      if (diagnostic.file == config.mapping_file) diagnostic.file = draft->file.string();
  LoadedMapping mapping{std::move(loaded.engine), std::move(loaded.diagnostics)};
  if (!mapping.engine) return mapping;
  check_sources(config, *mapping.engine, mapping.diagnostics);
  if (has_errors(mapping.diagnostics)) mapping.engine.reset();
  return mapping;
}

provision::KeyedBy keyed_by(const Config& config, const mappings::Engine& engine) {
  provision::KeyedBy keys;
  for (const auto& source : config.sources) {
    const auto* info = engine.source(source.name);
    if (info == nullptr) continue;
    auto& known = keys[source.name] = info->kind;
    // A directory takes no notice of case in the names of attributes.
    if (source.kind == SourceKind::csv) known += " " + info->key;
    if (source.kind == SourceKind::ldap)
      known += " " + ascii_lower(source.ldap.key_attribute.empty() ? info->key
                                                                   : source.ldap.key_attribute);
  }
  // One that is not configured holds what it told while it was.
  for (const auto& info : engine.sources())
    keys.try_emplace(info.name, info.kind == "scim" ? info.kind : info.kind + " " + info.key);
  return keys;
}

provision::KeyedBy keyed_by_in_force(const Config& config) {
  if (config.mapping_file.empty()) return {};
  const auto loaded = mappings::Engine::load_file(config.mapping_file, {.run_tests = false});
  return loaded.engine ? keyed_by(config, *loaded.engine) : provision::KeyedBy{};
}

Result<std::unique_ptr<Runtime>> Runtime::open(Config config) {
  auto mapping = load_mapping(config);
  if (!mapping.engine) return fail(Fault::invalid, lines_of(mapping.diagnostics), {}, "mapping");

  std::error_code error;
  std::filesystem::create_directories(config.state_directory, error);
  if (error) {
    return fail(Fault::unavailable, "cannot make the state directory: " + error.message(),
                config.state_directory.string());
  }
  std::filesystem::permissions(config.state_directory, std::filesystem::perms::owner_all, error);
  std::unique_ptr<Runtime> runtime(new Runtime(std::move(config)));
  store::StoreOptions options;
  options.url = runtime->config_.store_url;
  options.password = runtime->config_.store_password.reveal();
  options.cache_mib = runtime->config_.store_cache_mib;
  // A process that stands still renewed its lease a third of its time ago at the latest: it has
  // lost its rows when the lease ends.
  options.longest_pause = std::chrono::milliseconds(runtime->config_.store_lease) * 2 / 3;
  for (const auto& source : runtime->config_.sources) options.sources.push_back(source.name);
  MUSTER_TRY(runtime->store_, store::Store::open(options));
  runtime->provisioner_ =
      std::make_unique<provision::Provisioner>(*runtime->store_, std::move(mapping.engine));
  return runtime;
}

Result<std::unique_ptr<Source>> Runtime::make_source(const SourceConfig& source,
                                                     const std::string& file) const {
  const auto* info = provisioner_->engine()->source(source.name);
  if (source.kind == SourceKind::scim) {
    return fail(Fault::invalid,
                "source '" + source.name +
                    "' is of kind scim: its identity provider pushes, nobody reads it");
  }
  if (source.kind == SourceKind::ldap) {
    auto options = source.ldap;
    for (const auto& name : info->reads) {
      if (name != "dn" && name != info->key) options.users.attributes.push_back(name);
    }
    if (options.key_attribute.empty() && info->key != "dn") options.key_attribute = info->key;
    return std::unique_ptr<Source>(
        std::make_unique<connectors::ldap::LdapSource>(std::move(options)));
  }
  connectors::csv::CsvOptions options;
  options.path = file.empty() ? source.file : file;
  if (options.path.empty()) {
    return fail(Fault::invalid,
                "source '" + source.name +
                    "' has no file: configure 'file' or name one: muster import FILE --source " +
                    source.name);
  }
  options.source = source.name;
  options.key = info->key;
  options.expected = info->reads;
  options.required = info->reads;
  options.delimiter = source.delimiter;
  return std::unique_ptr<Source>(std::make_unique<connectors::csv::CsvSource>(std::move(options)));
}

Result<provision::RunReport> Runtime::run(const SourceConfig& source, const RunOptions& options,
                                          std::stop_token stop) {
  auto configured = source;
  if (options.delimiter) configured.delimiter = options.delimiter;
  MUSTER_TRY(auto reading, make_source(configured, options.file));
  provision::RunRequest request;
  request.source = source.name;
  request.kind = source.kind == SourceKind::csv ? store::RunKind::import : store::RunKind::sync;
  request.snapshot = options.snapshot.value_or(source.kind == SourceKind::ldap || source.snapshot);
  request.actor = options.actor;
  request.keyed_by = keyed_by(config_, *provisioner_->engine())[source.name];
  request.on_progress = options.on_progress;
  request.spool_directory = config_.state_directory;

  if (options.dry_run) {
    MUSTER_TRY(auto rehearsal, store_->rehearsal());
    provision::Provisioner provisioner(*rehearsal, provisioner_->engine());
    MUSTER_TRY(auto report,
               provision::run_source(provisioner, *reading, request, system_clock(), stop));
    MUSTER_CHECK(read_items(*rehearsal, report.row, options));
    return report;
  }
  MUSTER_TRY(const auto lease, take_lease(provision::source_lease(source.name), std::move(stop)));
  MUSTER_TRY(auto report, provision::run_source(lease->provisioner(), *reading, request,
                                                system_clock(), lease->stop_token()));
  MUSTER_CHECK(read_items(*store_, report.row, options));
  return report;
}

Result<std::unique_ptr<provision::RunLease>> Runtime::take_lease(const std::string& name,
                                                                 std::stop_token stop) {
  return provision::RunLease::take(*provisioner_, name, config_.store_lease, std::move(stop));
}

struct Runtime::Stage {
  std::unique_ptr<provision::RunLease> lease = {};
  std::unique_ptr<store::Store> rehearsal = {};
  std::unique_ptr<provision::Provisioner> trial = {};
  std::stop_token stop = {};

  provision::Provisioner& provisioner() const { return trial ? *trial : lease->provisioner(); }
};

Result<Runtime::Stage> Runtime::set_stage(const RunOptions& options, std::stop_token stop) {
  Stage stage;
  stage.stop = stop;
  if (options.dry_run) {
    MUSTER_TRY(stage.rehearsal, store_->rehearsal());
    stage.trial =
        std::make_unique<provision::Provisioner>(*stage.rehearsal, provisioner_->engine());
  } else {
    MUSTER_TRY(stage.lease, take_lease(std::string(provision::lifecycle_lease), std::move(stop)));
    stage.stop = stage.lease->stop_token();
  }
  return stage;
}

Result<std::vector<provision::RunReport>> Runtime::run_lifecycle(const RunOptions& options,
                                                                 std::stop_token stop) {
  MUSTER_TRY(const auto stage, set_stage(options, std::move(stop)));
  auto& provisioner = stage.provisioner();
  MUSTER_TRY(auto reports,
             provision::run_lifecycle(provisioner, options.actor, system_clock(), stage.stop));
  for (const auto& report : reports)
    MUSTER_CHECK(read_items(provisioner.store(), report.row, options));
  return reports;
}

Result<provision::RunReport> Runtime::retry(const std::vector<std::string>& records,
                                            const RunOptions& options, std::stop_token stop) {
  MUSTER_TRY(const auto stage, set_stage(options, std::move(stop)));
  auto& provisioner = stage.provisioner();
  const provision::RetryRequest request{.actor = options.actor, .records = records};
  MUSTER_TRY(auto report,
             provision::retry_waiting(provisioner, request, system_clock(), stage.stop));
  MUSTER_CHECK(read_items(provisioner.store(), report->row, options));
  return *std::move(report);
}

}  // namespace muster::gateway
