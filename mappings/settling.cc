// SPDX-License-Identifier: Apache-2.0
#include "mappings/settling.h"

#include <algorithm>

namespace muster::mappings {

Result<Settled> Settling::settle() {
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
  MUSTER_CHECK(add_drift(model_, voices_, before_, world_, identity_));
  auto reason = validate(model_, evaluator_, identity_, new_name_, identity_.findings);
  keep_notes();
  MUSTER_CHECK(referred_.status());
  identity_.references = referred_.asked();
  if (reason.empty()) reason = std::move(refused_);
  return finish(no_name.empty() ? std::move(reason) : std::move(no_name));
}

void Settling::keep_heard() {
  for (const auto& voice : voices_) {
    auto& heard = trace_->heard.emplace_back(Heard{voice.told->said().key, {}});
    for (const auto* offer : voice.offers)
      heard.offers.push_back(offer ? std::optional(*offer) : std::nullopt);
  }
}

void Settling::merge() {
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

void Settling::look_again_at(std::optional<Timestamp> time) {
  if (time && (!identity_.due || *time < *identity_.due)) identity_.due = time;
}

// What is held under that name; `from` moves forward with the names.
const IdentityAttribute* Settling::held_at(const std::string& name, std::size_t& from) const {
  if (!before_) return nullptr;
  int order = -1;
  while (from < before_->attributes.size() &&
         (order = before_->attributes[from].name.compare(name)) < 0)
    ++from;
  return order == 0 ? &before_->attributes[from] : nullptr;
}

void Settling::merge_one(const std::string& name, Choice choice) {
  look_again_at(choice.until);
  if (choice.drifted)
    identity_.findings.push_back(
        {Severity::info, "W-DRIFT", name,
         choice.source + " says something else by now, but " + choice.rule + " is `when: create`"});
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
void Settling::merge_enabled(std::size_t position) {
  auto choice = merge_attribute(model_, position, {voices_, gone_, nullptr, false, run_time_});
  look_again_at(choice.until);
  if (choice.kind == Choice::Kind::none) {
    for (auto source : model_.merge[position].authority)
      for (const auto& voice : voices_)
        if (voice.source == source && !voice.told->enabled && choice.source.empty())
          choice = {
              Choice::Kind::offered, Value(false), model_.sources[source].info.tag, {}, false, {}};
  }
  enabled_ = !choice.value.is_bool() || choice.value.as_bool();
  if (!enabled_)
    disabled_by_ = "source " + choice.source + " says inactive" +
                   (choice.rule.empty() ? "" : " (" + choice.rule + ")");
}

// Beside the user name of somebody whom an attribute refers to stands the id, which never
// changes.
void Settling::name_referred() {
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
void Settling::wish_groups() {
  std::optional<FromRecords> whole;
  auto see = [&](bool nested) {
    if (nested && !whole) whole.emplace(model_, voices_, true);
    look(nested ? *whole : from_);
  };
  identity_.groups = groups_of(model_, evaluator_, see, identity_.findings);
  merge_groups(model_, identity_.groups);
}

void Settling::keep_user_name() {
  identity_.user_name = before_->user_name;
  if (const auto* attribute = before_->find("userName"))
    identity_.attributes.push_back(*attribute);
  else
    identity_.attributes.push_back({"userName", before_->user_name, "", ""});
}

void Settling::name_sources() {
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
void Settling::describe_person() {
  person_ = Value::Object{};
  auto& members = person_.as_object();
  members.reserve(model_.described.size() + 3);
  for (const auto& attribute : identity_.attributes)
    if (std::binary_search(model_.described.begin(), model_.described.end(), attribute.name))
      members.push_back({attribute.name, attribute.value});
  members.push_back({"enabled", Value(enabled_)});
  members.push_back({"external", Value(false)});
}

void Settling::look(const FromRecords& from) {
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
void Settling::keep_notes() {
  if (!looked_) {
    looked_ = true;
    return;
  }
  for (const auto& note : evaluator_.machine().findings()) {
    const auto finding = finding_of(note, is_veiled(note.attribute));
    auto& known = identity_.findings;
    if (std::find(known.begin(), known.end(), finding) == known.end()) known.push_back(finding);
  }
}

// An attribute of the person, or of a record that rules about the person read (`from`).
bool Settling::is_veiled(std::string_view name) const {
  const auto* attribute = model_.schema.find(name);
  if (attribute != nullptr && attribute->sensitive) return true;
  return std::any_of(model_.sources.begin(), model_.sources.end(),
                     [&](const SourceModel& source) { return mappings::is_veiled(source, name); });
}

}  // namespace muster::mappings
