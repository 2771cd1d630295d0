// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <span>
#include <string>
#include <vector>

#include "core/json_node.h"
#include "mappings/engine.h"
#include "mappings/evaluator.h"
#include "mappings/model.h"
#include "mappings/record_mapper.h"

namespace muster::mappings {

// The attributes of a record, in place: valid until the reader reads another text. Refused: what
// core/json.h refuses, and a text that is no object (code E-JSON).
Result<JsonNode> read_document(JsonReader& reader, std::string_view json);

// scope -> map.
Mapped map_record(const Model& model, const SourceRecord& record, Timestamp run_time,
                  std::vector<Evaluation>* trace, const Earlier& before = {});

// Fills what SourceModel has for running; neither the source nor its lines may move afterwards.
void prepare_run(SourceModel& source);
Mapped copy_of(const MappedView& view, const SourceKey& key, const SourceModel& source);
std::string no_such_source(std::string_view source);

// What is told of an evaluation that failed, or that left something out, beside its outcome.
struct Failure {
  Severity severity = Severity::warning;
  std::string attribute = {};  // of the identity
  const Rule* rule = nullptr;
  std::string_view effect = {};  // "the value is left out"
  bool veiled = false;           // what was told is not shown
};
Finding finding_of(const Outcome& outcome, const Failure& failure);
// What a line says whose evaluation failed.
Finding finding_of(const MapLine& line, const Outcome& outcome);
// The same for one that left elements out of a list.
Finding finding_of_elements(const MapLine& line, const Outcome& outcome);
// What is odd about the record itself.
Finding finding_of(const ReadFinding& odd, bool veiled);
// Whether values of that attribute of the source's records are not shown.
bool is_veiled(const SourceModel& source, std::string_view read);
// A rule and where it stands, as findings name it.
std::string title_of(const Rule& rule);

// See Engine.
std::vector<Reference> references_of(const Model& model, const Contribution& contribution);

// Correlation; see Engine.
std::vector<MatchKey> match_keys_of(const Model& model, const Contribution& contribution);
std::vector<MatchKey> index_keys_of(const Model& model, const Identity& identity);
// The comparison forms of a value of that type: one, one per element, or none.
std::vector<std::string> keys_of(const Type& type, const Value& value);
Result<Correlation> correlate_record(const Model& model, const Contribution& contribution,
                                     const World& world);
std::string link_refusal_of(const Model& model, std::string_view source, const Candidate& person);
bool speaks_for(const Tier& tier, std::string_view source);

// One contribution of a person, in merge order.
struct Voice {
  const Told* told = nullptr;
  std::size_t source = 0;                 // position in Model::sources
  std::vector<const Offer*> offers = {};  // by attribute position; nullptr: no word
};

// The live ones by source, then `primary:`, then key; repetitions of one (source, key) once.
// Contributions of sources that the file does not know are left out.
std::vector<Voice> voices_of(const Model& model, std::span<const Told> told);
// Those that are gone; of one source the last to leave first.
std::vector<Voice> gone_voices_of(const Model& model, std::span<const Told> told);

// See Engine::carry.
Contribution carry_over(const Model& model, const Contribution& before, Contribution now,
                        Timestamp run_time);

// What merging one attribute gave.
struct Choice {
  enum class Kind { none, offered, kept };
  Kind kind = Kind::none;
  Value value = {};
  std::string source = {};  // tag
  std::string rule = {};
  bool drifted = false;  // a `when: create` line says something else by now
  bool unheard = false;  // a source weaker than the owner had a value for an identifier
  std::optional<Timestamp> until = {};  // when a hold ends that the choice may rest on
};

// What merging an attribute looks at.
struct Hearing {
  const std::vector<Voice>& live;
  const std::vector<Voice>& gone;
  const IdentityAttribute* held = nullptr;  // what the person has of it, if anything
  bool exists = false;  // somebody known, for whom `when: create` lines are frozen
  Timestamp run_time = {};
};

// Merges the attribute at `position` of the schema.
Choice merge_attribute(const Model& model, std::size_t position, const Hearing& hearing);

// Adds W-DRIFT for links that would be made otherwise today: a record whose value of the attribute
// that linked it is not the person's any more, and a person whose new value finds somebody else.
// The links stay.
Status add_drift(const Model& model, const std::vector<Voice>& voices, const Identity* before,
                 const World& world, Identity& identity);

// A user name that was tried and why it was not taken; for explain and for quarantine messages.
struct Tried {
  std::string rule = {};
  std::string name = {};
  std::string why = {};
  bool taken = false;
  std::string by = {};  // who holds it, once tell_holders() was asked
};

// By which schemes the text of a hole was written in ASCII.
struct Spelled {
  std::string pattern = {};  // its id
  std::string hole = {};
  std::vector<std::string> schemes = {};
};

struct UserName {
  std::string name = {};  // empty: none could be made
  std::string rule = {};
  std::vector<Tried> tried = {};
  std::vector<Spelled> spelled = {};  // only holes with letters that are not ASCII
};

// Whether UserName::spelled is wanted; it costs about as much as the name.
enum class ShowSpelling { no, yes };

// Makes a user name for the person that `evaluator` was started on.
Result<UserName> make_user_name(const Model& model, Evaluator& evaluator, const Value& person,
                                const World& world, std::string_view identity_id,
                                ShowSpelling show);

// Why the profile or `username.reserved` forbids a name; empty when they do not.
std::string problem_with_name(const Model& model, const std::string& name);

// Fills in who holds the names that were taken.
Status tell_holders(const World& world, std::vector<Tried>& tried);

// The part of a user name that a text becomes; empty when nothing is left, nullopt when a letter
// has no ASCII form.
std::optional<std::string> user_name_part(std::string_view text, const Schemes& schemes, bool mail);

struct Classified {
  Classification classification = Classification::external;
  std::string rule = {};
};

Classified classify(const Model& model, Evaluator& evaluator);

// Why no rule may fill that path, as the end of a sentence; empty when one may: below a managed
// prefix, and of segments that no platform reads in another way.
std::string path_problem(const GroupsModel& groups, std::string_view path);

// Sorted by path and role, each once. `see` starts the evaluator on a view of the person with or
// without the groups of groups (`flatten`); it begins and ends without.
std::vector<GroupMembership> groups_of(const Model& model, Evaluator& evaluator,
                                       const std::function<void(bool nested)>& see,
                                       std::vector<Finding>& findings);

// What remains of the wishes when sources disagree (`merge.attributes.groups`).
void merge_groups(const Model& model, std::vector<GroupMembership>& wishes);

// Checks of the profile and of the file. Empty, or the reason for quarantine.
std::string validate(const Model& model, Evaluator& evaluator, const Identity& identity,
                     bool new_name, std::vector<Finding>& findings);

// What one voice said about each attribute of the schema in the end: its late lines evaluated, the
// people it refers to found. Nothing where it has no word.
struct Heard {
  SourceKey key = {};
  std::vector<std::optional<Offer>> offers = {};
};

// What settling a person looked at.
struct SettleTrace {
  std::vector<Heard> heard = {};
  std::vector<Evaluation> rules = {};
  std::vector<Tried> tried = {};
  std::vector<Spelled> spelled = {};
};

Result<Settled> settle_person(const Model& model, std::span<const Told> told,
                              const Identity* before, const World& world, Timestamp run_time,
                              SettleTrace* trace);

}  // namespace muster::mappings
