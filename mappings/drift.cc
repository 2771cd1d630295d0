// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "mappings/stages.h"

namespace muster::mappings {
namespace {

std::vector<std::string> keys_in(const Identity& identity, const TierMatch& match) {
  const auto* attribute = identity.find(match.attribute);
  return attribute ? keys_of(match.type, attribute->value) : std::vector<std::string>{};
}

void add_link_drift(const Model& model, const Voice& voice, Identity& identity) {
  const auto& told = *voice.told;
  for (const auto& tier : model.correlate.tiers) {
    if (tier.id != told.correlated_by) continue;
    for (const auto& match : tier.match) {
      const Offer* offer = told.said().find(match.offer);
      if (!offer || offer->flow != Flow::value) continue;
      const auto now = keys_of(match.type, offer->value);
      const auto persons = keys_in(identity, match);
      if (now.empty() || persons.empty() ||
          std::find_first_of(now.begin(), now.end(), persons.begin(), persons.end()) != now.end())
        continue;
      identity.findings.push_back({Severity::warning, "W-DRIFT", match.attribute,
                                   told.said().tag + " record " + told.said().key.key +
                                       " was linked by tier " + tier.id + " and says another " +
                                       match.attribute +
                                       " by now; the link stays. Correct one of the sources"});
    }
  }
}

bool found_drift(const Identity& identity, const std::string& attribute) {
  return std::any_of(identity.findings.begin(), identity.findings.end(), [&](const Finding& f) {
    return f.code == "W-DRIFT" && f.attribute == attribute;
  });
}

// The tier's single attribute, as the person has it, when there is a reason to look again.
std::vector<std::string> new_keys(const Tier& tier, const std::vector<Voice>& voices,
                                  const Identity& before, const Identity& identity) {
  if (tier.match.size() != 1 || tier.match[0].offer != tier.match[0].attribute) return {};
  const auto& match = tier.match[0];
  const bool asked = std::any_of(voices.begin(), voices.end(), [&](const Voice& voice) {
    return speaks_for(tier, voice.told->said().key.source);
  });
  // Mail addresses are unique: somebody else's is never taken over.
  if (!asked || match.attribute == "email" || found_drift(identity, match.attribute)) return {};
  const auto* old = before.find(match.attribute);
  const auto* now = identity.find(match.attribute);
  const bool same = old && now && old->value == now->value;
  if (!now || (same && !found_drift(before, match.attribute))) return {};
  return keys_of(match.type, now->value);
}

}  // namespace

Status add_drift(const Model& model, const std::vector<Voice>& voices, const Identity* before,
                 const World& world, Identity& identity) {
  for (const auto& voice : voices) add_link_drift(model, voice, identity);
  if (!before || before->user_name.empty()) return {};
  for (const auto& tier : model.correlate.tiers) {
    for (const auto& key : new_keys(tier, voices, *before, identity)) {
      const auto& attribute = tier.match[0].attribute;
      MUSTER_TRY(auto holders, world.find({attribute, key}));
      for (const auto& holder : holders) {
        if (holder.identity_id == identity.id) continue;
        identity.findings.push_back({Severity::warning, "W-DRIFT", attribute,
                                     "tier " + tier.id + " would find " + holder.user_name +
                                         " by the new value; nobody is linked anew. Correct one of "
                                         "the sources"});
      }
    }
  }
  return {};
}

}  // namespace muster::mappings
