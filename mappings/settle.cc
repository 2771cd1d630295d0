// SPDX-License-Identifier: Apache-2.0
#include "mappings/settling.h"

namespace muster::mappings {
namespace {

// What is left of a person when the retention period is over.
Settled deleted(const Identity& before, const std::string& since) {
  Settled settled;
  Identity& rest = settled.identity;
  rest.id = before.id;
  rest.user_name = before.user_name;
  if (const auto* name = before.find("userName")) rest.attributes.push_back(*name);
  rest.version = before.version;
  rest.created = before.created;
  rest.modified = before.modified;
  rest.state = IdentityState::deleted;
  rest.state_reason = "no source had a record of this person since " + since +
                      " (lifecycle.absent.retain); the user name stays taken";
  return settled;
}

// Nobody speaks for the person any more: everything stays as it is held, the account does not.
Settled silent(const Model& model, std::span<const Told> told, const Identity& before,
               Timestamp run_time) {
  const AbsencePolicy& policy = model.lifecycle.absence;
  std::optional<Timestamp> since;
  for (const auto& one : told)
    if (one.gone_since && (!since || *one.gone_since > *since)) since = one.gone_since;
  const bool was_silent = before.state == IdentityState::inactive && before.sources.empty();
  Settled settled;
  settled.identity = before;
  if (!policy.retain) settled.identity.due.reset();
  if (!since && was_silent) return settled;
  const auto from = since.value_or(run_time);
  const auto text = format_timestamp(from);
  settled.identity.sources.clear();
  settled.identity.findings.clear();
  settled.identity.due.reset();
  settled.identity.references.clear();
  settled.identity.state = IdentityState::inactive;
  settled.identity.state_reason = "no source has a record of this person any more since " + text;
  if (!policy.retain) return settled;
  const auto end = from + *policy.retain;
  if (policy.remove && end <= run_time) return deleted(before, text);
  if (policy.remove) settled.identity.due = end;
  settled.identity.state_reason += policy.remove
                                       ? "; deleted at " + format_timestamp(end) +
                                             " unless it comes back (lifecycle.absent.retain)"
                                       : "; kept (lifecycle.absent.finally)";
  return settled;
}

}  // namespace

Result<Settled> settle_person(const Model& model, std::span<const Told> told,
                              const Identity* before, const World& world, Timestamp run_time,
                              SettleTrace* trace) {
  if (before && before->state == IdentityState::deleted) return Settled{*before, false, {}};
  auto voices = voices_of(model, told);
  if (voices.empty() && before) return silent(model, told, *before, run_time);
  if (voices.empty())
    return fail(Fault::invalid,
                "a person needs at least one record of a source that the mapping knows");
  return Settling(model, std::move(voices), gone_voices_of(model, told), before, world, run_time,
                  trace)
      .settle();
}

}  // namespace muster::mappings
