// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "mappings/explain.h"
#include "mappings/explain_parts.h"
#include "mappings/stages.h"

namespace muster::mappings {
namespace {

// Whom a word refers to, where it is one: "'x'", "'x' or 'y'".
std::string quoted(const Value& reference) {
  if (reference.is_text()) return "'" + reference.as_text() + "'";
  std::string all;
  if (reference.is_list())
    for (const auto& one : reference.as_list()) all += (all.empty() ? "" : " or ") + quoted(one);
  return all;
}

std::string loss(const MergeRule& rule, const Voice& voice, const Offer* offer,
                 const std::string& attribute, const std::string& winner) {
  const auto& authority = rule.authority;
  if (std::find(authority.begin(), authority.end(), voice.source) == authority.end())
    return "the source has no authority here";
  const auto& contribution = voice.told->said();
  const Lapsed* lapsed = contribution.find_lapsed(attribute);
  if (lapsed && contribution.tag == winner)
    return "no value since " + format_timestamp(lapsed->since) + "; its last one is held";
  if (!offer) return "no value";
  if (offer->flow == Flow::keep) return "keep: no word";
  if (offer->flow == Flow::clear) return "clear";
  if (winner.empty()) return "a stronger source emptied it";
  return contribution.tag == winner ? "another account of " + winner + " came first"
                                    : "weaker than " + winner;
}

// Why one person is as it is: settles again, with every step written down.
class Explanation {
 public:
  Explanation(const Model& model, std::span<const Told> told, const Identity& identity,
              const SettleTrace& trace, Timestamp run_time, const Mask& mask)
      : model_(model),
        voices_(voices_of(model, told)),
        gone_(gone_voices_of(model, told)),
        identity_(identity),
        trace_(trace),
        run_time_(run_time),
        mask_(mask) {}

  Value write(const Settled& settled) {
    Value out = empty_object();
    out.set("identity", identity_.user_name);
    out.set("id", identity_.id);
    out.set("mapping", model_.file);
    out.set("run_time", format_timestamp(run_time_));
    out.set("state", state(settled));
    out.set("sources",
            Value::List(settled.identity.sources.begin(), settled.identity.sources.end()));
    out.set("links", links());
    out.set("attributes", attributes(settled.identity));
    out.set("class", classification(settled.identity));
    out.set("groups", groups(settled.identity));
    out.set("checks", checks());
    out.set("findings", findings_of(settled.identity.findings));
    out.set("stale", !same_person_facts(settled.identity, identity_));
    return out;
  }

 private:
  static Value state(const Settled& settled) {
    Value out = empty_object();
    out.set("value", name_of(settled.identity.state));
    out.set("reason", settled.identity.state_reason);
    if (settled.identity.due) out.set("due", format_timestamp(*settled.identity.due));
    return out;
  }

  Value links() const {
    Value::List list;
    for (const auto& voice : voices_) {
      Value one = empty_object();
      one.set("source", voice.told->said().tag);
      one.set("key", voice.told->said().key.key);
      one.set("by", voice.told->correlated_by);
      list.push_back(std::move(one));
    }
    return list;
  }

  Value attributes(const Identity& settled) const {
    Value out = empty_object();
    for (std::size_t i = 0; i < model_.schema.attributes.size(); ++i) {
      const Attribute& known = model_.schema.attributes[i];
      if (known.name == "userName") out.set(known.name, user_name());
      if (known.settled || known.name == "enabled") continue;
      const IdentityAttribute* held = settled.find(known.name);
      Value one = empty_object();
      one.set("value", !held ? Value() : known.sensitive ? mask_(held->value) : held->value);
      one.set("source", held ? held->source : "");
      if (held && held->released) one.set("released", true);
      if (held && !held->refers_to.empty() && !known.sensitive)
        one.set("refersTo", held->refers_to);
      one.set("rule", held ? held->rule : "");
      one.set("at", held ? place_of_rule(held->rule) : "");
      one.set("others", others(i, held));
      out.set(known.name, std::move(one));
    }
    return out;
  }

  std::string place_of_rule(const std::string& id) const {
    for (const auto& source : model_.sources)
      for (const auto& line : source.lines)
        if (line.rule.id == id) return line.rule.at;
    return {};
  }

