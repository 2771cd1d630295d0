// SPDX-License-Identifier: Apache-2.0
#include "gateway/cli/explain_text.h"

#include <cstdio>
#include <string>

#include "core/json.h"
#include "gateway/cli/finding_text.h"
#include "gateway/cli/output.h"

namespace muster::gateway::cli {
namespace {

std::string text_of(const Value* value) {
  if (value == nullptr || value->is_none()) return "none";
  return printable(value->is_text() ? value->as_text() : write_json(*value));
}

std::string text_at(const Value& object, std::string_view name) {
  const auto* value = object.find(name);
  return value == nullptr || value->absent() ? std::string{} : text_of(value);
}

const Value::List& list_at(const Value& object, std::string_view name) {
  static const Value::List nothing;
  const auto* value = object.find(name);
  return value == nullptr || !value->is_list() ? nothing : value->as_list();
}

void line(int indent, const std::string& text) { std::printf("%*s%s\n", indent, "", text.c_str()); }

std::string with(std::string text, const char* word, const std::string& more) {
  if (!more.empty()) text += std::string(word) + more;
  return text;
}

void print_steps(const Value& object, int indent) {
  for (const auto& step : list_at(object, "steps"))
    line(indent, with(text_at(step, "op") + "  ->  " + text_of(step.find("out")), ", took ",
                      text_at(step, "took")));
}

void print_attribute(const std::string& name, const Value& attribute) {
  auto head = name + " = " + text_of(attribute.find("value"));
  head = with(std::move(head), ", person ", text_at(attribute, "refersTo"));
  head = with(std::move(head), "   ", text_at(attribute, "problem"));
  line(2, head);
  auto from = with({}, "from ", text_at(attribute, "source"));
  from = with(std::move(from), from.empty() ? "by " : " by ", text_at(attribute, "rule"));
  from = with(std::move(from), " at ", text_at(attribute, "at"));
  if (!from.empty()) line(6, from);
  if (const auto expression = text_at(attribute, "expression"); !expression.empty())
    line(6, expression);
  print_steps(attribute, 8);
  for (const auto& other : list_at(attribute, "others"))
    line(6, "not " + text_at(other, "source") + ": " + text_of(other.find("offer")) + " (" +
                text_at(other, "why") + ")");
}

void print_attributes(const Value& document) {
  const auto* attributes = document.find("attributes");
  if (attributes == nullptr || !attributes->is_object()) return;
  line(0, "attributes");
  for (const auto& attribute : attributes->as_object())
    if (attribute.value.find("tried") == nullptr) print_attribute(attribute.name, attribute.value);
}

void print_user_name(const Value& document) {
  const auto* attributes = document.find("attributes");
  const auto* name = attributes == nullptr ? nullptr : attributes->find("userName");
  if (name == nullptr) return;
  const auto* frozen = name->find("frozen");
  const bool given = frozen != nullptr && frozen->is_bool() && frozen->as_bool();
  line(0, with("user name " + text_at(*name, "value"), " by ", text_at(*name, "rule")) +
              (given ? ", given for good" : ""));
  if (const auto* schemes = name->find("scheme"); schemes != nullptr && schemes->is_object()) {
    for (const auto& one : schemes->as_object())
      line(2, "{" + printable(one.name) + "} in ASCII by " + text_of(&one.value));
  }
  for (const auto& tried : list_at(*name, "tried"))
    line(2, with(with("not '" + text_at(tried, "name") + "' by " + text_at(tried, "rule") + ": ",
                      "", text_at(tried, "why")),
                 " by ", text_at(tried, "by")));
}

void print_class(const Value& document) {
  const auto* found = document.find("class");
  if (found == nullptr) return;
  line(0, with("class " + text_at(*found, "value") + " by rule " + text_at(*found, "rule"), " at ",
               text_at(*found, "at")));
  if (const auto* inputs = found->find("inputs"); inputs != nullptr && inputs->is_object()) {
    for (const auto& input : inputs->as_object())
      line(2, input.name + " = " + text_of(&input.value));
  }
  print_steps(*found, 4);
  std::string failed;
  for (const auto& rule : list_at(*found, "failed"))
    failed += (failed.empty() ? "" : ", ") + text_of(&rule);
  if (!failed.empty()) line(2, "rules before it that did not hold: " + failed);
}

void print_scope(const Value& record, int indent) {
  const auto* scope = record.find("scope");
  if (scope == nullptr) return;
  const auto skipped = text_at(*scope, "skipped_by");
  std::string passed;
  for (const auto& rule : list_at(*scope, "passed"))
    passed += (passed.empty() ? "" : ", ") + text_of(&rule);
  line(indent,
       skipped.empty() ? with("in scope", ", passed ", passed) : "out of scope by rule " + skipped);
}

void print_findings(const Value& document, int indent) {
  for (const auto& finding : list_at(document, "findings")) print_finding(finding, indent);
}

void print_record_head(const Value& record, int indent) {
  auto head = "record " + text_at(record, "source") + "/" + text_at(record, "key");
  head = with(std::move(head), ", ", text_at(record, "state"));
  head = with(std::move(head), ", linked by ", text_at(record, "linkedBy"));
  head = with(std::move(head), ", missing since ", text_at(record, "missingSince"));
  line(indent, head);
  if (const auto reason = text_at(record, "reason"); !reason.empty()) line(indent + 2, reason);
  for (const auto& name : list_at(record, "waitsFor"))
    line(indent + 2, "waits for " + text_of(&name) + ", whom it refers to and nobody has brought");
}

void print_tiers(const Value& object, int indent) {
  for (const auto& tier : list_at(object, "tiers")) {
    auto text = "tier " + text_at(tier, "id") + ": ";
    if (const auto skipped = text_at(tier, "skipped"); !skipped.empty()) {
      line(indent, text + "skipped, " + skipped);
      continue;
    }
    std::string asked, found;
    for (const auto& key : list_at(tier, "asked"))
      asked += (asked.empty() ? "" : ", ") + text_at(key, "attribute") + " " + text_at(key, "key");
    for (const auto& name : list_at(tier, "found"))
      found += (found.empty() ? "" : ", ") + text_of(&name);
    line(indent, text + asked + " finds " + (found.empty() ? "nobody" : found));
  }
}

void print_link(const Value& document) {
  const auto* link = document.find("link");
  if (link == nullptr) return;
  line(0, with("whom it belongs to: " + text_at(*link, "result"), ", ", text_at(*link, "reason")));
  print_tiers(*link, 2);
  for (const auto& one : list_at(*link, "candidates"))
    line(2, "candidate " + text_at(one, "userName") + " (" + text_at(one, "id") + ")");
}

// What follows for the person: user name, class, groups.
void print_decisions(const Value& document) {
  print_user_name(document);
  print_class(document);
  for (const auto& group : list_at(document, "groups"))
    line(0, "group " + text_at(group, "path") + " as " + text_at(group, "role") + " by rule " +
                text_at(group, "rule"));
}

void print_person(const Value& document) {
  const auto* state = document.find("state");
  line(0, text_at(document, "identity") + "  " + text_at(document, "id"));
  line(0, with("state " + text_at(*state, "value"), ": ", text_at(*state, "reason")));
  for (const auto& record : list_at(document, "records")) {
    print_record_head(record, 0);
    print_scope(record, 2);
    if (const auto* link = record.find("link")) print_tiers(*link, 2);
    print_findings(record, 2);
  }
  print_decisions(document);
}

}  // namespace

void print_explanation(const Value& document) {
  const bool person = document.find("identity") != nullptr;
  if (person) {
    print_person(document);
  } else {
    print_record_head(document, 0);
    print_scope(document, 2);
    print_link(document);
    print_decisions(document);
  }
  print_attributes(document);
  for (const auto& check : list_at(document, "checks"))
    line(0, "check " + text_at(check, "rule") + " = " + text_of(check.find("value")));
  print_findings(document, 0);
  line(0, "mapping " + text_at(document, "mapping") + " " + text_at(document, "config"));
  const auto* stale = document.find("stale");
  if (stale != nullptr && stale->is_bool() && stale->as_bool())
    line(0,
         "stale: what is stored is not what these rules give now; `muster map apply` or the "
         "source's next word brings it up to date");
  if (document.find("shortened") != nullptr) line(0, "shortened: details were left out");
  std::fflush(stdout);
}

}  // namespace muster::gateway::cli
