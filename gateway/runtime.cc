// SPDX-License-Identifier: Apache-2.0
#include "gateway/runtime.h"

namespace muster::gateway {
namespace {

std::string lines_of(const std::vector<Diagnostic>& diagnostics) {
  std::string text;
  for (const auto& one : diagnostics) {
    if (one.severity == Severity::error) text += (text.empty() ? "" : "\n") + describe(one);
  }
  return text;
}

}  // namespace

operations::LoadedMapping load_mapping(const Config& config) {
  return operations::load_mapping(config.mapping, config.source_settings(), config.file);
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
  runtime->installation_.emplace(
      operations::Installation{.provisioner = *runtime->provisioner_,
                               .sources = runtime->config_.source_settings(),
                               .state_directory = runtime->config_.state_directory,
                               .lease = runtime->config_.store_lease});
  return runtime;
}

}  // namespace muster::gateway
