// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <list>

#include "mappings/references.h"
#include "mappings/stages.h"

namespace muster::mappings {
namespace {

// What rules see as `from.<tag>`: the record of the source's first account, with the groups that
// the person is in.
class FromRecords {
 public:
  // `nested`: with the groups that the person is in by other groups.
  FromRecords(const Model& model, const std::vector<Voice>& voices, bool nested = false) {
    if (!model.reads_records && !model.reads_groups) return;
    made_.resize(model.sources.size());
    pointers_.assign(model.sources.size(), nullptr);
    for (const auto& voice : voices) {
      if (pointers_[voice.source]) continue;
      pointers_[voice.source] = &voice.told->record;
      if (model.reads_groups) add_groups(model, voice, nested);
    }
  }

  std::span<const Value* const> view() const { return pointers_; }

 private:
  void add_groups(const Model& model, const Voice& voice, bool nested) {
    Value record{Value::Object{}};
    for (const auto& name : model.from_reads[voice.source])
      if (const Value* value = voice.told->record.find_fold(name)) record.set(name, *value);
    Value::List groups;
    for (const auto& told : voice.told->groups) {
      if (told.nested && !nested) continue;
      Value group{Value::Object{}};
      group.set("display", told.display);
      group.set("value", told.value);
      groups.push_back(std::move(group));
    }
    record.set("groups", std::move(groups));
    made_[voice.source] = std::move(record);
    pointers_[voice.source] = &made_[voice.source];
  }

  std::vector<Value> made_;
  std::vector<const Value*> pointers_;
};

// Settles one person, stage by stage.
class Settling {
 public:
  Settling(const Model& model, std::vector<Voice> voices, std::vector<Voice> gone,
           const Identity* before, const Held& held, Timestamp run_time, SettleTrace* trace)
      : model_(model),
        voices_(std::move(voices)),
        gone_(std::move(gone)),
        before_(before),
        held_(held),
        run_time_(run_time),
        trace_(trace),
        evaluator_(trace ? &trace->rules : nullptr),
        from_(model, voices_),
        referred_(held),
        by_name_(referred_) {
    if (!before) return;
    identity_.id = before->id;
    identity_.version = before->version;
    identity_.created = before->created;
    identity_.modified = before->modified;
  }

  Result<Settled> settle() {
    hear_late_words(model_, voices_, evaluator_, run_time_, referred_, own_offers_,
                    identity_.findings, refused_);
    if (trace_) keep_heard();
    merge();
    name_referred();
    name_sources();
    describe_person();
    look();
    MUSTER_TRY(std::string no_name, give_user_name());
    auto classified = classify(model_, evaluator_);
    identity_.classification = classified.classification;
    identity_.classification_rule = std::move(classified.rule);
    if (model_.reads_external) {
      *person_.find("external") = identity_.classification == Classification::external;
      look();
    }
    decide_state();
    wish_groups();
    MUSTER_CHECK(check_unique());
    MUSTER_CHECK(add_drift(model_, voices_, before_, held_, identity_));
    auto reason = validate(model_, evaluator_, identity_, new_name_, identity_.findings);
    keep_notes();
    MUSTER_CHECK(referred_.status());
    identity_.references = referred_.asked();
    if (reason.empty()) reason = std::move(refused_);
    return finish(no_name.empty() ? std::move(reason) : std::move(no_name));
  }

 private:
  void keep_heard() {
    for (const auto& voice : voices_) {
      auto& heard = trace_->heard.emplace_back(Heard{voice.told->said().key, {}});
      for (const auto* offer : voice.offers)
        heard.offers.push_back(offer ? std::optional(*offer) : std::nullopt);
    }
  }

  void merge() {
    const auto& attributes = model_.schema.attributes;
    identity_.attributes.reserve(attributes.size());
    std::size_t held = 0;  // both lists are sorted by name
    for (std::size_t i = 0; i < attributes.size(); ++i) {
      if (attributes[i].name == "enabled") {
        merge_enabled(i);
      } else if (!attributes[i].settled) {
        merge_one(attributes[i].name,
                  merge_attribute(model_, i, hearing(held_at(attributes[i].name, held))));
      } else if (attributes[i].name == "userName" && before_ && !before_->user_name.empty()) {
        keep_user_name();
      }
    }
  }

  Hearing hearing(const IdentityAttribute* held) const {
    return {voices_, gone_, held, before_ != nullptr, run_time_};
  }

