// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <list>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "mappings/language/machine.h"
#include "mappings/stages.h"

namespace muster::mappings {

// How `text`, a reference in the words of a source, is looked up: a directory's DN in its compare
// form, everything else as the keys of the source are compared.
Reference reference_to(const SourceInfo& source, std::string_view text);

// Somebody by user name, as rules about the person name others.
Reference person_called(std::string_view user_name);

// Whom the references of one person lead to. Asks `held` once per name and remembers what was
// asked. Lives while the person is settled.
class Referred {
 public:
  explicit Referred(const World& world) : world_(world) {}

  // nullptr: nobody, or `held` failed; see status().
  const Identity* find(const Reference& reference);
  // The person's attributes as rules read them; nullptr for nobody.
  const Value* facts(const Reference& reference);
  // Makes a person that was found known by user name too, without a question.
  void remember(const Identity& person);
  const Identity* remembered(std::string_view user_name) const;

  const Status& status() const { return status_; }
  // Sorted, each once.
  std::vector<Reference> asked() const;

 private:
  struct Answer {
    std::optional<Identity> person = {};
    std::optional<Value> facts = {};
    bool asked = true;  // false: remembered, `held` was not asked by this name
  };
  Answer& answer(const Reference& reference);

  const World& world_;
  std::map<Reference, Answer> answers_;
  Status status_;
};

// What `deref` sees in the rules about the person.
class ReferredByName : public Referents {
 public:
  explicit ReferredByName(Referred& referred) : referred_(referred) {}
  const Value* person(std::string_view user_name) override {
    return referred_.facts(person_called(user_name));
  }

 private:
  Referred& referred_;
};

// Lets the voices say what they can only say now that other people are known: values of late lines
// are added to their offers, references become the user names of the people they lead to, and one
// that leads to nobody is no word. `own` keeps the offers that are made. `refused`: why the person
// must wait, if a late line says so.
void hear_late_words(const Model& model, std::vector<Voice>& voices, Evaluator& evaluator,
                     Timestamp run_time, Referred& referred, std::list<Offer>& own,
                     std::vector<Finding>& findings, std::string& refused);

}  // namespace muster::mappings