  // Whether the person has a stronger source, and the attribute is for that one to say.
  bool outranked(std::size_t position, std::size_t source) const {
    if (!is_identifier(model_.schema.attributes[position]) || model_.merge[position].named)
      return false;
    return std::any_of(voices_.begin(), voices_.end(), [&](const Voice& voice) {
      return model_.sources[voice.source].trust > model_.sources[source].trust;
    });
  }

  // What a voice said once its late lines were evaluated and its references followed.
  const Offer* heard(const Voice& voice, std::size_t position) const {
    for (const auto& one : trace_.heard)
      if (one.key == voice.told->said().key)
        return one.offers[position] ? &*one.offers[position] : nullptr;
    return voice.told->said().find(model_.schema.attributes[position].name);
  }

  // Why a source that refers to somebody, or asks somebody else's attribute, was not heard; empty
  // when it does neither.
  std::string unanswered(std::size_t position, const Voice& voice) const {
    const auto& known = model_.schema.attributes[position];
    const auto& source = model_.sources[voice.source];
    const Offer* said = voice.told->said().find(known.name);
    if (said && said->flow == Flow::value)
      return "nobody whom source " + source.info.name + " has brought answers to " +
             (known.sensitive ? "the reference" : quoted(said->value));
    const auto line = source.line_of[position];
    if (line && source.lines[*line].late)
      return "no value: whom it asks (deref) is unknown or has none";
    return {};
  }

  // The offers that lost, and why.
  Value others(std::size_t position, const IdentityAttribute* held) const {
    const Attribute& known = model_.schema.attributes[position];
    const MergeRule& rule = model_.merge[position];
    std::string winner = held ? held->source : "";
    bool won = false;
    Value::List list;
    for (const auto& voice : voices_) {
      const Offer* offer = heard(voice, position);
      const Offer* said = offer ? offer : voice.told->said().find(known.name);
      bool wins = offer && offer->flow == Flow::value && voice.told->said().tag == winner &&
                  (rule.combine != Combine::winner || !won);
      won = won || wins;
      if (wins) continue;
      Value one = empty_object();
      one.set("source", voice.told->said().tag);
      one.set("offer", !said || said->flow != Flow::value ? Value()
                       : known.sensitive                  ? mask_(said->value)
                                                          : said->value);
      one.set("why", why_lost(position, voice, offer, held));
      list.push_back(std::move(one));
    }
    for (auto source : rule.authority) {
      bool speaks = std::any_of(voices_.begin(), voices_.end(),
                                [&](const Voice& voice) { return voice.source == source; });
      if (speaks) continue;
      Value one = empty_object();
      one.set("source", model_.sources[source].info.tag);
      one.set("offer", Value());
      one.set("why", why_no_record(source));
      list.push_back(std::move(one));
    }
    return list;
  }

  std::string why_lost(std::size_t position, const Voice& voice, const Offer* offer,
                       const IdentityAttribute* held) const {
    if (offer && !held && outranked(position, voice.source))
      return "weaker than the owner: what identifies comes from the owner";
    const auto& authority = model_.merge[position].authority;
    const bool speaks =
        std::find(authority.begin(), authority.end(), voice.source) != authority.end();
    if (auto why = offer || !speaks ? std::string() : unanswered(position, voice); !why.empty())
      return why;
    return loss(model_.merge[position], voice, offer, model_.schema.attributes[position].name,
                held ? held->source : "");
  }

  std::string why_no_record(std::size_t source) const {
    for (const auto& voice : gone_)
      if (voice.source == source)
        return "the record is gone since " + format_timestamp(*voice.told->gone_since);
    return "no record";
  }

  Value user_name() const {
    Value out = empty_object();
    const auto* held = identity_.find("userName");
    out.set("value", identity_.user_name);
    out.set("rule", held ? held->rule : "");
    for (const auto& pattern : model_.username.patterns)
      if (held && held->rule.starts_with(pattern.id)) out.set("at", pattern.at);
    Value schemes = empty_object();
    for (const auto& one : trace_.spelled) {
      std::string names;
      for (const auto& name : one.schemes) names += (names.empty() ? "" : ", ") + name;
      if (held && held->rule.starts_with(one.pattern)) schemes.set(one.hole, std::move(names));
    }
    if (!schemes.as_object().empty()) out.set("scheme", std::move(schemes));
    out.set("frozen", true);
    Value::List tried;
    for (const auto& one : trace_.tried) {
      Value attempt = empty_object();
      attempt.set("rule", one.rule);
      attempt.set("name", one.name);
      attempt.set("why", one.why);
      if (!one.by.empty()) attempt.set("by", one.by);
      tried.push_back(std::move(attempt));
    }
    out.set("tried", std::move(tried));
    return out;
  }

