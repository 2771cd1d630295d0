// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <list>
#include <string>
#include <vector>

#include "mappings/references.h"
#include "mappings/stages.h"

namespace muster::mappings {

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

// Settles one person, stage by stage: settle() once.
class Settling {
 public:
  Settling(const Model& model, std::vector<Voice> voices, std::vector<Voice> gone,
           const Identity* before, const World& world, Timestamp run_time, SettleTrace* trace)
      : model_(model),
        voices_(std::move(voices)),
        gone_(std::move(gone)),
        before_(before),
        world_(world),
        run_time_(run_time),
        trace_(trace),
        evaluator_(trace ? &trace->rules : nullptr),
        from_(model, voices_),
        referred_(world),
        by_name_(referred_) {
    if (!before) return;
    identity_.id = before->id;
    identity_.version = before->version;
    identity_.created = before->created;
    identity_.modified = before->modified;
  }

  Result<Settled> settle();

 private:
  // settling.cc: what is known of the person
  void keep_heard();
  void merge();
  Hearing hearing(const IdentityAttribute* held) const {
    return {voices_, gone_, held, before_ != nullptr, run_time_};
  }
  void look_again_at(std::optional<Timestamp> time);
  const IdentityAttribute* held_at(const std::string& name, std::size_t& from) const;
  void merge_one(const std::string& name, Choice choice);
  void merge_enabled(std::size_t position);
  void name_referred();
  void wish_groups();
  void keep_user_name();
  void name_sources();
  void describe_person();
  void look() { look(from_); }
  void look(const FromRecords& from);
  void keep_notes();
  bool is_veiled(std::string_view name) const;

  // settling_state.cc: name, state and what speaks against them
  Result<std::string> give_user_name();
  std::string why_no_name(const UserName& made);
  void decide_state();
  void expire(const Rule& rule);
  void look_for_missing();
  bool was_found_unique(const Attribute& known, const IdentityAttribute& attribute) const;
  Status check_unique();
  Settled finish(std::string reason);

  const Model& model_;
  std::vector<Voice> voices_;
  std::vector<Voice> gone_;
  const Identity* before_;
  const World& world_;
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

}  // namespace muster::mappings
