// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <fstream>
#include <iterator>

#include "core/text.h"
#include "mappings/csv_table.h"
#include "mappings/load.h"
#include "mappings/review_expression.h"

namespace muster::mappings {
namespace {

namespace fs = std::filesystem;

constexpr std::uintmax_t most_table_bytes = 64 << 20;

// A file that the mapping names; nullopt after a diagnostic. `what` says what it is for.
std::optional<std::string> read_text(Report& report, const YamlNode& name, const fs::path& path,
                                     const std::string& what) {
  std::error_code problem;
  const bool is_file = fs::is_regular_file(path, problem);
  if (is_file && fs::file_size(path, problem) > most_table_bytes) {
    report.error(name, "E-LIMIT", what + " " + path.string() + " has more than 64 MiB");
    return std::nullopt;
  }
  std::ifstream in(path, std::ios::binary);
  if (!is_file || !in) {
    report.error(name, "E-FILE",
                 "cannot read " + what + " " + path.string() +
                     (problem   ? ": " + problem.message()
                      : is_file ? ": it cannot be opened"
                                : ": it is no file"));
    return std::nullopt;
  }
  return std::string(std::istreambuf_iterator<char>(in), {});
}

// Keys of which each says what the thing is: a second one is a mistake, not an addition.
void only_one_of(Report& report, const YamlNode& node, const std::string& what,
                 std::initializer_list<std::string_view> keys) {
  std::string first;
  for (const auto& entry : node.entries) {
    if (std::find(keys.begin(), keys.end(), entry.key) == keys.end()) continue;
    if (first.empty())
      first = entry.key;
    else if (first != entry.key)
      report.error(entry.line, entry.column, "E-KEY",
                   what + " has '" + first + "' already; it cannot have '" + entry.key + "' too");
  }
}

Table::Match match_of(Report& report, const YamlNode& node, std::string_view what) {
  auto word = report.word(node, "match", what, {"exact", "fold"}, "exact");
  return word == "fold" ? Table::Match::fold : Table::Match::exact;
}

void load_inline(Report& report, const YamlNode& rows, const std::string& what, Table& table) {
  if (!report.is_mapping(rows, what)) return;
  for (const auto& row : rows.entries) {
    if (!report.is_scalar(row.value, what + "." + row.key)) continue;
    if (!table.add(row.key, {row.value.text}))
      report.error(row.line, row.column, "E-DUP", "the key '" + row.key + "' is there twice");
  }
}

// A table file: CSV with a header line; one column is the key, one or all others are values.
std::optional<Table> load_file(Loading& loading, const YamlNode& node, const std::string& what,
                               Table::Match match, Table::Missing missing) {
  Report& report = loading.report;
  const YamlNode& file = *node.find("file");
  if (!report.is_scalar(file, what + ".file")) return std::nullopt;
  auto path = loading.folder / file.text;
  auto text = read_text(report, file, path, "the table file");
  if (!text) return std::nullopt;
  loading.content += *text;
  auto key = loading.need(node, "key", what);
  if (!key) return std::nullopt;
  Report inside(report.diagnostics(), path.string());
  auto rows = read_csv_table(inside, *text);
  if (!rows) return std::nullopt;
  return table_of(report, inside, node, what, *rows, *key, match, missing);
}

void load_table(Loading& loading, const YamlNode::Entry& entry) {
  Report& report = loading.report;
  auto what = "tables." + entry.key;
  if (!report.has_only(entry.value, what, {"file", "inline", "key", "value", "match", "missing"}))
    return;
  only_one_of(report, entry.value, what, {"file", "inline"});
  auto match = match_of(report, entry.value, what);
  auto missing = report.word(entry.value, "missing", what, {"absent", "error"}, "absent") == "error"
                     ? Table::Missing::error
                     : Table::Missing::absent;
  std::optional<Table> table;
  if (entry.value.find("file")) {
    table = load_file(loading, entry.value, what, match, missing);
  } else if (const auto* rows = entry.value.find("inline")) {
    table = Table({"value"}, match, missing);
    load_inline(report, *rows, what, *table);
  } else {
    report.error(entry.line, entry.column, "E-MISSING", what + " needs 'file' or 'inline'");
  }
  // An unreadable table is there all the same: its uses are not errors of their own.
  if (!table) table = Table({"value"}, match, missing);
  if (!loading.model.library->tables.emplace(entry.key, *std::move(table)).second)
    report.error(entry.line, entry.column, "E-DUP", what + " is defined already");
}

// "*.acme.example" and "@acme.example" are how other products write it.
std::string domain_meant(std::string_view written) {
  const bool below = written.starts_with("*.");
  written.remove_prefix(std::min(written.find_first_not_of("*.@"), written.size()));
  DomainSet set(below);
  if (!set.add(std::string(written))) return {};
  return std::string(below ? "; subdomains: true takes what is below" : "") + "; did you mean '" +
         std::string(written) + "'?";
}

template <class Set>
Set filled(Report& report, const YamlNode& items, const std::string& what, std::string_view code,
           Set set) {
  for (const auto* item : report.scalars(items, what)) {
    if constexpr (std::is_same_v<Set, TextSet>) {
      set.add(item->text);
    } else if (auto added = set.add(item->text); !added) {
      report.error(
          *item, code,
          added.error().detail + (code == "E-DOMAIN" ? domain_meant(item->text) : std::string()));
    }
  }
  return set;
}

void load_set(Loading& loading, const YamlNode::Entry& entry) {
  Report& report = loading.report;
  auto what = "sets." + entry.key;
  if (!report.has_only(entry.value, what, {"domains", "subdomains", "dns", "texts", "match"}))
    return;
  only_one_of(report, entry.value, what, {"domains", "dns", "texts"});
  std::optional<NamedSet> set;
  if (const auto* domains = entry.value.find("domains")) {
    DomainSet empty(report.boolean(entry.value, "subdomains", what).value_or(false));
    set = filled(report, *domains, what + ".domains", "E-DOMAIN", std::move(empty));
  } else if (const auto* dns = entry.value.find("dns")) {
    set = filled(report, *dns, what + ".dns", "E-DN", DnSet());
  } else if (const auto* texts = entry.value.find("texts")) {
    set = filled(report, *texts, what + ".texts", "E-VALUE",
                 TextSet(match_of(report, entry.value, what)));
  } else {
    return report.error(entry.line, entry.column, "E-MISSING",
                        what + " needs 'domains', 'dns' or 'texts'");
  }
  if (!loading.model.library->sets.emplace(entry.key, *std::move(set)).second)
    report.error(entry.line, entry.column, "E-DUP", what + " is defined already");
}

void load_fragment(Loading& loading, const YamlNode::Entry& entry) {
  Report& report = loading.report;
  auto what = "fragments." + entry.key;
  if (!report.has_only(entry.value, what, {"params", "expr"})) return;
  Fragment fragment;
  fragment.name = entry.key;
  if (const auto* params = entry.value.find("params"); params && report.is_mapping(*params, what)) {
    for (const auto& param : params->entries) {
      auto type = parse_type(param.value.text);
      if (!type)
        report.error(param.value, "E-TYPE",
                     "unknown type '" + param.value.text + "'" +
                         did_you_mean(param.value.text, type_names()));
      // The parameter is there all the same: its uses are not errors of their own.
      fragment.parameters.push_back({param.key, type.value_or(text_type())});
    }
  }
  if (!loading.need(entry.value, "expr", what)) return;
  const YamlNode& expr = *entry.value.find("expr");
  fragment.text = expr.text;
  fragment.place = place_of(expr, report.file());
  review_expression(fragment.text, fragment.place, *loading.model.library, report.diagnostics());
  if (!loading.model.library->fragments.emplace(entry.key, std::move(fragment)).second)
    report.error(entry.line, entry.column, "E-DUP", what + " is defined already");
}

// A mistake in the entry makes the name one from which nothing follows.
template <void (*load)(Loading&, const YamlNode::Entry&)>
void load_doubted(Loading& loading, const YamlNode::Entry& entry) {
  auto& diagnostics = loading.report.diagnostics();
  const auto before = diagnostics.size();
  load(loading, entry);
  if (std::any_of(diagnostics.begin() + static_cast<std::ptrdiff_t>(before), diagnostics.end(),
                  [](const Diagnostic& one) { return one.severity == Severity::error; }))
    loading.model.library->broken.insert(entry.key);
}

void load_sections(Loading& loading, const YamlNode& root) {
  Report& report = loading.report;
  auto each = [&](const char* section, void (*load)(Loading&, const YamlNode::Entry&)) {
    const YamlNode* node = root.find(section);
    if (!node || !report.is_mapping(*node, section)) return;
    for (const auto& entry : node->entries) load(loading, entry);
  };
  each("tables", load_doubted<load_table>);
  each("sets", load_doubted<load_set>);
  each("fragments", load_fragment);
}

// An included file holds fragments, tables and sets only, so that a list of rules is always visible
// in one place, and includes nothing itself.
void load_include(Loading& loading, const YamlNode& name, std::vector<fs::path>& seen) {
  const auto path = loading.folder / name.text;
  std::error_code problem;
  const auto real = fs::weakly_canonical(path, problem);
  if (!seen.empty() && real == seen.front())
    return loading.report.error(name, "E-CYCLE",
                                "the file includes itself: " + name.text + " -> " + name.text);
  if (std::find(seen.begin(), seen.end(), real) != seen.end())
    return loading.report.error(name, "E-DUP", "the file " + name.text + " is included twice");
  seen.push_back(real);
  auto text = read_text(loading.report, name, path, "the included file");
  if (!text) return;
  loading.content += *text;
  auto file = read_yaml(*text, path.string());
  auto& all = loading.report.diagnostics();
  all.insert(all.end(), file.diagnostics.begin(), file.diagnostics.end());
  if (file.root.kind == YamlNode::Kind::null) return;
  Report report(all, path.string());
  if (const YamlNode* nested = file.root.find("include"))
    report.error(*nested, "E-KEY",
                 "an included file cannot include others: name them in the mapping file itself");
  if (!report.has_only(file.root, "an included file",
                       {"version", "include", "tables", "sets", "fragments"}))
    return;
  Loading inner{report, loading.model, path.parent_path()};
  load_sections(inner, file.root);
  loading.content += inner.content;
}

}  // namespace

void load_names(Loading& loading, const YamlNode& root) {
  std::error_code problem;
  std::vector<fs::path> seen = {fs::weakly_canonical(loading.report.file(), problem)};
  if (const auto* includes = root.find("include"))
    for (const auto* name : loading.report.scalars(*includes, "include"))
      load_include(loading, *name, seen);
  load_sections(loading, root);
  check_fragments(*loading.model.library, loading.report.diagnostics());
}

}  // namespace muster::mappings
