// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "core/text.h"
#include "mappings/load.h"

namespace muster::mappings {
namespace {

// The scheme that a scalar names; an error unless it is for `script` ("": any).
std::optional<Scheme> scheme(Loading& loading, const YamlNode& node, std::string_view script) {
  const auto fitting = scheme_names(script);
  const auto found = parse_scheme(node.text);
  if (found && std::find(fitting.begin(), fitting.end(), node.text) != fitting.end()) return found;
  std::string names;
  for (const auto& name : fitting) names += (names.empty() ? "; there is: " : ", ") + name;
  const auto meant = did_you_mean(node.text, fitting);
  const auto problem = found ? "scheme '" + node.text + "' is not for " + std::string(script)
                             : "unknown scheme '" + node.text + "'";
  loading.report.error(node, "E-VALUE", problem + (found || meant.empty() ? names : meant));
  return std::nullopt;
}

// `latin: german`, `cyrillic: icao` and so on.
void load_scripts(Loading& loading, const YamlNode& node, const std::string& what,
                  Schemes& schemes) {
  auto read = [&](const char* script, auto& into) {
    const YamlNode* value = node.find(script);
    if (!value || !loading.report.is_scalar(*value, what + "." + script)) return;
    if (auto chosen = scheme(loading, *value, script)) into = *chosen;
  };
  read("latin", schemes.latin);
  read("cyrillic", schemes.cyrillic);
  read("greek", schemes.greek);
  read("georgian", schemes.georgian);
  read("hangul", schemes.hangul);
  read("kana", schemes.kana);
  read("han", schemes.han);
}

// What differs for one locale: a scheme for the scripts that it knows, or schemes by script.
void load_locale(Loading& loading, const YamlNode::Entry& locale, const std::string& what) {
  LocaleScheme by{fold_key(locale.key), loading.model.username.schemes};
  if (locale.value.kind == YamlNode::Kind::mapping) {
    if (!loading.report.has_only(
            locale.value, what,
            {"latin", "cyrillic", "greek", "georgian", "hangul", "kana", "han"}))
      return;
    load_scripts(loading, locale.value, what, by.schemes);
  } else if (!loading.report.is_scalar(locale.value, what)) {
    return;
  } else if (auto chosen = scheme(loading, locale.value, "")) {
    by.schemes.use(*chosen);
  }
  loading.model.username.by.push_back(std::move(by));
}

void load_by(Loading& loading, const YamlNode& node) {
  Report& report = loading.report;
  const std::string what = "username.transliterate.by";
  if (!report.is_mapping(node, what)) return;
  for (const auto& entry : node.entries) {
    const Attribute* attribute = loading.model.schema.find(entry.key);
    if (!attribute || attribute->type.kind != Type::Kind::text) {
      report.error(entry.line, entry.column, "E-NAME",
                   "'" + entry.key + "' is no text attribute of the identity" +
                       did_you_mean(entry.key, loading.model.schema.names()));
      continue;
    }
    loading.model.username.by_attribute = entry.key;
    if (!report.is_mapping(entry.value, what + "." + entry.key)) continue;
    for (const auto& locale : entry.value.entries)
      load_locale(loading, locale, what + "." + entry.key + "." + locale.key);
  }
}

void load_transliterate(Loading& loading, const YamlNode& node) {
  const std::string what = "username.transliterate";
  if (!loading.report.has_only(
          node, what,
          {"latin", "cyrillic", "greek", "georgian", "hangul", "kana", "han", "other", "by"}))
    return;
  loading.report.word(node, "other", what, {"refuse"}, "refuse");
  load_scripts(loading, node, what, loading.model.username.schemes);
  if (const auto* by = node.find("by")) load_by(loading, *by);
}

// Whether an expression takes its text from a mail address.
bool reads_mail(const Schema& schema, const Program& program) {
  const auto& names = program.reads().record;
  return std::any_of(names.begin(), names.end(), [&](const std::string& name) {
    const Attribute* attribute = schema.find(name);
    return attribute && attribute->type.kind == Type::Kind::email;
  });
}

void forbid_circle(Loading& loading, const YamlNode& node, const Program& program) {
  for (const char* later : {"userName", "external"})
    for (const auto& name : program.reads().record)
      if (name == later)
        loading.report.error(node, "E-CYCLE",
                             "'" + name + "' is not known yet when user names are made");
}

// What stands between the holes comes as it is into every name, in small letters.
std::string literal_part(Loading& loading, const YamlNode& node, std::string_view written,
                         bool first, bool last) {
  auto text = ascii_lower(written);
  const Attribute& attribute = *loading.model.schema.find("userName");
  const auto spelt = problem_with(attribute, Value("abc" + text + "abc"));
  const auto symbol = [](char c) { return !((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')); };
  if (!spelt.empty() || !is_ascii(text))
    loading.report.error(node, "E-VALUE",
                         "no user name can have '" + std::string(written) + "' in it" +
                             (spelt.empty() ? ": it has letters outside ASCII" : ": it " + spelt));
  else if ((first && symbol(text.front())) || (last && symbol(text.back())))
    loading.report.error(node, "E-VALUE",
                         "a user name begins and ends with a letter or a digit, not with '" +
                             std::string(written) + "'");
  return text;
}

void load_pattern(Loading& loading, const YamlNode& node, std::size_t index) {
  Report& report = loading.report;
  Model& model = loading.model;
  Pattern pattern;
  pattern.id = "username.patterns[" + std::to_string(index) + "]";
  pattern.at = report.place(node);
  auto compiled = [&](std::string_view text, const Place& place) {
    auto rule = loading.rule(text, place, pattern.id, model.identity, {text_type(true), false},
                             model.identity_layout);
    if (rule) forbid_circle(loading, node, rule->program);
    return rule;
  };
  if (node.kind == YamlNode::Kind::mapping) {
    if (!report.has_only(node, pattern.id, {"take"}) || !loading.need(node, "take", pattern.id))
      return;
    const YamlNode& take = *node.find("take");
    pattern.take = true;
    pattern.text = take.text;
    PatternPart part;
    part.rule = compiled(take.text, place_of(take, report.file()));
    if (part.rule) pattern.parts.push_back(std::move(part));
  } else if (report.is_scalar(node, pattern.id)) {
    pattern.text = node.text;
    auto parts = split_template(node.text, place_of(node, report.file()), report.diagnostics());
    if (!parts) return;
    for (auto& piece : *parts) {
      PatternPart part;
      part.soft = piece.soft;
      if (piece.expression) {
        part.rule = compiled(piece.text, piece.place);
        if (!part.rule) return;
        part.mail = reads_mail(model.schema, part.rule->program);
      } else {
        const bool first = pattern.parts.empty();
        part.literal = literal_part(loading, node, piece.text, first, &piece == &parts->back());
      }
      pattern.parts.push_back(std::move(part));
    }
  }
  if (!pattern.parts.empty()) model.username.patterns.push_back(std::move(pattern));
}

void load_collision(Loading& loading, const YamlNode& node) {
  UsernameModel& username = loading.model.username;
  if (!loading.report.has_only(node, "username.collision", {"counter", "max"})) return;
  auto counter = loading.report.integer(node, "counter", "username.collision");
  auto max = loading.report.integer(node, "max", "username.collision");
  username.first_counter = counter.value_or(username.first_counter);
  username.last_counter = max.value_or(username.last_counter);
  if (username.last_counter < username.first_counter)
    loading.report.error(node, "E-VALUE", "username.collision.max is below its counter");
}

}  // namespace

void load_username(Loading& loading, const YamlNode& root) {
  Report& report = loading.report;
  UsernameModel& username = loading.model.username;
  username.max_length = loading.model.schema.find("userName")->limits.max;
  const YamlNode* node = root.find("username");
  if (!node) {
    report.error(root, "E-MISSING", "the file needs 'username' with 'patterns'");
    return;
  }
  if (!report.has_only(*node, "username",
                       {"when", "transliterate", "patterns", "collision", "never_reuse", "reserved",
                        "max_length"}))
    return;
  report.word(*node, "when", "username", {"create"}, "create");
  if (report.boolean(*node, "never_reuse", "username") == false)
    report.error(*node->find("never_reuse"), "E-UNSUPPORTED",
                 "user names are never given to a second person: the platform refuses it");
  if (const auto* part = node->find("transliterate")) load_transliterate(loading, *part);
  if (const auto* part = node->find("collision")) load_collision(loading, *part);
  if (const auto* reserved = node->find("reserved"))
    for (const auto* name : report.scalars(*reserved, "username.reserved"))
      username.reserved.push_back(fold_key(name->text));
  std::sort(username.reserved.begin(), username.reserved.end());
  if (auto length = report.integer(*node, "max_length", "username")) {
    username.max_length = std::min(username.max_length, static_cast<std::size_t>(*length));
    const auto least = std::max(loading.model.schema.find("userName")->limits.min,
                                std::to_string(username.last_counter).size() + 1);
    if (username.max_length < least)
      report.error(*node->find("max_length"), "E-VALUE",
                   "username.max_length leaves no room for a name and its counter: at least " +
                       std::to_string(least));
  }
  const YamlNode* patterns = node->find("patterns");
  if (patterns && !report.is_sequence(*patterns, "username.patterns")) return;
  if (!patterns || patterns->items.empty())
    report.error(patterns ? *patterns : *node, "E-MISSING", "username needs 'patterns'");
  else
    for (std::size_t i = 0; i < patterns->items.size(); ++i)
      load_pattern(loading, patterns->items[i], i);
}

}  // namespace muster::mappings
