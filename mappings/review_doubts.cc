// SPDX-License-Identifier: Apache-2.0
#include "mappings/review_doubts.h"

#include <algorithm>

namespace muster::mappings {
namespace {

bool is_of_word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
         c == '-';
}

}  // namespace

void add_words(std::string_view text, std::set<std::string>& words) {
  // '-' may be a part of a name or an operator.
  for (const bool dashes : {true, false}) {
    std::string word;
    for (const char c : text) {
      if (is_of_word(c) && (dashes || c != '-')) {
        word += c;
        continue;
      }
      if (!word.empty()) words.insert(std::move(word));
      word.clear();
    }
    if (!word.empty()) words.insert(std::move(word));
  }
}

Doubts::Doubts(const Loading& loading, const YamlNode& root)
    : root_(root), file_(loading.report.file()) {
  walk(root, {root.line, root.column});
  for (const auto& found : loading.report.diagnostics()) {
    if (found.severity != Severity::error) continue;
    // What is wrong in an included file or a table is no part of this one.
    errors_.insert(found.file == file_ ? Place{found.line, found.column} : Place{0, 0});
  }
  for (const auto& rule : loading.compiled)
    if (rule.place.file == file_) compiled_.insert({rule.place.line, rule.place.column});
}

void Doubts::walk(const YamlNode& node, Place begin) {
  const auto from = starts_.size();
  starts_.push_back(begin);
  for (const auto& item : node.items) walk(item, {item.line, item.column});
  for (const auto& entry : node.entries) walk(entry.value, {entry.line, entry.column});
  spans_[&node] = {from, starts_.size()};
}

bool Doubts::understood(const YamlNode* node) const {
  const auto span = node == nullptr ? spans_.end() : spans_.find(node);
  if (span == spans_.end()) return true;
  const auto [from, behind] = span->second;
  const auto first = errors_.lower_bound(starts_[from]);
  if (first == errors_.end()) return true;
  return behind < starts_.size() && *first >= starts_[behind];
}

bool Doubts::compiled(const YamlNode* scalar) const {
  if (scalar == nullptr || scalar->kind != YamlNode::Kind::scalar) return false;
  const auto place = place_of(*scalar, file_);
  return compiled_.contains({place.line, place.column});
}

void Doubts::gather(const YamlNode& node, std::set<std::string>& words) const {
  if (node.kind == YamlNode::Kind::scalar && !compiled(&node)) add_words(node.text, words);
  for (const auto& item : node.items) gather(item, words);
  for (const auto& entry : node.entries) gather(entry.value, words);
}

std::set<std::string> Doubts::words() const {
  std::set<std::string> words;
  for (const auto& section : root_.entries) {
    const bool names = section.key == "tables" || section.key == "sets" ||
                       section.key == "fragments" || section.key == "tests";
    if (!names) gather(section.value, words);
  }
  return words;
}

}  // namespace muster::mappings
