// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "core/text.h"
#include "mappings/stages.h"

namespace muster::mappings {
namespace {

bool is_letter_or_digit(char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); }

void trim_symbols(std::string& name) {
  while (!name.empty() && !is_letter_or_digit(name.back())) name.pop_back();
  name.erase(0, static_cast<std::size_t>(
                    std::find_if(name.begin(), name.end(), is_letter_or_digit) - name.begin()));
}

// "{first}.{middle?}.{last}" without a middle name is "{first}.{last}".
std::string behind_nothing(std::string_view base, std::string_view literal) {
  const bool symbol = base.empty() || !is_letter_or_digit(base.back());
  while (symbol && !literal.empty() && !is_letter_or_digit(literal.front()))
    literal.remove_prefix(1);
  return std::string(literal);
}

bool is_reserved(const Model& model, std::string_view name) {
  const auto& reserved = model.username.reserved;
  return std::binary_search(reserved.begin(), reserved.end(), fold_key(name));
}

const Schemes& schemes_for(const UsernameModel& username, const Value& person) {
  const Value* by = username.by_attribute.empty() ? nullptr : person.find(username.by_attribute);
  if (!by || !by->is_text()) return username.schemes;
  auto locale = fold_key(by->as_text());
  auto language = locale.substr(0, locale.find_first_of("-_"));
  for (const auto& one : username.by)
    if (one.locale == locale) return one.schemes;
  for (const auto& one : username.by)
    if (one.locale == language) return one.schemes;
  return username.schemes;
}

std::string why_none(const Outcome& outcome, const PatternPart& part) {
  if (outcome.kind == Outcome::Kind::error)
    return "{" + part.rule->program.text() + "} failed: " + std::string(outcome.message);
  return "{" + part.rule->program.text() + "} is none";
}

// Makes one name after the other until one is free.
class Maker {
 public:
  Maker(const Model& model, Evaluator& evaluator, const Value& person, const World& world,
        std::string_view identity_id, ShowSpelling show)
      : model_(model),
        username_(model.username),
        evaluator_(evaluator),
        schemes_(schemes_for(model.username, person)),
        world_(world),
        identity_id_(identity_id),
        show_(show) {}

  Result<UserName> make() {
    for (const auto& pattern : username_.patterns) {
      std::string base;
      std::string why = pattern.take ? take(pattern, base) : fill(pattern, base);
      if (why.empty()) why = problem_with_name(model_, base);
      if (!why.empty()) {
        made_.tried.push_back({pattern.id, base, why, false, {}});
        continue;
      }
      MUSTER_TRY(bool found, claim(pattern, base));
      if (found) break;
    }
    return std::move(made_);
  }

 private:
  std::string fill(const Pattern& pattern, std::string& base) {
    bool left_out = false;  // the hole before this part
    for (const auto& part : pattern.parts) {
      if (!part.rule) {
        base += left_out ? behind_nothing(base, part.literal) : part.literal;
        left_out = false;
        continue;
      }
      Outcome outcome = evaluator_.run(*part.rule);
      left_out = part.soft && outcome.kind == Outcome::Kind::none;
      if (left_out) continue;
      if (outcome.kind != Outcome::Kind::value) return why_none(outcome, part);
      auto piece = user_name_part(outcome.value.text(), schemes_, part.mail);
      if (piece && show_ == ShowSpelling::yes) tell_spelling(pattern, part, outcome.value.text());
      if (!piece)
        return "{" + part.rule->program.text() + "} has letters without a transliteration";
      if (piece->empty()) return "{" + part.rule->program.text() + "} has no usable letters";
      base += *piece;
    }
    if (base.size() > username_.max_length) base.resize(username_.max_length);
    trim_symbols(base);
    return {};
  }

  void tell_spelling(const Pattern& pattern, const PatternPart& part, std::string_view text) {
    if (auto used = schemes_used(text, schemes_); !used.empty())
      made_.spelled.push_back({pattern.id, part.rule->program.text(), std::move(used)});
  }

  std::string take(const Pattern& pattern, std::string& base) {
    const PatternPart& part = pattern.parts.front();
    Outcome outcome = evaluator_.run(*part.rule);
    if (outcome.kind != Outcome::Kind::value) return why_none(outcome, part);
    base = fold_key(outcome.value.text());
    return base.size() > username_.max_length ? "is too long" : std::string();
  }

  // The lowest free counter on the same pattern; a name that was taken over gets none.
  Result<bool> claim(const Pattern& pattern, const std::string& base) {
    MUSTER_TRY(bool found, claim_one(pattern.id, base));
    if (found || pattern.take) return found;
    for (auto n = username_.first_counter; n <= username_.last_counter; ++n) {
      auto counter = std::to_string(n);
      auto name = base.substr(0, username_.max_length - counter.size());
      trim_symbols(name);
      name += counter;
      auto rule = pattern.id + " + counter " + counter;
      if (is_reserved(model_, name)) {
        made_.tried.push_back({std::move(rule), std::move(name), "is reserved", false, {}});
        continue;
      }
      MUSTER_TRY(bool free, claim_one(std::move(rule), std::move(name)));
      if (free) return true;
    }
    return false;
  }

  Result<bool> claim_one(std::string rule, std::string name) {
    MUSTER_TRY(bool taken, world_.name_taken(name, identity_id_));
    if (taken) {
      made_.tried.push_back({std::move(rule), std::move(name), "taken", true, {}});
      return false;
    }
    made_.rule = std::move(rule);
    made_.name = std::move(name);
    return true;
  }

  const Model& model_;
  const UsernameModel& username_;
  Evaluator& evaluator_;
  const Schemes& schemes_;
  const World& world_;
  std::string_view identity_id_;
  ShowSpelling show_;
  UserName made_;
};

}  // namespace

std::optional<std::string> user_name_part(std::string_view text, const Schemes& schemes,
                                          bool mail) {
  if (mail) text = text.substr(0, text.find('+'));
  auto ascii = transliterate(text, schemes);
  if (!ascii) return std::nullopt;
  std::string part;
  for (char c : ascii_lower(*ascii)) {
    bool symbol = c == '-' || (mail && c == '.');
    if (!symbol && !is_letter_or_digit(c)) continue;
    if (symbol && (part.empty() || !is_letter_or_digit(part.back()))) continue;
    part += c;
  }
  trim_symbols(part);
  return part;
}

std::string problem_with_name(const Model& model, const std::string& name) {
  if (is_reserved(model, name)) return "is reserved";
  return problem_with(*model.schema.find("userName"), Value(name));
}

Status tell_holders(const World& world, std::vector<Tried>& tried) {
  for (auto& one : tried) {
    if (!one.taken) continue;
    MUSTER_TRY(one.by, world.name_holder(one.name));
  }
  return {};
}

Result<UserName> make_user_name(const Model& model, Evaluator& evaluator, const Value& person,
                                const World& world, std::string_view identity_id,
                                ShowSpelling show) {
  return Maker(model, evaluator, person, world, identity_id, show).make();
}

}  // namespace muster::mappings
