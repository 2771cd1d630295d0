// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "mappings/stages.h"

namespace muster::mappings {
namespace {

bool is_managed(const GroupsModel& groups, std::string_view path) {
  return std::any_of(groups.managed.begin(), groups.managed.end(), [&](const auto& prefix) {
    return path.size() > prefix.size() && path.starts_with(prefix);
  });
}

class Wishes {
 public:
  Wishes(const Model& model, Evaluator& evaluator, std::vector<Finding>& findings)
      : groups_(model.groups), evaluator_(evaluator), findings_(findings) {}

  void ask(const GroupRule& rule) {
    if (rule.when && !evaluator_.holds(*rule.when)) return;
    if (!rule.each) return wish(rule, {});
    Outcome each = evaluator_.run(*rule.each);
    if (each.kind == Outcome::Kind::error) return report(rule, std::string(each.message));
    if (each.kind != Outcome::Kind::value) return;
    if (each.value.tag != Datum::Tag::list) return wish_for(rule, each.value);
    for (const auto& item : each.value.items()) wish_for(rule, item);
  }

  std::vector<GroupMembership> take() {
    auto before = [](const GroupMembership& a, const GroupMembership& b) {
      return a.path != b.path ? a.path < b.path : a.role < b.role;
    };
    std::stable_sort(wishes_.begin(), wishes_.end(), before);
    auto last = std::unique(wishes_.begin(), wishes_.end(), [](const auto& a, const auto& b) {
      return a.path == b.path && a.role == b.role;
    });
    wishes_.erase(last, wishes_.end());
    return std::move(wishes_);
  }

 private:
  void wish_for(const GroupRule& rule, const Datum& item) {
    evaluator_.machine().set_item(item);
    auto text = std::string(item.text());
    wish(rule, text);
  }

  void wish(const GroupRule& rule, const std::string& item) {
    Outcome to = evaluator_.run(rule.to);
    if (to.kind == Outcome::Kind::error) return report(rule, std::string(to.message));
    if (to.kind != Outcome::Kind::value) return;
    std::string path(to.value.text());
    if (!is_managed(groups_, path))
      return report(rule, "'" + path + "' lies outside the managed prefixes");
    for (const auto& [other, known] : items_)
      if (known == path && other.first == &rule && other.second != item)
        return report(rule,
                      "two groups of the source become '" + path + "'; the second is left out");
    items_.push_back({{&rule, item}, path});
    wishes_.push_back({std::move(path), rule.role, "groups.rules." + rule.id});
  }

  void report(const GroupRule& rule, std::string message) {
    findings_.push_back({Severity::warning, "W-GROUP", "groups",
                         message + " (groups.rules." + rule.id + " at " + rule.at + ")"});
  }

  const GroupsModel& groups_;
  Evaluator& evaluator_;
  std::vector<Finding>& findings_;
  std::vector<std::pair<std::pair<const GroupRule*, std::string>, std::string>> items_;
  std::vector<GroupMembership> wishes_;
};

}  // namespace

std::vector<GroupMembership> groups_of(const Model& model, Evaluator& evaluator,
                                       std::vector<Finding>& findings) {
  Wishes wishes(model, evaluator, findings);
  for (const auto& rule : model.groups.rules) wishes.ask(rule);
  return wishes.take();
}

}  // namespace muster::mappings
