// SPDX-License-Identifier: Apache-2.0
#include "mappings/engine.h"

#include <algorithm>
#include <array>
#include <fstream>
#include <sstream>

#include "core/content_hash.h"
#include "core/digest.h"
#include "core/yaml.h"
#include "mappings/coverage.h"
#include "mappings/file_tests.h"
#include "mappings/language/code.h"
#include "mappings/load.h"
#include "mappings/stages.h"

namespace muster::mappings {
namespace {

// Counts changes of what the same file means: stored evaluations of an older meaning are made
// again.
constexpr const char* meaning = "mapping/v1 1";

void check_version(Report& report, const YamlNode& root) {
  const YamlNode* version = root.find("version");
  if (!version)
    report.error(root, "E-VERSION", "the file needs 'version: mapping/v1'");
  else if (version->text != "mapping/v1")
    report.error(*version, "E-VERSION",
                 "this program reads mapping/v1, not '" + version->text + "'");
}

void add_names(std::vector<std::string>& into, const std::vector<std::string>& names) {
  for (const auto& name : names)
    if (std::find(into.begin(), into.end(), name) == into.end()) into.push_back(name);
}

// What each source has to be asked for.
void collect_reads(Model& model) {
  for (std::size_t i = 0; i < model.sources.size(); ++i) {
    SourceModel& source = model.sources[i];
    std::vector<std::string> reads = {source.info.key};
    auto add = [&](const Rule& rule) { add_names(reads, rule.program.reads().record); };
    for (const auto& rule : source.scope) add(rule);
    for (const auto& line : source.lines) add(line.rule);
    for (const auto& match : source.matches) add(match.rule);
    if (source.primary) add(*source.primary);
    auto& from = model.from_reads[i];
    std::erase(from, "groups");
    add_names(reads, from);
    if (source.info.kind == "ldap") std::erase(reads, "dn");
    std::sort(reads.begin(), reads.end());
    source.info.reads_one.clear();
    for (const auto& name : reads) {
      const auto field = source.fields->find(name);
      if (field && source.fields->fields[*field].type.kind != Type::Kind::list)
        source.info.reads_one.push_back(name);
    }
    source.info.reads = std::move(reads);
    prepare_run(source);
    model.infos.push_back(source.info);
  }
}

// What rules about the person read of it.
void collect_described(Model& model) {
  auto& names = model.described;
  for (const auto& slot : model.identity_layout.slots().slots)
    if (slot.root == 0) names.push_back(spelled(slot.path[0].field));
  if (!model.username.by_attribute.empty()) names.push_back(model.username.by_attribute);
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
}

void load_all(Loading& loading, const YamlNode& root) {
  check_version(loading.report, root);
  loading.report.has_only(
      root, "the mapping file",
      {"version", "include", "schema", "tables", "sets", "fragments", "sources", "correlate",
       "merge", "username", "classify", "groups", "lifecycle", "validate", "generate", "tests"});
  load_schema(loading, root);
  load_names(loading, root);
  load_sources(loading, root);
  load_correlate(loading, root);
  load_merge(loading, root);
  rank_sources(loading.model);
  load_username(loading, root);
  loading.model.identity.people = fields_of_others(loading.model.schema);
  load_classify(loading, root);
  load_groups(loading, root);
  load_lifecycle(loading, root);
  load_checks(loading, root);
  load_generate(loading, root);
  load_references(loading, root);
  if (!has_errors(loading.report.diagnostics())) load_doubts(loading.model);
  collect_described(loading.model);
}

// By place, so that people can go through their file from top to bottom.
void sort_by_place(std::vector<Diagnostic>& diagnostics) {
  std::stable_sort(diagnostics.begin(), diagnostics.end(),
                   [](const Diagnostic& a, const Diagnostic& b) {
                     if (a.file != b.file) return a.file < b.file;
                     return a.line != b.line ? a.line < b.line : a.column < b.column;
                   });
}

// Whether the file could be read to its end: what follows from a part that is missing is not worth
// telling.
bool is_whole(const std::vector<Diagnostic>& diagnostics) {
  return std::all_of(diagnostics.begin(), diagnostics.end(),
                     [](const auto& d) { return d.code == "E-DUP" || d.code == "E-KEY"; });
}

}  // namespace

Loaded Engine::load_text(std::string_view yaml, std::string file_name, const LoadOptions& options) {
  Loaded loaded;
  auto file = read_yaml(yaml, file_name);
  loaded.diagnostics = std::move(file.diagnostics);
  if (!is_whole(loaded.diagnostics)) return loaded;
  if (file.root.kind != YamlNode::Kind::mapping) {
    if (!has_errors(loaded.diagnostics))
      loaded.diagnostics.push_back({Severity::error, file_name, 1, 1, "E-TYPE",
                                    "a mapping file needs keys and values: version, sources, ..."});
    return loaded;
  }
  Model model;
  model.file = file_name;
  Report report(loaded.diagnostics, file_name);
  Loading loading{report, model, std::filesystem::path(file_name).parent_path(), std::string(yaml)};
  loading.dropped = has_errors(loaded.diagnostics);
  load_all(loading, file.root);
  const bool good = !has_errors(loaded.diagnostics);
  review_whole(loading, file.root);
  collect_reads(model);
  model.content = content_hash(meaning + loading.content);
  model.sha256 = sha256_hex(loading.content);
  loaded.sha256 = model.sha256;
  loaded.sources = model.sources.size();
  loaded.rules = rules_of(model).size();
  auto engine = std::make_shared<const Engine>(std::make_unique<const Impl>(std::move(model)));
  if (const YamlNode* tests = file.root.find("tests"); tests && options.run_tests) {
    if (good)
      loaded.tests = run_file_tests(report, *tests, *engine);
    else
      check_file_tests(report, *tests, *engine);
  }
  if (!has_errors(loaded.diagnostics)) loaded.engine = std::move(engine);
  sort_by_place(loaded.diagnostics);
  return loaded;
}

Loaded Engine::load_file(const std::filesystem::path& path, const LoadOptions& options) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  if (!in) {
    Loaded loaded;
    loaded.diagnostics.push_back(
        {Severity::error, path.string(), 0, 0, "E-FILE", "the mapping file cannot be read"});
    return loaded;
  }
  return load_text(text.str(), path.string(), options);
}

