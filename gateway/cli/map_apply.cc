// SPDX-License-Identifier: Apache-2.0
#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>

#include "gateway/cli/map.h"
#include "gateway/cli/report.h"
#include "gateway/cli/simulation.h"
#include "gateway/service_status.h"
#include "gateway/signals.h"
#include "provision/runs/reevaluate.h"

namespace muster::gateway::cli {
namespace {

namespace fs = std::filesystem;

constexpr auto reload_patience = std::chrono::seconds(60);

struct Flags {
  std::string file = {};
  std::optional<std::int64_t> accept_deactivations = {};
  std::vector<std::string> accept_sources = {};
  std::optional<std::size_t> limit = {};
  bool dry_run = false;
  bool timing = false;
};

Result<std::string> read_text(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::string text(std::istreambuf_iterator<char>(in), {});
  if (!in) return fail(Fault::not_found, "the file cannot be read", path.string());
  return text;
}

class Apply {
 public:
  Apply(const Globals& globals, const Flags& flags) : globals_(globals), flags_(flags) {}

  Result<ExitCode> run() {
    Interrupt interrupt;
    stop_ = interrupt.token();
    MUSTER_TRY(auto config, read_config(globals_));
    active_ = config.mapping_file;
    if (active_.empty())
      return fail(Fault::invalid,
                  "the configuration names no mapping file: give it one under `mapping:`, so that "
                  "there is something to replace",
                  config.file);
    MUSTER_TRY(const auto text, read_text(flags_.file));
    config.mapping_draft = {flags_.file, text};
    MUSTER_TRY(runtime_, Runtime::open(std::move(config)));
    // What is only looked at needs no turn.
    if (!flags_.dry_run) {
      MUSTER_TRY(lease_, runtime_->take_lease(std::string(provision::apply_lease), stop_));
    }
    in_force_ = keyed_by_in_force(runtime_->config());
    MUSTER_TRY(const auto may_go_on, look());
    if (!may_go_on) return code_;
    MUSTER_CHECK(install(text));
    MUSTER_CHECK(carry_out());
    return code_;
  }

 private:
  // What it would do: for a dry run all there is, else whether the guard lets it pass.
  Result<bool> look() {
    MUSTER_TRY(const auto veil, Veil::open(runtime_->config().state_directory));
    const auto engine = runtime_->provisioner().engine();
    const bool quiet = globals_.quiet || globals_.format != Format::table;
    auto limit = flags_.limit;
    if (!flags_.dry_run) limit = 0;
    if (!limit && globals_.format == Format::table) limit = shown_people;
    const auto format = flags_.dry_run ? globals_.format : Format::table;
    SimulationReport report(format, *engine, veil, limit);
    MUSTER_TRY(auto sources, changed_sources(*runtime_, in_force_));
    const bool strange = !sources.empty();
    refuse_sources(sources);
    report.set_sources(std::move(sources));
    auto done = provision::simulate(
        runtime_->store(), *engine, system_clock().now(), {.on_progress = reevaluation_line(quiet)},
        [&report](const provision::PersonChange& change) -> Status {
          report.add(change);
          return {};
        },
        stop_);
    end_progress(quiet);
    if (stop_.stop_requested()) {
      code_ = exit_interrupted;
      return false;
    }
    if (!done) return fail(std::move(done).error());
    const bool held = refuses(*done);
    const bool moves = strange || done->changed > 0 || !done->moves.empty();
    if (flags_.dry_run) {
      report.finish(*done, flags_.timing);
      code_ = held ? exit_held : moves ? exit_changes_found : exit_ok;
      return false;
    }
    document_.set("simulation", report.summary(*done, flags_.timing));
    if (globals_.format == Format::table) report.print_summary(*done);
    accepted_ = done->leaving;
    if (!held) return true;
    code_ = exit_held;
    document_.set("refused", refusal_);
    if (globals_.format != Format::table) print_document(document_);
    std::fprintf(stderr, "muster: refused, nothing was changed: %s\n", refusal_.c_str());
    return false;
  }

  // What makes strangers of people is refused as long as nobody has said that it is meant.
  void refuse_sources(const std::vector<provision::SourceChange>& sources) {
    for (const auto& one : sources) {
      const auto& accepted = flags_.accept_sources;
      if (std::find(accepted.begin(), accepted.end(), one.source) != accepted.end()) continue;
      refusal_ += (refusal_.empty() ? "" : "\n") + one.message +
                  ". If it is meant: --accept-source " + one.source;
    }
  }

  bool refuses(const provision::Simulation& simulation) {
    if (!refusal_.empty()) return true;
    if (flags_.accept_deactivations) {
      if (*flags_.accept_deactivations == simulation.leaving) return false;
      refusal_ = std::to_string(simulation.leaving) + " people would become inactive, not " +
                 std::to_string(*flags_.accept_deactivations) + " as --accept-deactivations says";
      return true;
    }
    if (simulation.hold.empty()) return false;
    refusal_ = simulation.hold +
               ". Look at them with `muster map simulate`; if it is right: "
               "--accept-deactivations " +
               std::to_string(simulation.leaving);
    return true;
  }

