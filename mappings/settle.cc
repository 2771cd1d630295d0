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

void look_again_at(Identity& identity, Timestamp time) {
  if (!identity.due || time < *identity.due) identity.due = time;
}

// What a person who left gives up for others, and when. What was given up once is not claimed again
// while nobody speaks for the person: it may be somebody else's by now.
void release_claims(const Model& model, std::optional<Timestamp> since, Timestamp run_time,
                    Identity& identity) {
  for (auto& attribute : identity.attributes) {
    const auto* known = model.schema.find(attribute.name);
    if (!known || attribute.released || known->settled || !is_identifier(*known)) continue;
    const auto& release = known->release;
    if (release.when == Release::When::never) continue;
    const auto end = since.value_or(run_time) + release.after;
    if (release.when == Release::When::after && end > run_time) {
      look_again_at(identity, end);
      continue;
    }
    attribute.released = true;
    if (attribute.name == "email") identity.email.clear();
  }
}

std::string silence_reason(const AbsencePolicy& policy, Timestamp since) {
  auto reason = "no source has a record of this person any more since " + format_timestamp(since);
  if (!policy.retain) return reason;
  return reason + (policy.remove ? "; deleted at " + format_timestamp(since + *policy.retain) +
                                       " unless it comes back (lifecycle.absent.retain)"
                                 : "; kept (lifecycle.absent.finally)");
}

// Nobody speaks for the person any more: everything stays as it is held, the account does not, and
// what must be unique is given up.
Settled silent(const Model& model, std::span<const Told> told, const Identity& before,
               Timestamp run_time) {
  const AbsencePolicy& policy = model.lifecycle.absence;
  std::optional<Timestamp> since;
  for (const auto& one : told)
    if (one.gone_since && (!since || *one.gone_since > *since)) since = one.gone_since;
  const bool was_silent = before.state == IdentityState::inactive && before.sources.empty();
  Settled settled;
  Identity& rest = settled.identity;
  rest = before;
  rest.due.reset();
  std::optional<Timestamp> end;
  if (since || !was_silent) {
    const auto from = since.value_or(run_time);
    rest.sources.clear();
    rest.findings.clear();
    rest.references.clear();
    rest.state = IdentityState::inactive;
    rest.state_reason = silence_reason(policy, from);
    if (policy.retain && policy.remove) end = from + *policy.retain;
  }
  rest.due = end;
  release_claims(model, since, run_time, rest);
  if (!end || *end > run_time) return settled;
  auto over = deleted(before, format_timestamp(*end - *policy.retain));
  over.until_deleted = std::move(rest);
  return over;
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
