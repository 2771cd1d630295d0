// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "core/text.h"
#include "mappings/stages.h"

namespace muster::mappings {
namespace {

// The walk over one attribute's authorities, strongest first. It looks at nothing but the set of
// last contributions and, for `keep` and frozen lines, at what is held, so neither order nor
// repetition of deliveries can matter.
class Walk {
 public:
  Walk(const Model& model, std::size_t position, const std::vector<Voice>& voices,
       const IdentityAttribute* held, bool exists)
      : model_(model),
        position_(position),
        rule_(model.merge[position]),
        voices_(voices),
        exists_(exists),
        held_(held) {
    const auto& attribute = model.schema.attributes[position];
    identifier_ = is_identifier(attribute) && !rule_.named;
    enabled_ = attribute.name == "enabled" && !rule_.named;
    if (!identifier_ && !enabled_) return;
    for (const auto& voice : voices)
      owner_trust_ = std::max(owner_trust_, model.sources[voice.source].trust);
  }

  Choice choose() {
    for (auto source : rule_.authority)
      if (visit(source, false)) return std::move(choice_);
    if (choice_.kind == Choice::Kind::none && has_empty_line_)
      for (auto source : rule_.authority)
        if (visit(source, true)) return std::move(choice_);
    if (choice_.kind == Choice::Kind::none && kept_) take_held();
    return std::move(choice_);
  }

 private:
  const MapLine* line_of(std::size_t source) const {
    auto line = model_.sources[source].line_of[position_];
    return line ? &model_.sources[source].lines[*line] : nullptr;
  }

  // True when the walk ends here.
  bool visit(std::size_t source, bool empty_lines) {
    const MapLine* line = line_of(source);
    bool is_empty_line = line && line->when == When::empty;
    has_empty_line_ = has_empty_line_ || is_empty_line;
    if (is_empty_line != empty_lines) return false;
    if (identifier_ && outranked(source)) {
      choice_.unheard = choice_.unheard || has_word(source);
      return false;
    }
    auto [first, last] = accounts(source);
    if (first == last) return !empty_lines && gone(source);
    if (line && line->when == When::create && exists_) return frozen(*line, first, last);
    return listen(source, line, first, last);
  }

  // A weaker source than the owner of the person: it may not say who somebody is, nor switch
  // somebody on.
  bool outranked(std::size_t source) const { return model_.sources[source].trust < owner_trust_; }

  bool has_word(std::size_t source) const {
    auto [first, last] = accounts(source);
    return std::any_of(first, last, [&](const Voice& voice) {
      const Offer* offer = voice.offers[position_];
      return offer && offer->flow == Flow::value;
    });
  }

  bool switches_on(std::size_t source, const Offer& offer) const {
    return enabled_ && outranked(source) && offer.flow == Flow::value && offer.value == Value(true);
  }

  std::pair<const Voice*, const Voice*> accounts(std::size_t source) const {
    const Voice* begin = voices_.data();
    const Voice* end = begin + voices_.size();
    while (begin != end && begin->source != source) ++begin;
    const Voice* last = begin;
    while (last != end && last->source == source) ++last;
    return {begin, last};
  }

  bool gone(std::size_t source) {
    if (!rule_.gone_keep || !held_ || held_->source != model_.sources[source].info.tag)
      return false;
    return take_held();
  }

  bool frozen(const MapLine& line, const Voice* first, const Voice* last) {
    if (!held_ || held_->rule != line.rule.id) return false;
    for (; first != last; ++first) {
      const Offer* offer = first->offers[position_];
      if (!offer || offer->flow != Flow::value) continue;
      choice_.drifted = !(offer->value == held_->value);
      break;
    }
    return take_held();
  }

  bool listen(std::size_t source, const MapLine* line, const Voice* first, const Voice* last) {
    bool spoke = false;
    for (; first != last; ++first) {
      const Offer* offer = first->offers[position_];
      if (!offer || switches_on(source, *offer)) continue;
      if (offer->flow == Flow::clear) return true;
      spoke = true;
      if (offer->flow == Flow::keep)
        kept_ = true;
      else if (take(source, line, offer->value))
        return true;
    }
    if (spoke || !line) return false;
    if (rule_.absent == Absent::clear) return true;
    return rule_.absent == Absent::keep && take_held();
  }

  bool take(std::size_t source, const MapLine* line, const Value& value) {
    if (choice_.kind == Choice::Kind::none) {
      choice_.kind = Choice::Kind::offered;
      choice_.source = model_.sources[source].info.tag;
      choice_.rule = line ? line->rule.id : std::string();
    }
    if (rule_.combine == Combine::winner || !value.is_list()) {
      choice_.value = value;
      return true;
    }
    if (!choice_.value.is_list()) choice_.value = Value::List{};
    for (const auto& element : value.as_list())
      if (!has(element)) choice_.value.as_list().push_back(element);
    return false;
  }

  bool has(const Value& element) const {
    const auto& list = choice_.value.as_list();
    return std::any_of(list.begin(), list.end(), [&](const Value& other) {
      if (rule_.combine == Combine::all_folded && element.is_text() && other.is_text())
        return fold_key(element.as_text()) == fold_key(other.as_text());
      return element == other;
    });
  }

  bool take_held() {
    if (!held_) return true;
    choice_.kind = Choice::Kind::kept;
    choice_.value = held_->value;
    choice_.source = held_->source;
    choice_.rule = held_->rule;
    return true;
  }

  const Model& model_;
  std::size_t position_;
  const MergeRule& rule_;
  const std::vector<Voice>& voices_;
  bool exists_;
  const IdentityAttribute* held_;
  bool identifier_ = false;
  bool enabled_ = false;
  std::int64_t owner_trust_ = 0;
  Choice choice_;
  bool kept_ = false;
  bool has_empty_line_ = false;
};

// One pass over two sorted lists instead of a search per attribute.
std::vector<const Offer*> offers_of(const Schema& schema, const Contribution& contribution) {
  std::vector<const Offer*> offers(schema.attributes.size(), nullptr);
  std::size_t position = 0;
  for (const auto& offer : contribution.offers) {
    int order = -1;
    while (position < offers.size() &&
           (order = schema.attributes[position].name.compare(offer.attribute)) < 0)
      ++position;
    if (position == offers.size()) break;
    if (order == 0) offers[position] = &offer;
  }
  return offers;
}

}  // namespace

std::vector<Voice> voices_of(const Model& model, std::span<const Told> told) {
  std::vector<Voice> voices;
  voices.reserve(told.size());
  for (const auto& one : told)
    for (std::size_t i = 0; i < model.sources.size(); ++i)
      if (model.sources[i].info.name == one.contribution.key.source)
        voices.push_back({&one, i, {}});
  std::sort(voices.begin(), voices.end(), [](const Voice& a, const Voice& b) {
    return a.source != b.source ? a.source < b.source
                                : a.told->contribution.key.key < b.told->contribution.key.key;
  });
  auto last = std::unique(voices.begin(), voices.end(), [](const Voice& a, const Voice& b) {
    return a.told->contribution.key == b.told->contribution.key;
  });
  voices.erase(last, voices.end());
  for (auto& voice : voices) voice.offers = offers_of(model.schema, voice.told->contribution);
  return voices;
}

Choice merge_attribute(const Model& model, std::size_t position, const std::vector<Voice>& voices,
                       const IdentityAttribute* held, bool exists) {
  return Walk(model, position, voices, held, exists).choose();
}

}  // namespace muster::mappings