  // The new file takes the place of the one in force, which is kept; a running service follows, or
  // the old one comes back.
  Status install(const std::string& text) {
    const auto previous = fs::path(active_.string() + ".previous");
    auto before = read_text(active_);
    const bool same = before && *before == text;
    if (before && !same) MUSTER_CHECK(replace_file(previous, *before));
    if (!same) MUSTER_CHECK(replace_file(active_, text));
    document_.set("mapping", active_.string());
    if (before && !same) document_.set("previous", previous.string());
    const auto reloaded = follow();
    if (reloaded) return remember();
    if (before && !same) MUSTER_CHECK(replace_file(active_, *before));
    return fail(reloaded.error());
  }

  Status remember() {
    const auto now = keyed_by(runtime_->config(), *runtime_->provisioner().engine());
    return lease_->provisioner().store().write(
        [&now](store::Transaction& tx) { return provision::remember_keys(tx, now); });
  }

  Status follow() {
    const auto& state = runtime_->config().state_directory;
    if (!service_runs(state)) {
      document_.set("service", "not running");
      return {};
    }
    auto status = ask_to_reload(state, reload_patience);
    if (!status) return fail(std::move(status).error());
    const auto* reload = status->find("reload");
    const auto* ok = reload == nullptr ? nullptr : reload->find("ok");
    if (ok == nullptr || !ok->is_bool() || !ok->as_bool())
      return fail(Fault::invalid,
                  "the running service refused the new mapping; the old one is in force and in "
                  "place again. `muster config reload` tells why");
    const auto* sha256 = reload->find("config");
    if (sha256 == nullptr ||
        !(*sha256 == Value("sha256:" + runtime_->provisioner().engine()->sha256())))
      return fail(Fault::conflict,
                  "the running service uses another mapping file than this configuration names");
    document_.set("service", "reloaded");
    return {};
  }

  Status carry_out() {
    provision::ReevaluationRequest request;
    request.actor = "cli";
    // What was seen is what was agreed to; more than that is for the guard again.
    if (flags_.accept_deactivations) request.accept_deactivations = accepted_;
    request.on_progress = reevaluation_line(globals_.quiet);
    auto report =
        provision::reevaluate(lease_->provisioner(), request, system_clock(), lease_->stop_token());
    end_progress(globals_.quiet);
    if (!report) return fail(std::move(report).error());
    code_ = report->error ? exit_code_of(report->error->fault) : exit_code_of(report->row.state);
    if (globals_.format == Format::table) {
      std::printf("%s is in force\n", active_.c_str());
      MUSTER_TRY(const auto items, troubles(report->row.id));
      print_run(report->row, items, false, shown_people);
    } else {
      document_.set("run", as_document(report->row));
      print_document(document_);
    }
    if (code_ == exit_interrupted && !globals_.quiet)
      std::fprintf(stderr, "muster: interrupted; the same command again goes on\n");
    if (report->error) std::fprintf(stderr, "muster: %s\n", describe(*report->error).c_str());
    return {};
  }

  // What went wrong or waits, at most a page of it.
  Result<std::vector<store::RunItem>> troubles(const std::string& run) {
    MUSTER_TRY(auto reader, runtime_->store().reader());
    MUSTER_TRY(auto items, reader->runs().items(run, 0, 10'000));
    std::erase_if(items, [](const auto& item) { return item.result == "done"; });
    return items;
  }

  const Globals& globals_;
  const Flags& flags_;
  std::stop_token stop_;
  fs::path active_;
  provision::KeyedBy in_force_ = {};
  std::unique_ptr<Runtime> runtime_;
  std::unique_ptr<provision::RunLease> lease_;
  Value document_ = {};
  std::string refusal_ = {};
  std::int64_t accepted_ = 0;
  ExitCode code_ = exit_ok;
};

}  // namespace

void add_map_apply(CLI::App& group, const Globals& globals, const Register& when) {
  auto flags = std::make_shared<Flags>();
  auto* verb = group.add_subcommand(
      "apply", "Put a mapping file in force and evaluate everybody by it; nobody tells it again");
  verb->add_option("FILE", flags->file, "The new mapping file")->required();
  verb->add_flag("--dry-run", flags->dry_run, "As `map simulate`, from where the file will stand");
  verb->add_option("--accept-deactivations", flags->accept_deactivations,
                   "Exactly so many people may become inactive, whatever the guard says");
  verb->add_option(
      "--accept-source", flags->accept_sources,
      "This source may get another key or kind, or go, though people are known from it");
  verb->add_option("--limit", flags->limit, "Dry run: people to show");
  verb->add_flag("--timing", flags->timing, "Seconds, and how many of them the store took");
  when(verb, [&globals, flags] { return Apply(globals, *flags).run(); });
}

}  // namespace muster::gateway::cli
