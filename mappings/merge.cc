// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "core/text.h"
#include "mappings/stages.h"

namespace muster::mappings {
namespace {

// Whether a `primary:` of `a` goes before that of `b`: true before false, the smaller before the
// larger, anything before none.
bool before(const Value& a, const Value& b) {
  if (a.is_none() || b.is_none()) return !a.is_none();
  if (a.is_bool() && b.is_bool()) return a.as_bool() && !b.as_bool();
  if (a.is_int() && b.is_int()) return a.as_int() < b.as_int();
  if (a.is_text() && b.is_text()) return a.as_text() < b.as_text();
  return false;
}

// The walk over one attribute's authorities, strongest first. It looks at nothing but the set of
// last contributions, what they remember, the run time and, for frozen lines, at what is held, so
// neither order nor repetition of deliveries can matter.
class Walk {
 public:
  Walk(const Model& model, std::size_t position, const Hearing& hearing)
      : model_(model),
        position_(position),
        attribute_(model.schema.attributes[position].name),
        rule_(model.merge[position]),
        hearing_(hearing) {
    const auto& attribute = model.schema.attributes[position];
    identifier_ = is_identifier(attribute) && !rule_.named;
    enabled_ = attribute.name == "enabled" && !rule_.named;
    if (!identifier_ && !enabled_) return;
    for (const auto& voice : hearing.live)
      owner_trust_ = std::max(owner_trust_, model.sources[voice.source].trust);
  }

  Choice choose() {
    if (!walk(false) && choice_.kind == Choice::Kind::none && has_empty_line_) walk(true);
    if (!ended_ && choice_.kind == Choice::Kind::none) take_kept();
    return std::move(choice_);
  }

 private:
  using Accounts = std::span<const Voice>;

  const MapLine* line_of(std::size_t source) const {
    auto line = model_.sources[source].line_of[position_];
    return line ? &model_.sources[source].lines[*line] : nullptr;
  }

  bool walk(bool empty_lines) {
    for (auto source : rule_.authority)
      if (visit(source, empty_lines)) return ended_ = true;
    return false;
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
    auto live = accounts(hearing_.live, source);
    if (line && line->when == When::create && hearing_.exists) return frozen(source, *line, live);
    return live.empty() ? gone(source, line) : listen(source, line, live);
  }

  // A weaker source than the owner of the person: it may not say who somebody is, nor switch
  // somebody on.
  bool outranked(std::size_t source) const { return model_.sources[source].trust < owner_trust_; }

  bool has_word(std::size_t source) const {
    auto live = accounts(hearing_.live, source);
    return std::any_of(live.begin(), live.end(), [&](const Voice& voice) {
      const Offer* offer = voice.offers[position_];
      return offer && offer->flow == Flow::value;
    });
  }

  bool switches_on(std::size_t source, const Value& value) const {
    return enabled_ && outranked(source) && value == Value(true);
  }

  static Accounts accounts(const std::vector<Voice>& voices, std::size_t source) {
    const Voice* begin = voices.data();
    const Voice* end = begin + voices.size();
    while (begin != end && begin->source != source) ++begin;
    const Voice* last = begin;
    while (last != end && last->source == source) ++last;
    return {begin, last};
  }

  // Whether what was dropped then still counts by that rule, and when that ends.
  bool remembers(const Silence& silence, Timestamp since) {
    if (!silence.remembers()) return false;
    if (!silence.hold) return true;
    const auto end = since + *silence.hold;
    if (end <= hearing_.run_time) return silence.then == Silent::keep;
    if (silence.then != Silent::keep && (!choice_.until || end < *choice_.until))
      choice_.until = end;
    return true;
  }

  // The last words of a source that does not have the person any more.
  bool gone(std::size_t source, const MapLine* line) {
    for (const auto& voice : accounts(hearing_.gone, source)) {
      if (!remembers(rule_.gone, *voice.told->gone_since)) continue;
      const Offer* offer = voice.offers[position_];
      if (offer && offer->flow == Flow::clear) return true;
      const Value* value = offer && offer->flow == Flow::value ? &offer->value : nullptr;
      if (!value) value = lapsed(voice);
      if (!value || switches_on(source, *value)) continue;
      if (take(source, line, *value, Choice::Kind::kept)) return true;
    }
    return false;
  }

  bool frozen(std::size_t source, const MapLine& line, Accounts live) {
    const auto* held = hearing_.held;
    if (!held || held->rule != line.rule.id) return false;
    if (live.empty() && accounts(hearing_.gone, source).empty()) return false;
    if (live.empty() && !gone(source, &line)) return false;
    for (const auto& voice : live) {
      const Offer* offer = voice.offers[position_];
      if (!offer || offer->flow != Flow::value) continue;
      choice_.drifted = !(offer->value == held->value);
      break;
    }
    choice_.kind = Choice::Kind::kept;
    choice_.value = held->value;
    choice_.source = held->source;
    choice_.rule = held->rule;
    return true;
  }

