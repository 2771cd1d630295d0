// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "mappings/engine.h"
#include "mappings/language/environment.h"
#include "mappings/language/machine.h"
#include "mappings/language/program.h"
#include "mappings/language/transliterate.h"
#include "mappings/schema.h"

namespace muster::mappings {

// A compiled expression, the name under which people see it and where it stands.
struct Rule {
  std::string id = {};  // "sources.entra.map.email", "own-domain"
  std::string at = {};  // "acme.yaml:43:20"
  Program program;
};

enum class OnError { none, keep, quarantine };
enum class When { always, create, empty };

// One line of a source's map. `out` is the attribute's position in Schema::attributes.
struct MapLine {
  Rule rule;
  std::string attribute = {};
  std::size_t out = 0;
  OnError on_error = OnError::none;
  bool says_on_error = false;  // the file does; otherwise load_doubts() decides
  bool sensitive = false;      // of a sensitive attribute: what was told is not shown
  When when = When::always;
  bool trim = false;  // the attribute's: see Attribute
  // Waits for other people (deref): no part of the contribution, evaluated when the person is
  // settled.
  bool late = false;
};

// A raw attribute that a tier compares with an identity attribute. It travels in the contribution
// as an offer of this name, which no identity attribute can have, because correlation sees
// contributions only.
struct MatchLine {
  Rule rule;
  std::string offer = {};  // "match.user-name.userName"
};

// What may become an offer, and from which outcome of a run: those of the lines, then those of the
// matches. A view of the source's.
struct OfferSource {
  std::string_view name = {};
  std::size_t outcome = 0;
  const MapLine* line = nullptr;  // nullptr: a match
};

struct SourceModel {
  SourceInfo info = {};
  std::shared_ptr<const Fields> fields = {};
  Environment environment = {};
  Layout layout = {};
  std::vector<Rule> scope = {};
  std::optional<Rule> primary = {};
  std::vector<MapLine> lines = {};       // in the order of their dependencies
  std::vector<std::size_t> sorted = {};  // positions in `lines`, by attribute
  std::vector<std::size_t> late = {};    // positions of the late lines and of those that they read
  std::vector<MatchLine> matches = {};   // by offer name
  // Made of the above by prepare_run(), when they stay where they are.
  std::vector<std::string> veiled =
      {};  // attributes of the record that sensitive lines read; sorted
  std::vector<const Code*> scope_codes = {};
  std::vector<OutLine> out_lines = {};
  std::vector<OfferSource> order = {};       // by name
  std::optional<std::size_t> enabling = {};  // position of the line of `enabled`
  // By attribute position: position in `lines`.
  std::vector<std::optional<std::size_t>> line_of = {};
  std::optional<std::int64_t> declared_trust = {};  // `trust:`
  std::int64_t trust = 0;                           // higher = stronger; see rank_sources
};

struct TierMatch {
  std::string attribute = {};  // of the identity
  std::string offer = {};      // of the contribution
  Type type = {};
};

// What a tier makes of people whom no source has any more: those who gave the value up are not
// found by it; a person decides about a new record of a source that had the person; or it is taken
// for the same one, who comes back.
enum class Leavers { ignore, review, link };

struct Tier {
  std::string id = {};
  std::string at = {};
  std::vector<TierMatch> match = {};
  std::vector<std::string> only = {};  // sources; empty = every one
  std::optional<Rule> when = {};
  bool link = false;  // exactly one candidate: link, or only suggest
  Leavers leavers = Leavers::review;
};

struct CorrelateModel {
  std::vector<Tier> tiers = {};
  Layout offers_layout = {};  // the tiers' `when`, over a contribution
  std::optional<Rule> never_link_to = {};
  Layout candidate_layout = {};
  std::vector<std::string> attributes = {};
  bool create = true;  // whom no tier finds is somebody new; otherwise a person decides
};

// What a source's silence means for an attribute: the next source may speak, nothing is there, or
// what the source said last stays.
enum class Silent { next, clear, keep };

// With `hold`, what the source said last stays for that long, then `then`.
struct Silence {
  std::optional<std::chrono::seconds> hold = {};
  Silent then = Silent::next;

