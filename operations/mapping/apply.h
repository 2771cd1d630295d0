// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "operations/mapping/simulate.h"
#include "provision/runs/reevaluate.h"

namespace muster::operations {

struct ApplyRequest {
  std::filesystem::path active = {};  // the mapping file in force, which is replaced
  std::string text = {};              // what stands there afterwards
  std::string actor = {};
  // Exactly so many people may become inactive, whatever the guard says.
  std::optional<std::int64_t> accept_deactivations = {};
  // These sources may get another key or kind, or go, though people are known from them.
  std::vector<std::string> accept_sources = {};
  bool dry_run = false;  // only look, from where the file will stand
};

// Why a mapping is not put in force as long as nobody has said that it is meant.
struct ApplyRefusal {
  enum class Reason {
    source,  // it would make strangers of the people of `source`
    count,   // not as many people would become inactive as were accepted
    guard,   // more people would become inactive than the guard lets pass
  };
  Reason reason = Reason::guard;
  std::string source = {};
  std::int64_t leaving = 0;  // count, guard: people who would become inactive
  std::string message = {};  // what would follow, without a way to accept it
};

struct ApplyOutcome {
  SimulationOutcome seen = {};
  std::vector<ApplyRefusal> refusals = {};  // not empty: nothing was changed
  bool service_follows = false;             // a running service has taken it over
  std::filesystem::path previous = {};  // where the replaced file is kept; empty: it was the same
  std::optional<provision::RunReport> run = {};  // none: dry run, or refused
  std::vector<store::RunItem> troubles = {};     // of the run: what went wrong or waits
};

struct ApplyWatch {
  SimulationWatch simulation = {};
  // Called before anything is changed; nothing is when the outcome has refusals.
  std::function<void(const ApplyOutcome&)> on_seen = {};
  std::function<void(const provision::ReevaluationProgress&)> on_progress = {};
};

// Makes a running service work by the file that stands at `active` now. Gives the SHA-256 (hex) of
// what it works by then, nothing when no service runs, or why it refused.
using Follow = std::function<Result<std::optional<std::string>>()>;

// Puts a mapping file in force and evaluates everybody by it, in four steps: look (simulate), and
// refuse what nobody has accepted; install the file, the old one kept beside it as ".previous";
// let a running service follow, or put the old file back; evaluate (provision/runs/reevaluate.h).
// `draft` has the engine of the new file. One at a time: conflict, code "busy". Stopped before
// anything was changed: unavailable; stopped later, the same call again goes on.
Result<ApplyOutcome> apply(const Installation& draft, const ApplyRequest& request,
                           const Follow& follow, const ApplyWatch& watch, std::stop_token stop);

}  // namespace muster::operations