Engine::Engine(std::unique_ptr<const Impl> impl) : impl_(std::move(impl)) {}
Engine::~Engine() = default;

const std::vector<SourceInfo>& Engine::sources() const { return impl_->model.infos; }

const SourceInfo* Engine::source(std::string_view name) const {
  for (const auto& info : impl_->model.infos)
    if (info.name == name) return &info;
  return nullptr;
}

std::int64_t Engine::fingerprint(Timestamp run_time) const {
  if (!impl_->model.clock) return impl_->model.content;
  auto day = std::chrono::floor<std::chrono::days>(run_time).time_since_epoch().count();
  return content_hash(std::to_string(impl_->model.content) + " " + std::to_string(day));
}

const std::vector<std::string>& Engine::match_attributes() const {
  return impl_->model.correlate.attributes;
}

std::vector<std::string> Engine::attribute_names() const {
  std::vector<std::string> names;
  for (const auto& attribute : impl_->model.schema.attributes) names.push_back(attribute.name);
  return names;
}

bool Engine::sensitive(std::string_view attribute) const {
  const Attribute* known = impl_->model.schema.find(attribute);
  return known != nullptr && known->sensitive;
}

const std::string& Engine::sha256() const { return impl_->model.sha256; }

bool Engine::reads_records() const { return impl_->model.reads_records; }
bool Engine::reads_groups() const { return impl_->model.reads_groups; }
bool Engine::reads_clock() const { return impl_->model.clock; }
bool Engine::hears_gone() const { return impl_->model.hears_gone(); }
const std::vector<Generated>& Engine::generated() const { return impl_->model.generated; }
bool Engine::flattens() const { return impl_->model.groups.flattens; }
bool Engine::refers() const { return impl_->model.refers; }

const std::vector<std::string>& Engine::dereferenced() const { return impl_->model.dereferenced; }

std::vector<Reference> Engine::references(const Contribution& contribution) const {
  return references_of(impl_->model, contribution);
}

AbsencePolicy Engine::absence() const { return impl_->model.lifecycle.absence; }
GuardLimits Engine::guard() const { return impl_->model.lifecycle.guard; }

std::string Engine::user_name_problem(std::string_view name) const {
  return problem_with_name(impl_->model, std::string(name));
}

Mapped Engine::map(const SourceRecord& record, Timestamp run_time, const Earlier& before) const {
  return map_record(impl_->model, record, run_time, nullptr, before);
}

Contribution Engine::carry(const Contribution& before, Contribution now, Timestamp run_time) const {
  return carry_over(impl_->model, before, std::move(now), run_time);
}

std::vector<MatchKey> Engine::match_keys(const Contribution& contribution) const {
  return match_keys_of(impl_->model, contribution);
}

Result<Correlation> Engine::correlate(const Contribution& contribution, const World& world) const {
  return correlate_record(impl_->model, contribution, world);
}

std::string Engine::link_refusal(std::string_view source, const Candidate& person) const {
  return link_refusal_of(impl_->model, source, person);
}

std::vector<MatchKey> Engine::index_keys(const Identity& identity) const {
  return index_keys_of(impl_->model, identity);
}

Result<Settled> Engine::settle(std::span<const Told> told, const Identity* before,
                               const World& world, Timestamp run_time) const {
  return settle_person(impl_->model, told, before, world, run_time, nullptr);
}

}  // namespace muster::mappings
