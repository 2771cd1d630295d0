// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "mappings/settling.h"

namespace muster::mappings {

// Empty, or why the person stays without a user name.
Result<std::string> Settling::give_user_name() {
  if (!identity_.user_name.empty()) return std::string();
  MUSTER_TRY(auto made, make_user_name(model_, evaluator_, person_, world_, identity_.id,
                                       trace_ ? ShowSpelling::yes : ShowSpelling::no));
  if (trace_ || made.name.empty()) MUSTER_CHECK(tell_holders(world_, made.tried));
  if (trace_) {
    trace_->tried = made.tried;
    trace_->spelled = made.spelled;
  }
  if (made.name.empty()) return why_no_name(made);
  new_name_ = true;
  identity_.user_name = made.name;
  auto& attributes = identity_.attributes;
  auto place = std::find_if(attributes.begin(), attributes.end(),
                            [](const auto& a) { return a.name > "userName"; });
  attributes.insert(place, {"userName", made.name, "", std::move(made.rule)});
  person_.set("userName", std::move(made.name));
  look();
  return std::string();
}

std::string Settling::why_no_name(const UserName& made) {
  std::string reason = "no user name could be made: ";
  std::size_t shown = 0;
  for (const auto& tried : made.tried) {
    if (++shown > 6) break;
    reason += tried.rule + (tried.taken ? " is " : " ") + tried.why +
              (tried.by.empty() ? "" : " (" + tried.by + ")") + "; ";
  }
  reason += "correct the attributes at their source, or add a pattern to username.patterns";
  identity_.findings.push_back({Severity::error, "username", "userName", reason});
  return reason;
}

void Settling::decide_state() {
  identity_.state = IdentityState::active;
  const auto& expired = model_.lifecycle.expired;
  if (!enabled_) {
    identity_.state = IdentityState::inactive;
    identity_.state_reason = disabled_by_;
  } else if (expired) {
    expire(*expired);
  }
  look_for_missing();
}

// Somebody of whom nobody can say whether the time is over stays as is, and nobody new comes in so.
void Settling::expire(const Rule& rule) {
  const auto expired = evaluator_.run(rule);
  if (expired.kind == Outcome::Kind::error) {
    auto finding = finding_of(
        expired, {.severity = Severity::error,
                  .rule = &rule,
                  .effect = "nobody knows whether the person's time is over, who stays as before",
                  .veiled = is_veiled(expired.read)});
    if (refused_.empty()) refused_ = finding.message;
    identity_.findings.push_back(std::move(finding));
  }
  if (!expired.truth()) return;
  identity_.state = IdentityState::inactive;
  identity_.state_reason = "expired: " + rule.program.text() + " (lifecycle.expired)";
}

// Absent records speak until their grace is over; somebody who has no others will then go.
void Settling::look_for_missing() {
  const auto grace = model_.lifecycle.absence.grace;
  std::optional<Timestamp> since;
  bool all = true;
  for (const auto& voice : voices_) {
    const auto missing = voice.told->missing_since;
    all = all && missing;
    if (!missing) continue;
    look_again_at(*missing + grace);
    if (!since || *missing > *since) since = missing;
  }
  if (!all || identity_.state != IdentityState::active) return;
  identity_.state_reason = "absent from every source since " + format_timestamp(*since) +
                           "; becomes inactive at " + format_timestamp(*since + grace) +
                           " unless it comes back (lifecycle.absent.grace)";
}

// Nobody else had the value when it was settled first, or the finding says who.
bool Settling::was_found_unique(const Attribute& known, const IdentityAttribute& attribute) const {
  const auto* old = before_ ? before_->find(known.name) : nullptr;
  if (!old || !(old->value == attribute.value)) return false;
  return std::none_of(before_->findings.begin(), before_->findings.end(), [&](const Finding& f) {
    return f.code == "W-UNIQUE" && f.attribute == known.name;
  });
}

// Asks only about values that are new, so that a person who does not change costs no question.
Status Settling::check_unique() {
  for (const auto& known : model_.schema.attributes) {
    if (!known.unique) continue;
    const auto* attribute = identity_.find(known.name);
    if (!attribute || was_found_unique(known, *attribute)) continue;
    for (const auto& key : keys_of(known.type, attribute->value)) {
      MUSTER_TRY(auto holders, world_.find({known.name, key}));
      for (const auto& holder : holders)
        if (holder.identity_id != identity_.id)
          identity_.findings.push_back({Severity::warning, "W-UNIQUE", known.name,
                                        "the same value belongs to " + holder.user_name +
                                            "; correct it in " + attribute->source});
    }
  }
  return {};
}

Settled Settling::finish(std::string reason) {
  Settled settled;
  settled.quarantined = !reason.empty();
  if (settled.quarantined) {
    identity_.state = IdentityState::quarantined;
    identity_.state_reason = reason;
    settled.reason = std::move(reason);
  }
  settled.identity = std::move(identity_);
  return settled;
}

}  // namespace muster::mappings