  bool remembers() const { return hold || then == Silent::keep; }
};

enum class Combine { winner, all, all_folded };

struct MergeRule {
  std::vector<std::size_t> authority = {};  // positions in Model::sources, strongest first
  Silence absent = {};                      // the source has the person and no value
  Silence gone = {};  // the source does not have the person any more; never `clear`
  Combine combine = Combine::winner;
  bool named = false;  // the attribute's own authority: outranked sources may speak, too
};

// One piece of a user name pattern: literal text or an expression.
struct PatternPart {
  std::string literal = {};
  std::optional<Rule> rule = {};
  bool soft = false;  // none counts as ""
  bool mail = false;  // reads a mail address: cut at '+', single dots stay
};

struct Pattern {
  std::string id = {};  // "username.patterns[0]"
  std::string at = {};
  std::string text = {};
  bool take = false;  // the value as it is, if it is a valid user name
  std::vector<PatternPart> parts = {};
};

struct LocaleScheme {
  std::string locale = {};
  Schemes schemes = {};
};

struct UsernameModel {
  std::vector<Pattern> patterns = {};
  Schemes schemes = {};
  std::string by_attribute = {};  // "locale"; empty: the same schemes for everybody
  std::vector<LocaleScheme> by = {};
  std::vector<std::string> reserved = {};  // comparison form, sorted
  std::int64_t first_counter = 2;
  std::int64_t last_counter = 99;
  std::size_t max_length = 0;
};

struct ClassRule {
  Rule rule;
  Classification classification = Classification::external;
};

struct ClassifyModel {
  std::vector<ClassRule> rules = {};
  std::string otherwise_id = "otherwise";
  std::string otherwise_at = {};
  Classification otherwise = Classification::external;
};

struct GroupRule {
  std::string id = {};
  std::string at = {};
  std::optional<Rule> when = {};
  std::optional<Rule> each = {};  // `for`
  Rule to;
  std::string role = "member";
  bool create = false;   // the platform is to make the group when it is not there
  bool flatten = false;  // sees groups of groups
  bool slugs = false;    // the path follows from an item by slug()
};

struct GroupsModel {
  std::vector<std::string> managed = {};
  std::vector<GroupRule> rules = {};
  bool flattens = false;  // some rule has `flatten`
  // Between wishes that follow from sources (`merge.attributes.groups`): positions in
  // Model::sources, strongest first.
  Combine combine = Combine::all;
  std::vector<std::size_t> authority = {};
};

struct Check {
  Rule rule;
  Severity severity = Severity::error;
  std::string attribute = {};  // the first one it reads
  std::string message = {};
};

struct LifecycleModel {
  AbsencePolicy absence = {};
  GuardLimits guard = {};
  std::optional<Rule> expired = {};
};

// A mapping file, checked and compiled. Filled by the loaders, then read-only and shared between
// threads.
struct Model {
  std::string file = {};
  std::int64_t content = 0;  // hash of the file and everything it includes
  std::string sha256 = {};   // the same for people: hex
  bool clock = false;        // some rule reads run_date or run_time
  Schema schema = {};
  std::shared_ptr<Library> library = std::make_shared<Library>();
  std::vector<SourceModel> sources = {};
  std::vector<SourceInfo> infos = {};
  std::vector<std::size_t> by_trust = {};  // positions in `sources`, strongest first
  CorrelateModel correlate = {};
  MergeRule merge_default = {};
  std::vector<MergeRule> merge = {};  // by attribute position
  Environment identity = {};          // what rules about the identity see
  Layout identity_layout = {};
  std::vector<std::string> described = {};  // identity attributes that those rules read, sorted
  bool reads_records = false;
  bool reads_groups = false;
  bool refers = false;                       // something follows from other people
  std::vector<std::size_t> references = {};  // positions of attributes of type ref that are mapped
  std::vector<std::string> dereferenced = {};  // attributes of others that rules read, sorted
  bool reads_external = false;  // some rule behind the classification reads its result
  // What rules read of records, per source: raw names, and whether groups are among it.
  std::vector<std::vector<std::string>> from_reads = {};
  UsernameModel username = {};
  ClassifyModel classify = {};
  GroupsModel groups = {};
  std::vector<Check> checks = {};
  LifecycleModel lifecycle = {};
  std::vector<Generated> generated = {};

  const SourceModel* source(std::string_view name) const;
  std::optional<std::size_t> source_of_tag(std::string_view tag) const;
  bool hears_gone() const;  // see Engine
};

// Gives every source its rank: `trust:` where the file has it (0 where it has not), else the place
// in merge.default.authority. The strongest source with a live record of a person owns it.
void rank_sources(Model& model);

// Whether only the owner may say it while it is there: user names, mail addresses, unique
// attributes.
bool is_identifier(const Attribute& attribute);

class Engine::Impl {
 public:
  explicit Impl(Model m) : model(std::move(m)) {}
  Model model;
};

}  // namespace muster::mappings
