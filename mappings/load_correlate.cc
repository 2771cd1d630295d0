// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "core/text.h"
#include "mappings/load.h"

namespace muster::mappings {
namespace {

// What a tier's `when` sees: the identity's attributes as one contribution offers them.
Environment offers_environment(const Model& model) {
  Environment environment;
  environment.library = model.library;
  environment.title = "the contribution";
  auto fields = std::make_shared<Fields>(*model.schema.fields());
  for (auto& field : fields->fields) field.type = as_optional(field.type);
  environment.record = fields;
  return environment;
}

Environment candidate_environment(const Model& model) {
  Environment environment;
  environment.library = model.library;
  environment.title = "a candidate";
  auto fields = std::make_shared<Fields>();
  Field user_name;
  user_name.name = "userName";
  user_name.type = text_type(true);
  Field groups;
  groups.name = "groups";
  groups.type = list_of(text_type(), true);
  fields->fields = {user_name, groups};
  environment.record = fields;
  return environment;
}

bool comparable(const Type& type) {
  const Type& single = type.kind == Type::Kind::list ? *type.element : type;
  return single.kind != Type::Kind::boolean && single.kind != Type::Kind::complex;
}

const Attribute* match_attribute(Loading& loading, const std::string& name, int line, int column) {
  const Attribute* attribute = loading.model.schema.find(name);
  if (!attribute)
    loading.report.error(line, column, "E-NAME",
                         "unknown attribute '" + name + "' of the identity" +
                             did_you_mean(name, loading.model.schema.names()));
  else if (!comparable(attribute->type))
    loading.report.error(
        line, column, "E-TYPE",
        "'" + name + "' is " + name_of(attribute->type) + ": nobody can be found by it");
  else
    return attribute;
  return nullptr;
}

// `{ userName: uid }`: the raw attribute is carried by the contribution under a name of its own.
void load_raw_match(Loading& loading, const YamlNode::Entry& entry, Tier& tier,
                    const std::string& what) {
  const Attribute* attribute = match_attribute(loading, entry.key, entry.line, entry.column);
  if (!attribute) return;
  auto offer = "match." + tier.id + "." + entry.key;
  for (auto& source : loading.model.sources) {
    const auto& only = tier.only;
    if (!only.empty() && std::find(only.begin(), only.end(), source.info.name) == only.end())
      continue;
    auto rule = loading.rule(entry.value, what + ".match." + entry.key, source.environment,
                             {text_type(true), false}, source.layout);
    if (rule) source.matches.push_back({*std::move(rule), offer});
  }
  tier.match.push_back({attribute->name, offer, attribute->type});
}

void load_match(Loading& loading, const YamlNode& node, Tier& tier, const std::string& what) {
  if (node.kind == YamlNode::Kind::mapping) {
    for (const auto& entry : node.entries) load_raw_match(loading, entry, tier, what);
    return;
  }
  for (const auto* name : loading.report.scalars(node, what + ".match")) {
    const auto* attribute = match_attribute(loading, name->text, name->line, name->column);
    if (!attribute) continue;
    if (attribute->settled)
      loading.report.error(*name, "E-NAME",
                           "no source maps '" + name->text + "': write { " + name->text +
                               ": ATTRIBUTE OF THE SOURCE }");
    else
      tier.match.push_back({attribute->name, attribute->name, attribute->type});
  }
}

void load_only(Loading& loading, const YamlNode& node, Tier& tier, const std::string& what) {
  for (const auto* name : loading.report.scalars(node, what + ".only")) {
    if (loading.model.source(name->text)) {
      tier.only.push_back(name->text);
      continue;
    }
    if (const auto tagged = loading.model.source_of_tag(name->text)) {
      loading.report.error(*name, "E-NAME",
                           "'" + name->text + "' is the tag of a source; here stands its name; " +
                               "did you mean '" + loading.model.sources[*tagged].info.name + "'?");
      continue;
    }
    std::vector<std::string> names;
    for (const auto& source : loading.model.sources) names.push_back(source.info.name);
    loading.report.error(*name, "E-NAME",
                         "unknown source '" + name->text + "'" + did_you_mean(name->text, names));
  }
}

// An address is passed on to others, a number is not: so by an address nobody is found who gave it
// up, unless the file says so.
Leavers load_leavers(Loading& loading, const YamlNode& node, const Tier& tier,
                     const std::string& what) {
  const bool by_mail =
      std::any_of(tier.match.begin(), tier.match.end(), [](const TierMatch& match) {
        const Type& type = match.type;
        return (type.kind == Type::Kind::list ? *type.element : type).kind == Type::Kind::email;
      });
  const auto word = loading.report.word(node, "leavers", what, {"ignore", "review", "link"},
                                        by_mail ? "ignore" : "review");
  if (word == "link" && !tier.link)
    loading.report.error(*node.find("leavers"), "E-VALUE",
                         what + " proposes (one: suggest), so it cannot link people who come back");
  if (word == "link" && by_mail)
    loading.report.warning(*node.find("leavers"), "W-LEAVER",
                           what +
                               " matches a mail address, which passes to a successor: that one "
                               "would be given the leaver's account");
  return word == "ignore" ? Leavers::ignore : word == "link" ? Leavers::link : Leavers::review;
}

void load_tier(Loading& loading, const YamlNode& node, std::vector<std::string>& ids,
               const Environment& offers) {
  Report& report = loading.report;
  if (!report.has_only(node, "correlate.tiers", {"id", "match", "when", "only", "one", "leavers"}))
    return;
  auto id = loading.need_id(node, "correlate.tiers", ids);
  auto what = id ? "correlate.tiers." + *id : std::string("correlate.tiers");
  Tier tier;
  tier.id = id.value_or("");
  tier.at = report.place(node);
  if (const auto* only = node.find("only")) load_only(loading, *only, tier, what);
  if (const auto* match = node.find("match"))
    load_match(loading, *match, tier, what);
  else
    report.error(node, "E-MISSING", what + " needs 'match'");
  if (const auto* match = node.find("match"); match && match->kind != YamlNode::Kind::scalar &&
                                              match->items.empty() && match->entries.empty())
    report.error(*match, "E-MISSING", what + " needs an attribute to match");
  tier.link = report.word(node, "one", what, {"link", "suggest"}, "suggest") == "link";
  tier.leavers = load_leavers(loading, node, tier, what);
  tier.when = loading.rule_at(node, "when", what + ".when", offers, condition(),
                              loading.model.correlate.offers_layout);
  if (tier.when && tier.when->program.reads().clock)
    report.error(*node.find("when"), "E-NAME", "run_date and run_time are not known in " + what);
  auto& attributes = loading.model.correlate.attributes;
  for (const auto& match : tier.match)
    if (std::find(attributes.begin(), attributes.end(), match.attribute) == attributes.end())
      attributes.push_back(match.attribute);
  loading.model.correlate.tiers.push_back(std::move(tier));
}

void load_section(Loading& loading, const YamlNode& node) {
  Report& report = loading.report;
  Model& model = loading.model;
  report.word(node, "many", "correlate", {"review"}, "review");
  model.correlate.create =
      report.word(node, "none", "correlate", {"create", "review"}, "create") == "create";
  std::vector<std::string> ids;
  auto offers = offers_environment(model);
  if (const auto* tiers = node.find("tiers");
      tiers && report.is_sequence(*tiers, "correlate.tiers"))
    for (const auto& tier : tiers->items) load_tier(loading, tier, ids, offers);
  model.correlate.never_link_to =
      loading.rule_at(node, "never_link_to", "correlate.never_link_to",
                      candidate_environment(model), condition(), model.correlate.candidate_layout);
  for (auto& source : model.sources)
    std::sort(source.matches.begin(), source.matches.end(),
              [](const MatchLine& a, const MatchLine& b) { return a.offer < b.offer; });
}

}  // namespace

void load_correlate(Loading& loading, const YamlNode& root) {
  Model& model = loading.model;
  auto& attributes = model.correlate.attributes;
  for (const auto& attribute : model.schema.attributes)
    if (attribute.unique) attributes.push_back(attribute.name);
  const YamlNode* node = root.find("correlate");
  if (node &&
      loading.report.has_only(*node, "correlate", {"tiers", "many", "none", "never_link_to"}))
    load_section(loading, *node);
  // Addresses are unique whatever the tiers ask for.
  if (std::find(attributes.begin(), attributes.end(), "email") == attributes.end())
    attributes.emplace_back("email");
}

}  // namespace muster::mappings