  bool listen(std::size_t source, const MapLine* line, Accounts live) {
    bool spoke = false;
    for (const auto& voice : live) {
      const Offer* offer = voice.offers[position_];
      if (!offer || (offer->flow == Flow::value && switches_on(source, offer->value))) continue;
      if (offer->flow == Flow::clear) return true;
      spoke = true;
      if (offer->flow == Flow::keep)
        keepers_.push_back({source, &voice});
      else if (take(source, line, offer->value, Choice::Kind::offered))
        return true;
    }
    if (spoke || !line) return false;
    return silent(source, *line, live);
  }

  // The source has the person and says nothing about the attribute.
  bool silent(std::size_t source, const MapLine& line, Accounts live) {
    bool took = false;
    for (const auto& voice : live) {
      const Lapsed* lapsed = voice.told->said().find_lapsed(attribute_);
      if (!lapsed || switches_on(source, lapsed->value)) continue;
      if (!remembers(rule_.absent, lapsed->since)) continue;
      took = true;
      if (take(source, &line, lapsed->value, Choice::Kind::kept)) return true;
    }
    return !took && rule_.absent.then == Silent::clear;
  }

  const Value* lapsed(const Voice& voice) const {
    const Lapsed* found = voice.told->said().find_lapsed(attribute_);
    return found ? &found->value : nullptr;
  }

  // Nobody has a word: those who said `keep` keep what they said last.
  void take_kept() {
    for (const auto& [source, voice] : keepers_)
      if (const Value* value = lapsed(*voice);
          value && take(source, line_of(source), *value, Choice::Kind::kept))
        return;
  }

  bool take(std::size_t source, const MapLine* line, const Value& value, Choice::Kind kind) {
    if (choice_.kind == Choice::Kind::none) {
      choice_.kind = kind;
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

  const Model& model_;
  std::size_t position_;
  const std::string& attribute_;
  const MergeRule& rule_;
  const Hearing& hearing_;
  bool identifier_ = false;
  bool enabled_ = false;
  std::int64_t owner_trust_ = 0;
  Choice choice_;
  std::vector<std::pair<std::size_t, const Voice*>> keepers_;
  bool has_empty_line_ = false;
  bool ended_ = false;
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

// Voices of the told that are, or are not, gone; repetitions of one (source, key) once.
std::vector<Voice> voices(const Model& model, std::span<const Told> told, bool gone) {
  std::vector<Voice> voices;
  voices.reserve(told.size());
  for (const auto& one : told) {
    if (one.gone_since.has_value() != gone) continue;
    for (std::size_t i = 0; i < model.sources.size(); ++i)
      if (model.sources[i].info.name == one.said().key.source) voices.push_back({&one, i, {}});
  }
  std::sort(voices.begin(), voices.end(), [](const Voice& a, const Voice& b) {
    if (a.source != b.source) return a.source < b.source;
    if (a.told->gone_since != b.told->gone_since) return a.told->gone_since > b.told->gone_since;
    const auto& left = a.told->said();
    const auto& right = b.told->said();
    if (before(left.rank, right.rank)) return true;
    if (before(right.rank, left.rank)) return false;
    return left.key.key < right.key.key;
  });
  auto last = std::unique(voices.begin(), voices.end(), [](const Voice& a, const Voice& b) {
    return a.told->said().key == b.told->said().key;
  });
  voices.erase(last, voices.end());
  for (auto& voice : voices) voice.offers = offers_of(model.schema, voice.told->said());
  return voices;
}

// Whether a value that the record does not give any more is still wanted.
bool outlives(const Model& model, const std::string& attribute, const Contribution& now) {
  const Offer* offer = now.find(attribute);
  if (offer) return offer->flow == Flow::keep;
  auto position = model.schema.position(attribute);
  if (!position) return false;
  const SourceModel* source = model.source(now.key.source);
  return source && source->line_of[*position] && model.merge[*position].absent.remembers();
}

}  // namespace

std::vector<Voice> voices_of(const Model& model, std::span<const Told> told) {
  return voices(model, told, false);
}

std::vector<Voice> gone_voices_of(const Model& model, std::span<const Told> told) {
  return voices(model, told, true);
}

Contribution carry_over(const Model& model, const Contribution& before, Contribution now,
                        Timestamp run_time) {
  for (const auto& lapsed : before.lapsed)
    if (outlives(model, lapsed.attribute, now)) now.lapsed.push_back(lapsed);
  for (const auto& offer : before.offers)
    if (offer.flow == Flow::value && outlives(model, offer.attribute, now))
      now.lapsed.push_back({offer.attribute, offer.value, run_time});
  std::sort(now.lapsed.begin(), now.lapsed.end(),
            [](const Lapsed& a, const Lapsed& b) { return a.attribute < b.attribute; });
  return now;
}

Choice merge_attribute(const Model& model, std::size_t position, const Hearing& hearing) {
  return Walk(model, position, hearing).choose();
}

}  // namespace muster::mappings
