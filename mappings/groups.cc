// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <map>

#include "core/json.h"
#include "mappings/stages.h"

namespace muster::mappings {
namespace {

// What platforms and file systems read as nothing but a name. Dots alone mean another place.
bool is_segment(std::string_view text) {
  const bool fits = std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_' || c == '.';
  });
  return fits && text.find_first_not_of('.') != std::string_view::npos;
}

// What the source calls the group: the item, whatever it is made of.
std::string source_text(const Datum& item) {
  return item.tag == Datum::Tag::text ? std::string(item.text()) : write_json(to_value(item));
}

class Wishes {
 public:
  Wishes(const Model& model, Evaluator& evaluator, std::vector<Finding>& findings)
      : groups_(model.groups), evaluator_(evaluator), findings_(findings) {}

  void ask(const GroupRule& rule) {
    slugs_.clear();
    if (rule.when && !evaluator_.holds(*rule.when)) return;
    if (!rule.each) return wish(rule, {});
    Outcome each = evaluator_.run(*rule.each);
    if (each.kind == Outcome::Kind::error)
      return report(rule, "W-GROUP", std::string(each.message));
    if (each.left_out())
      report(rule, std::string(each.code), std::string(each.message) + "; the element is left out");
    if (each.kind != Outcome::Kind::value) return;
    if (each.value.tag != Datum::Tag::list)
      return wish_for(rule, each.value, source_text(each.value));
    // Sources tell lists in any order; of two that become one path the smaller text has it.
    std::vector<std::pair<std::string, Datum>> items;
    for (const auto& item : each.value.items()) items.emplace_back(source_text(item), item);
    std::stable_sort(items.begin(), items.end(),
                     [](const auto& a, const auto& b) { return a.first < b.first; });
    for (const auto& [text, item] : items) wish_for(rule, item, text);
  }

  std::vector<GroupMembership> take() {
    auto before = [](const GroupMembership& a, const GroupMembership& b) {
      return a.path != b.path ? a.path < b.path : a.role < b.role;
    };
    std::stable_sort(wishes_.begin(), wishes_.end(), before);
    std::vector<GroupMembership> once;
    for (auto& wish : wishes_) {
      if (once.empty() || once.back().path != wish.path || once.back().role != wish.role)
        once.push_back(std::move(wish));
      else
        once.back().create = once.back().create || wish.create;
    }
    return once;
  }

 private:
  void wish_for(const GroupRule& rule, const Datum& item, const std::string& text) {
    evaluator_.machine().set_item(item);
    wish(rule, text);
  }

  void wish(const GroupRule& rule, const std::string& item) {
    Outcome to = evaluator_.run(rule.to);
    if (to.kind == Outcome::Kind::error)
      return report(rule, "W-GROUP",
                    subject_of(rule, item) + std::string(to.message) + "; nobody is a member by it",
                    item, "rename the group at the source, or give it a path of its own");
    if (to.kind != Outcome::Kind::value) return;
    std::string path(to.value.text());
    if (auto problem = path_problem(groups_, path); !problem.empty())
      return report(rule, "W-GROUP", subject_of(rule, item) + "'" + path + "' " + problem, item);
    if (rule.slugs) {
      const auto known = slugs_.try_emplace(path, item).first;
      if (known->second != item)
        return report(rule, "W-SLUG",
                      "'" + known->second + "' and '" + item + "' both become '" + path +
                          "'; the second is left out: rename one of them at the source, or give "
                          "one a path of its own");
    }
    wishes_.push_back({std::move(path), rule.role, "groups.rules." + rule.id, rule.create});
  }

  // "ldap 'Chemistry': ", the group as its source calls it; empty where the rule makes one itself.
  static std::string subject_of(const GroupRule& rule, const std::string& item) {
    if (item.empty() || !rule.each) return {};
    std::string sources;
    for (const auto& [tag, attribute] : rule.each->program.reads().from)
      if (sources.find(tag) == std::string::npos) sources += (sources.empty() ? "" : ", ") + tag;
    return sources + (sources.empty() ? "'" : " '") + shown_value(item) + "': ";
  }

  void report(const GroupRule& rule, std::string code, std::string message,
              const std::string& item = {}, std::string repair = {}) {
    findings_.push_back({Severity::warning, std::move(code), "groups", std::move(message),
                         shown_value(item), "groups.rules." + rule.id + " (" + rule.at + ")",
                         std::move(repair)});
  }

  const GroupsModel& groups_;
  Evaluator& evaluator_;
  std::vector<Finding>& findings_;
  std::map<std::string, std::string> slugs_;  // of the rule being asked: path -> item
  std::vector<GroupMembership> wishes_;
};

}  // namespace

std::string path_problem(const GroupsModel& groups, std::string_view path) {
  auto holds = [&](const auto& prefix) {
    return path.size() > prefix.size() && path.starts_with(prefix);
  };
  if (std::none_of(groups.managed.begin(), groups.managed.end(), holds))
    return "lies outside the managed prefixes";
  for (std::string_view rest = path.substr(1);;) {
    const auto end = rest.find('/');
    if (!is_segment(rest.substr(0, end)))
      return "has a part that is empty or not made of letters, digits, '-', '_' and '.'; send "
             "parts of paths through slug";
    if (end == std::string_view::npos) return {};
    rest.remove_prefix(end + 1);
  }
}

std::vector<GroupMembership> groups_of(const Model& model, Evaluator& evaluator,
                                       const std::function<void(bool nested)>& see,
                                       std::vector<Finding>& findings) {
  Wishes wishes(model, evaluator, findings);
  bool nested = false;
  for (const auto& rule : model.groups.rules) {
    if (rule.flatten != nested) see(nested = rule.flatten);
    wishes.ask(rule);
  }
  if (nested) see(false);
  return wishes.take();
}

}  // namespace muster::mappings
