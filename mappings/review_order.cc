// SPDX-License-Identifier: Apache-2.0
#include "mappings/review_order.h"

#include <algorithm>

#include "mappings/implication.h"

namespace muster::mappings {
namespace {

// Each rule of a list is compared with each: of the first thousand, so that long lists load fast.
constexpr int most_comparisons = 500'000;

// One rule of a list with its condition.
struct Ranked {
  const YamlNode* node = nullptr;
  std::string id = {};
  Node condition = {};
};

std::string text_at(const YamlNode& node, std::string_view key) {
  const YamlNode* found = node.find(key);
  return found ? found->text : std::string();
}

void warn(Loading& loading, const YamlNode& at, const std::string& message) {
  loading.report.warning(at, "W-UNREACH", message);
}

// Compares each rule with those before it.
void review_conditions(Loading& loading, const Doubts& doubts, const YamlNode* list,
                       std::string_view key) {
  if (!list) return;
  const Library& library = *loading.model.library;
  std::vector<Ranked> before;
  Before together(library);
  int comparisons = most_comparisons;
  for (const auto& item : list->items) {
    SyntaxError error;
    auto condition =
        doubts.compiled(item.find(key)) ? parse(text_at(item, key), error) : std::nullopt;
    if (!condition) continue;
    Ranked rule{&item, text_at(item, "id"), *std::move(condition)};
    const auto earlier = std::find_if(before.begin(), before.end(), [&](const Ranked& other) {
      return --comparisons > 0 && implies(rule.condition, other.condition, library);
    });
    if (constant_truth(rule.condition) == false)
      warn(loading, item, "'" + rule.id + "' never holds");
    else if (earlier != before.end())
      warn(loading, item,
           "'" + rule.id + "' decides nothing: " +
               (constant_truth(earlier->condition) == true
                    ? "'" + earlier->id + "' before it always holds"
                    : "where it holds, '" + earlier->id + "' before it has held"));
    else if (together.leaves_nothing(rule.condition))
      warn(loading, item,
           "'" + rule.id + "' decides nothing: where it holds, one of those before it has held");
    together.add(rule.condition);
    before.push_back(std::move(rule));
  }
}

// Whether all that `later` may ask, `earlier` has asked.
bool covers(const Tier& earlier, const Tier& later) {
  if (earlier.when && (!later.when || earlier.when->program.text() != later.when->program.text()))
    return false;
  const auto asks_all = std::all_of(later.only.begin(), later.only.end(), [&](const auto& source) {
    return std::find(earlier.only.begin(), earlier.only.end(), source) != earlier.only.end();
  });
  if (!earlier.only.empty() && (later.only.empty() || !asks_all)) return false;
  return std::equal(earlier.match.begin(), earlier.match.end(), later.match.begin(),
                    later.match.end(), [](const TierMatch& a, const TierMatch& b) {
                      return a.attribute == b.attribute && a.offer == a.attribute &&
                             b.offer == b.attribute;
                    });
}

void review_tiers(Loading& loading, const Doubts& doubts, const YamlNode& tiers) {
  std::vector<Tier const*> understood;
  for (const auto& tier : loading.model.correlate.tiers) {
    const auto written =
        std::find_if(tiers.items.begin(), tiers.items.end(),
                     [&](const YamlNode& item) { return loading.report.place(item) == tier.at; });
    if (written != tiers.items.end() && doubts.understood(&*written)) understood.push_back(&tier);
  }
  for (std::size_t i = 0; i < understood.size(); ++i)
    for (std::size_t j = 0; j < i; ++j) {
      if (!covers(*understood[j], *understood[i])) continue;
      const auto written = std::find_if(
          tiers.items.begin(), tiers.items.end(),
          [&](const YamlNode& item) { return loading.report.place(item) == understood[i]->at; });
      warn(loading, *written,
           "the tier '" + understood[i]->id + "' finds nobody: '" + understood[j]->id +
               "' before it has asked for the same");
      break;
    }
}

void review_patterns(Loading& loading, const YamlNode& patterns) {
  std::vector<std::string> before;
  for (const auto& item : patterns.items) {
    const auto text = item.kind == YamlNode::Kind::mapping ? text_at(item, "take") : item.text;
    if (std::find(before.begin(), before.end(), text) != before.end())
      warn(loading, item, "the same pattern is there before");
    before.push_back(text);
  }
}

}  // namespace

void review_order(Loading& loading, const YamlNode& root, const Doubts& doubts) {
  if (const YamlNode* sources = root.find("sources"))
    for (const auto& source : sources->entries)
      review_conditions(loading, doubts, source.value.find("scope"), "skip");
  if (const YamlNode* classify = root.find("classify"))
    review_conditions(loading, doubts, classify->find("rules"), "when");
  const YamlNode* correlate = root.find("correlate");
  if (const YamlNode* tiers = correlate ? correlate->find("tiers") : nullptr)
    review_tiers(loading, doubts, *tiers);
  const YamlNode* username = root.find("username");
  if (const YamlNode* patterns = username ? username->find("patterns") : nullptr)
    review_patterns(loading, *patterns);
}

}  // namespace muster::mappings
