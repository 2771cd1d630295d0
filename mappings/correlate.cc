// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "core/dn.h"
#include "core/text.h"
#include "mappings/stages.h"

namespace muster::mappings {
namespace {

std::optional<std::string> key_of(const Type& type, const Value& value) {
  if (value.is_int()) return std::to_string(value.as_int());
  if (!value.is_text()) return std::nullopt;
  const auto text = trim_invisible(value.as_text());
  if (text.empty()) return std::nullopt;
  if (type.kind == Type::Kind::dn) {
    auto dn = parse_dn(value.as_text());
    if (!dn) return std::nullopt;
    return dn_text(dn->key);
  }
  return fold_key(text);
}

// The keys of each attribute of a tier, or nothing when one of them has none: the tier is skipped
// then.
std::vector<std::vector<std::string>> tier_keys(const Tier& tier, const Contribution& contribution,
                                                std::string& absent) {
  std::vector<std::vector<std::string>> all;
  for (const auto& match : tier.match) {
    const Offer* offer = contribution.find(match.offer);
    std::vector<std::string> keys;
    if (offer && offer->flow == Flow::value) keys = keys_of(match.type, offer->value);
    if (keys.empty()) {
      absent = match.attribute;
      return {};
    }
    all.push_back(std::move(keys));
  }
  return all;
}

Value offered_values(const Contribution& contribution) {
  Value values{Value::Object{}};
  for (const auto& offer : contribution.offers)
    if (offer.flow == Flow::value) values.as_object().push_back({offer.attribute, offer.value});
  return values;
}

// The tiers that have something to ask about this contribution.
class Asking {
 public:
  Asking(const Model& model, const Contribution& contribution)
      : model_(model), contribution_(contribution), evaluator_(nullptr) {}

  // Per attribute of the tier; nothing when it is skipped, and `why` then.
  std::vector<std::vector<std::string>> keys(const Tier& tier, std::string* why = nullptr) {
    auto skip = [&](std::string reason) {
      if (why) *why = std::move(reason);
      return std::vector<std::vector<std::string>>();
    };
    if (!speaks_for(tier, contribution_.key.source))
      return skip("not for source " + contribution_.key.source);
    std::string absent;
    auto found = tier_keys(tier, contribution_, absent);
    if (found.empty()) return skip(absent + " is none");
    if (tier.when && !holds(*tier.when)) return skip("its `when` does not hold");
    return found;
  }

 private:
  bool holds(const Rule& when) {
    values_ = offered_values(contribution_);
    Inputs inputs;
    inputs.record = &values_;
    evaluator_.start(model_.correlate.offers_layout, inputs);
    return evaluator_.holds(when);
  }