  void look_again_at(std::optional<Timestamp> time) {
    if (time && (!identity_.due || *time < *identity_.due)) identity_.due = time;
  }

  // What is held under that name; `from` moves forward with the names.
  const IdentityAttribute* held_at(const std::string& name, std::size_t& from) const {
    if (!before_) return nullptr;
    int order = -1;
    while (from < before_->attributes.size() &&
           (order = before_->attributes[from].name.compare(name)) < 0)
      ++from;
    return order == 0 ? &before_->attributes[from] : nullptr;
  }

  void merge_one(const std::string& name, Choice choice) {
    look_again_at(choice.until);
    if (choice.drifted)
      identity_.findings.push_back({Severity::info, "W-DRIFT", name,
                                    choice.source + " says something else by now, but " +
                                        choice.rule + " is `when: create`"});
    if (choice.kind == Choice::Kind::none || choice.value.absent()) {
      if (choice.unheard)
        identity_.findings.push_back(
            {Severity::info, "W-OWNER", name,
             "only a source weaker than the person's owner has a value, which is not used; to let "
             "it speak, name it in merge.attributes." +
                 name + ".authority"});
      return;
    }
    if (name == "email" && choice.value.is_text()) identity_.email = choice.value.as_text();
    identity_.attributes.push_back(
        {name, std::move(choice.value), std::move(choice.source), std::move(choice.rule)});
  }

  // Somebody is enabled unless the strongest source that has an opinion says otherwise.
  void merge_enabled(std::size_t position) {
    auto choice = merge_attribute(model_, position, {voices_, gone_, nullptr, false, run_time_});
    look_again_at(choice.until);
    if (choice.kind == Choice::Kind::none) {
      for (auto source : model_.merge[position].authority)
        for (const auto& voice : voices_)
          if (voice.source == source && !voice.told->enabled && choice.source.empty())
            choice = {Choice::Kind::offered,
                      Value(false),
                      model_.sources[source].info.tag,
                      {},
                      false,
                      {}};
    }
    enabled_ = !choice.value.is_bool() || choice.value.as_bool();
    if (!enabled_)
      disabled_by_ = "source " + choice.source + " says inactive" +
                     (choice.rule.empty() ? "" : " (" + choice.rule + ")");
  }

  // Beside the user name of somebody whom an attribute refers to stands the id, which never
  // changes.
  void name_referred() {
    for (auto position : model_.references) {
      const auto& name = model_.schema.attributes[position].name;
      auto& attributes = identity_.attributes;
      auto attribute = std::find_if(attributes.begin(), attributes.end(),
                                    [&](const auto& a) { return a.name == name; });
      if (attribute == attributes.end() || !attribute->value.is_text()) continue;
      const auto* person = referred_.remembered(attribute->value.as_text());
      const auto* held = before_ ? before_->find(name) : nullptr;
      if (person)
        attribute->refers_to = person->id;
      else if (held && held->value == attribute->value)
        attribute->refers_to = held->refers_to;
    }
  }

  // Rules with `flatten` see the groups of the sources and all that those are in.
  void wish_groups() {
    std::optional<FromRecords> whole;
    auto see = [&](bool nested) {
      if (nested && !whole) whole.emplace(model_, voices_, true);
      look(nested ? *whole : from_);
    };
    identity_.groups = groups_of(model_, evaluator_, see, identity_.findings);
    merge_groups(model_, identity_.groups);
  }

  void keep_user_name() {
    identity_.user_name = before_->user_name;
    if (const auto* attribute = before_->find("userName"))
      identity_.attributes.push_back(*attribute);
    else
      identity_.attributes.push_back({"userName", before_->user_name, "", ""});
  }

  void name_sources() {
    auto add = [&](std::size_t source) {
      const auto& tag = model_.sources[source].info.tag;
      auto speaks = [&](const Voice& voice) { return voice.source == source; };
      auto& sources = identity_.sources;
      if (std::any_of(voices_.begin(), voices_.end(), speaks) &&
          std::find(sources.begin(), sources.end(), tag) == sources.end())
        sources.push_back(tag);
    };
    for (auto source : model_.by_trust) add(source);
  }

