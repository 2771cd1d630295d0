// SPDX-License-Identifier: Apache-2.0
#include <CLI/CLI.hpp>
#include <csignal>
#include <cstdio>

#include "core/log.h"
#include "gateway/cli/command.h"
#include "gateway/service.h"
#include "gateway/signals.h"
#include "provision/runs/killed_runs.h"

namespace muster::gateway::cli {
namespace {

void say_where(const Config& config, const Service& service) {
  if (config.file.empty()) {
    std::fprintf(stderr,
                 "muster: no configuration given (--config FILE or MUSTER_CONFIG): running the "
                 "built-in default\n");
    std::fprintf(stderr, "muster: people are kept in %s\n", config.store_url.c_str());
    std::fprintf(stderr, "muster: for a token: muster tokens create --source scim\n");
  }
  std::fprintf(stderr, "muster: SCIM on %s://%s:%d/scim/v2, management on http://%s:%d\n",
               config.scim.certificate.empty() ? "http" : "https", config.scim.address.c_str(),
               service.scim_port(), config.management.address.c_str(), service.management_port());
}

Result<ExitCode> serve(const Globals& globals) {
  ServiceSignals signals;  // before any thread starts, so that all inherit the mask
  auto config = read_config(globals);
  if (!config) {
    print_error(globals.format, config.error());
    return exit_configuration;
  }
  log::configure(config->log_format, config->log_level);
  auto runtime = Runtime::open(std::move(*config));
  if (!runtime) {
    if (runtime.error().fault != Fault::invalid) return fail(std::move(runtime).error());
    print_error(globals.format, runtime.error());
    return exit_configuration;
  }
  MUSTER_CHECK(
      provision::end_all_killed_runs((*runtime)->store(), (*runtime)->config().store_lease));
  Service service(**runtime);
  MUSTER_CHECK(service.start());
  if (!globals.quiet) say_where((*runtime)->config(), service);
  log::write(log::Level::info, "gateway", "serving",
             {{"scim_port", std::int64_t{service.scim_port()}}});
  int number = signals.wait();
  while (number == SIGHUP) {
    service.reload();
    number = signals.wait();
  }
  log::write(log::Level::info, "gateway", "stopping", {{"signal", std::int64_t{number}}});
  service.stop();
  return exit_ok;
}

}  // namespace

void add_serve(CLI::App& app, const Globals& globals, const Register& when) {
  auto* verb =
      app.add_subcommand("serve", "Run the gateway: SCIM listener, schedules, management listener");
  when(verb, [&globals] { return serve(globals); });
}

}  // namespace muster::gateway::cli