  const Model& model_;
  const Contribution& contribution_;
  Evaluator evaluator_;
  Value values_;
};

void add_new(std::vector<Candidate>& into, std::vector<Candidate> more) {
  for (auto& candidate : more) {
    bool known = std::any_of(into.begin(), into.end(), [&](const Candidate& c) {
      return c.identity_id == candidate.identity_id;
    });
    if (!known) into.push_back(std::move(candidate));
  }
}

// Under what a value is found that somebody gave up.
std::string released_name(const std::string& attribute) { return "released:" + attribute; }

// Whether people who gave up such a value are found by the tier.
bool sees_released(const Model& model, const Tier& tier, const std::string& attribute) {
  if (tier.leavers == Leavers::ignore) return false;
  const auto* known = model.schema.find(attribute);
  return known && !known->settled && is_identifier(*known);
}

Result<std::vector<Candidate>> holders(const Model& model, const Tier& tier, std::size_t place,
                                       const std::vector<std::string>& keys, const World& world) {
  const auto& attribute = tier.match[place].attribute;
  std::vector<Candidate> found;
  for (const auto& key : keys) {
    MUSTER_TRY(auto some, world.find({attribute, key}));
    add_new(found, std::move(some));
    if (!sees_released(model, tier, attribute)) continue;
    MUSTER_TRY(auto former, world.find({released_name(attribute), key}));
    add_new(found, std::move(former));
  }
  return found;
}

// Those who match in every attribute of the tier.
Result<std::vector<Candidate>> candidates_of(const Model& model, const Tier& tier,
                                             const std::vector<std::vector<std::string>>& keys,
                                             const World& world) {
  MUSTER_TRY(auto found, holders(model, tier, 0, keys[0], world));
  for (std::size_t i = 1; i < keys.size() && !found.empty(); ++i) {
    MUSTER_TRY(auto also, holders(model, tier, i, keys[i], world));
    std::erase_if(found, [&](const Candidate& candidate) {
      return std::none_of(also.begin(), also.end(), [&](const Candidate& other) {
        return other.identity_id == candidate.identity_id;
      });
    });
  }
  std::sort(found.begin(), found.end(),
            [](const Candidate& a, const Candidate& b) { return a.identity_id < b.identity_id; });
  return found;
}

bool is_protected(const Model& model, const Candidate& candidate) {
  if (!model.correlate.never_link_to) return false;
  Value::List groups(candidate.groups.begin(), candidate.groups.end());
  Value person{Value::Object{}};
  person.set("userName", candidate.user_name);
  person.set("groups", std::move(groups));
  Evaluator evaluator(nullptr);
  Inputs inputs;
  inputs.record = &person;
  evaluator.start(model.correlate.candidate_layout, inputs);
  // Of whom nobody can say so is not linked to either.
  const auto outcome = evaluator.run(*model.correlate.never_link_to);
  return outcome.truth() || outcome.kind == Outcome::Kind::error;
}

Correlation review(Correlation correlation, const std::string& reason) {
  correlation.outcome = Correlation::Outcome::review;
  correlation.reason = "tier " + correlation.tier + ": " + reason;
  return correlation;
}

std::string name_of_candidate(const Candidate& candidate) {
  return candidate.user_name.empty() ? candidate.identity_id : candidate.user_name;
}

bool holds_name(const std::vector<std::string>& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

std::string second_record(std::string_view source, const Candidate& person) {
  return "two records of " + std::string(source) + " claim " + name_of_candidate(person);
}

TierAnswer answer_of(const Tier& tier, const std::vector<std::vector<std::string>>& keys,
                     const std::vector<Candidate>& candidates) {
  TierAnswer answer{.id = tier.id, .at = tier.at};
  for (std::size_t i = 0; i < keys.size(); ++i)
    for (const auto& key : keys[i]) answer.keys.push_back({tier.match[i].attribute, key});
  for (const auto& candidate : candidates) answer.found.push_back(name_of_candidate(candidate));
  return answer;
}

Correlation decide(const Model& model, const Tier& tier, const Contribution& contribution,
                   std::vector<Candidate> candidates) {
  Correlation correlation;
  correlation.tier = tier.id;
  correlation.candidates = std::move(candidates);
  const auto& all = correlation.candidates;
  if (all.size() > 1) {
    std::string names;
    for (const auto& candidate : all)
      names += (names.empty() ? "" : ", ") + name_of_candidate(candidate);
    return review(correlation, std::to_string(all.size()) + " people match (" + names + ")");
  }
  const Candidate& only = all.front();
  const auto& source = contribution.key.source;
  if (holds_name(only.sources, source)) return review(correlation, second_record(source, only));
  if (auto refusal = link_refusal_of(model, source, only); !refusal.empty())
    return review(correlation, refusal);
  // Nobody inherits an account by resembling its last holder: a new record of the same source needs
  // somebody who knows whether it is the same person, or a tier that says so.
  if (tier.leavers != Leavers::link && holds_name(only.former, source))
    return review(correlation, name_of_candidate(only) + " had another record of " + source +
                                   " that is gone; a person decides whether it is the same one");
  correlation.identity_id = only.identity_id;
  correlation.outcome = tier.link ? Correlation::Outcome::link : Correlation::Outcome::suggest;
  correlation.reason = "tier " + tier.id + ": " + name_of_candidate(only) +
                       (tier.link ? " (link)" : " (a person decides)");
  return correlation;
}

}  // namespace

std::vector<std::string> keys_of(const Type& type, const Value& value) {
  std::vector<std::string> keys;
  auto add = [&](const Type& single, const Value& element) {
    auto key = key_of(single, element);
    if (key && std::find(keys.begin(), keys.end(), *key) == keys.end())
      keys.push_back(*std::move(key));
  };
  if (!value.is_list()) {
    add(type.kind == Type::Kind::list ? *type.element : type, value);
    return keys;
  }
  for (const auto& element : value.as_list())
    add(type.kind == Type::Kind::list ? *type.element : type, element);
  return keys;
}

std::vector<MatchKey> match_keys_of(const Model& model, const Contribution& contribution) {
  std::vector<MatchKey> asked;
  auto add = [&](const std::string& attribute, const std::string& key) {
    MatchKey made{attribute, key};
    if (std::find(asked.begin(), asked.end(), made) == asked.end())
      asked.push_back(std::move(made));
  };
  Asking asking(model, contribution);
  for (const auto& tier : model.correlate.tiers) {
    auto keys = asking.keys(tier);
    for (std::size_t i = 0; i < keys.size(); ++i) {
      const auto& attribute = tier.match[i].attribute;
      const bool released = sees_released(model, tier, attribute);
      for (const auto& key : keys[i]) {
        add(attribute, key);
        if (released) add(released_name(attribute), key);
      }
    }
  }
  return asked;
}

std::vector<MatchKey> index_keys_of(const Model& model, const Identity& identity) {
  std::vector<MatchKey> keys;
  for (const auto& name : model.correlate.attributes) {
    const IdentityAttribute* attribute = identity.find(name);
    const Attribute* known = model.schema.find(name);
    if (!attribute || !known) continue;
    const auto& found_by = attribute->released ? released_name(name) : name;
    for (auto& key : keys_of(known->type, attribute->value))
      keys.push_back({found_by, std::move(key)});
  }
  return keys;
}

bool speaks_for(const Tier& tier, std::string_view source) {
  return tier.only.empty() || holds_name(tier.only, source);
}

std::string link_refusal_of(const Model& model, std::string_view source, const Candidate& person) {
  const auto* known = model.source(source);
  const bool several = known && known->primary;
  if (holds_name(person.sources, source) && !several)
    return second_record(source, person) +
           "; where a person may have several accounts, the source needs a `primary:` rule that "
           "says which speaks first";
  if (is_protected(model, person))
    return name_of_candidate(person) + " is protected by never_link_to";
  return {};
}

Result<Correlation> correlate_record(const Model& model, const Contribution& contribution,
                                     const World& world) {
  Asking asking(model, contribution);
  std::vector<TierAnswer> answers;
  for (const auto& tier : model.correlate.tiers) {
    std::string why;
    auto keys = asking.keys(tier, &why);
    if (keys.empty()) {
      answers.push_back({.id = tier.id, .at = tier.at, .skipped = std::move(why)});
      continue;
    }
    MUSTER_TRY(auto candidates, candidates_of(model, tier, keys, world));
    answers.push_back(answer_of(tier, keys, candidates));
    if (candidates.empty()) continue;
    auto decided = decide(model, tier, contribution, std::move(candidates));
    decided.tiers = std::move(answers);
    return decided;
  }
  Correlation nobody;
  nobody.tiers = std::move(answers);
  nobody.reason = "nobody matches";
  if (!model.correlate.create) {
    nobody.outcome = Correlation::Outcome::review;
    nobody.reason += ", and correlate.none wants a person to decide";
  }
  return nobody;
}

}  // namespace muster::mappings