  // The person as an object, with what rules read of it.
  void describe_person() {
    person_ = Value::Object{};
    auto& members = person_.as_object();
    members.reserve(model_.described.size() + 3);
    for (const auto& attribute : identity_.attributes)
      if (std::binary_search(model_.described.begin(), model_.described.end(), attribute.name))
        members.push_back({attribute.name, attribute.value});
    members.push_back({"enabled", Value(enabled_)});
    members.push_back({"external", Value(false)});
  }

  void look() { look(from_); }

  void look(const FromRecords& from) {
    keep_notes();
    Inputs inputs;
    inputs.record = &person_;
    inputs.from = from.view();
    inputs.sources = identity_.sources;
    inputs.run_time = run_time_;
    inputs.referents = &by_name_;
    evaluator_.start(model_.identity_layout, inputs);
  }

  // What the rules had to say beside their results (a look-alike domain), before the next start
  // forgets it.
  void keep_notes() {
    if (!looked_) {
      looked_ = true;
      return;
    }
    for (const auto& note : evaluator_.machine().findings()) {
      Finding finding{Severity::warning, std::string(note.code), std::string(note.attribute),
                      std::string(note.message)};
      auto& known = identity_.findings;
      if (std::find(known.begin(), known.end(), finding) == known.end())
        known.push_back(std::move(finding));
    }
  }

  // Empty, or why the person stays without a user name.
  Result<std::string> give_user_name() {
    if (!identity_.user_name.empty()) return std::string();
    MUSTER_TRY(auto made, make_user_name(model_, evaluator_, person_, held_, identity_.id));
    if (trace_ || made.name.empty()) MUSTER_CHECK(tell_holders(held_, made.tried));
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

  std::string why_no_name(const UserName& made) {
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

  void decide_state() {
    identity_.state = IdentityState::active;
    const auto& expired = model_.lifecycle.expired;
    if (!enabled_) {
      identity_.state = IdentityState::inactive;
      identity_.state_reason = disabled_by_;
    } else if (expired && evaluator_.holds(*expired)) {
      identity_.state = IdentityState::inactive;
      identity_.state_reason = "expired: " + expired->program.text() + " (lifecycle.expired)";
    }
    look_for_missing();
  }

  // Absent records speak until their grace is over; somebody who has no others will then go.
  void look_for_missing() {
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
  bool was_found_unique(const Attribute& known, const IdentityAttribute& attribute) const {
    const auto* old = before_ ? before_->find(known.name) : nullptr;
    if (!old || !(old->value == attribute.value)) return false;
    return std::none_of(before_->findings.begin(), before_->findings.end(), [&](const Finding& f) {
      return f.code == "W-UNIQUE" && f.attribute == known.name;
    });
  }

  // Asks only about values that are new, so that a person who does not change costs no question.
  Status check_unique() {
    for (const auto& known : model_.schema.attributes) {
      if (!known.unique) continue;
      const auto* attribute = identity_.find(known.name);
      if (!attribute || was_found_unique(known, *attribute)) continue;
      for (const auto& key : keys_of(known.type, attribute->value)) {
        MUSTER_TRY(auto holders, held_.find({known.name, key}));
        for (const auto& holder : holders)
          if (holder.identity_id != identity_.id)
            identity_.findings.push_back({Severity::warning, "W-UNIQUE", known.name,
                                          "the same value belongs to " + holder.user_name +
                                              "; correct it in " + attribute->source});
      }
    }
    return {};
  }

  Settled finish(std::string reason) {
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

  const Model& model_;
  std::vector<Voice> voices_;
  std::vector<Voice> gone_;
  const Identity* before_;
  const Held& held_;
  Timestamp run_time_;
  SettleTrace* trace_;
  Evaluator evaluator_;
  FromRecords from_;
  Referred referred_;
  ReferredByName by_name_;
  std::list<Offer> own_offers_;
  std::string refused_;
  Identity identity_;
  Value person_;
  bool enabled_ = true;
  std::string disabled_by_;
  bool new_name_ = false;
  bool looked_ = false;
};

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
                              const Identity* before, const Held& held, Timestamp run_time,
                              SettleTrace* trace) {
  if (before && before->state == IdentityState::deleted) return Settled{*before, false, {}};
  auto voices = voices_of(model, told);
  if (voices.empty() && before) return silent(model, told, *before, run_time);
  if (voices.empty())
    return fail(Fault::invalid,
                "a person needs at least one record of a source that the mapping knows");
  return Settling(model, std::move(voices), gone_voices_of(model, told), before, held, run_time,
                  trace)
      .settle();
}

}  // namespace muster::mappings
