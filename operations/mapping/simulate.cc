// SPDX-License-Identifier: Apache-2.0
#include "operations/mapping/simulate.h"

#include "operations/mapping/keys.h"
#include "operations/users/users.h"

namespace muster::operations {
namespace {

Result<std::vector<provision::SourceChange>> changed_sources(const Installation& draft,
                                                             const mappings::Engine& engine,
                                                             const provision::KeyedBy& in_force) {
  MUSTER_TRY(const auto snapshot, draft.store().snapshot());
  return provision::source_changes(*snapshot, keyed_by(draft.sources, engine), in_force);
}

}  // namespace

Result<SimulationOutcome> simulate(const Installation& draft, const SimulationRequest& request,
                                   const SimulationWatch& watch, std::stop_token stop) {
  MUSTER_TRY(const auto veil, auth::Veil::open(draft.state_directory));
  const auto engine = draft.provisioner.engine();
  provision::SimulationRequest wanted{.on_progress = watch.on_progress};
  if (!request.person.empty()) {
    MUSTER_TRY(const auto person, find_person(draft, request.person));
    wanted.only = person.id;
  }
  SimulationOutcome outcome{.sha256 = engine->sha256()};
  MUSTER_TRY(outcome.sources, changed_sources(draft, *engine, request.in_force));
  MUSTER_TRY(outcome.simulation, provision::simulate(
                                     draft.store(), *engine, request.at, wanted,
                                     [&](const provision::PersonChange& change) -> Status {
                                       const auto shown = differences_of(change, *engine, veil);
                                       outcome.counts.add(change, shown);
                                       if (watch.on_person) watch.on_person(shown);
                                       return {};
                                     },
                                     std::move(stop)));
  return outcome;
}

}  // namespace muster::operations