  Value inputs(const Rule& rule, const Identity& settled) const {
    Value out = empty_object();
    for (const auto& name : rule.program.reads().record) {
      const Attribute* known = model_.schema.find(name);
      const IdentityAttribute* held = settled.find(name);
      if (!held) continue;
      out.set(name, known && known->sensitive ? mask_(held->value) : held->value);
    }
    return out;
  }

  bool reads_sensitive(const Rule& rule) const {
    const auto& reads = rule.program.reads().record;
    return std::any_of(reads.begin(), reads.end(), [&](const std::string& name) {
      const Attribute* known = model_.schema.find(name);
      return known && known->sensitive;
    });
  }

  Value classification(const Identity& settled) const {
    Value out = empty_object();
    out.set("value", name_of(settled.classification));
    out.set("rule", settled.classification_rule);
    Value::List failed;
    for (const auto& rule : model_.classify.rules) {
      if (rule.rule.id == settled.classification_rule) {
        out.set("at", rule.rule.at);
        out.set("inputs", inputs(rule.rule, settled));
        const auto* evaluation = find_evaluation(trace_.rules, rule.rule);
        if (evaluation && !reads_sensitive(rule.rule))
          out.set("steps", steps_of(evaluation->steps));
        break;
      }
      failed.emplace_back(rule.rule.id);
    }
    if (!out.find("at")) out.set("at", model_.classify.otherwise_at);
    out.set("failed", std::move(failed));
    return out;
  }

  static Value groups(const Identity& settled) {
    Value::List list;
    for (const auto& group : settled.groups) {
      Value one = empty_object();
      one.set("path", group.path);
      one.set("role", group.role);
      one.set("rule", group.rule);
      if (group.create) one.set("create", true);
      list.push_back(std::move(one));
    }
    return list;
  }

  Value checks() const {
    Value::List list;
    for (const auto& check : model_.checks)
      if (const auto* evaluation = find_evaluation(trace_.rules, check.rule))
        list.push_back(evaluation_of(*evaluation, reads_sensitive(check.rule) ? &mask_ : nullptr));
    return list;
  }

  const Model& model_;
  std::vector<Voice> voices_;
  std::vector<Voice> gone_;
  const Identity& identity_;
  const SettleTrace& trace_;
  Timestamp run_time_;
  const Mask& mask_;
};

}  // namespace

Result<Value> explain_identity(const Engine& engine, std::span<const Told> told,
                               const Identity& identity, const World& world, Timestamp run_time,
                               const Mask& mask) {
  const Model& model = engine.impl().model;
  SettleTrace naming;
  if (!voices_of(model, told).empty()) {
    // The name is frozen; what was tried is shown by making it again, the person's own name
    // counting as free.
    Identity unnamed = identity;
    unnamed.user_name.clear();
    std::erase_if(unnamed.attributes, [](const auto& a) { return a.name == "userName"; });
    MUSTER_CHECK(settle_person(model, told, &unnamed, world, run_time, &naming));
  }
  SettleTrace trace;
  MUSTER_TRY(auto settled, settle_person(model, told, &identity, world, run_time, &trace));
  // Whose time is over is deleted by a run, with its guard; until then explain shows what is kept
  // of it.
  if (settled.until_deleted) settled.identity = *std::move(settled.until_deleted);
  trace.tried = std::move(naming.tried);
  trace.spelled = std::move(naming.spelled);
  Value out = Explanation(model, told, identity, trace, run_time, mask).write(settled);
  out.set("config", "sha256:" + engine.sha256());
  for (const auto& generated : model.generated) {
    Value one;
    one.set("why", "generated, not kept");
    out.find("attributes")->set(generated.name, std::move(one));
  }
  return out;
}

}  // namespace muster::mappings
