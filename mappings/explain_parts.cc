// SPDX-License-Identifier: Apache-2.0
#include "mappings/explain_parts.h"

namespace muster::mappings {
namespace {

std::string word(Outcome::Kind kind) {
  switch (kind) {
    case Outcome::Kind::none:
      return "none";
    case Outcome::Kind::value:
      return "value";
    case Outcome::Kind::clear:
      return "clear";
    case Outcome::Kind::keep:
      return "keep";
    case Outcome::Kind::error:
      return "error";
  }
  return {};
}

// Which way a step went that decides between two; empty for any other.
std::string_view way(const KeptStep& step) {
  if (step.op == "??") return step.out.absent() ? "right" : "left";
  if (step.op == "if") return step.out == Value(true) ? "then" : "else";
  return {};
}

}  // namespace

Value empty_object() { return Value(Value::Object{}); }

Value length_of(const Value& value) {
  if (value.is_text()) return "(" + std::to_string(value.as_text().size()) + " bytes)";
  if (value.is_list()) return "(" + std::to_string(value.as_list().size()) + " values)";
  return value.is_none() ? Value() : Value("(hidden)");
}

Value steps_of(const std::vector<KeptStep>& steps) {
  Value::List list;
  for (const auto& step : steps) {
    Value one = empty_object();
    one.set("op", step.op);
    one.set("out", step.out);
    if (const auto took = way(step); !took.empty()) one.set("took", took);
    list.push_back(std::move(one));
  }
  return list;
}

Value findings_of(const std::vector<Finding>& findings) {
  Value::List list;
  for (const auto& finding : findings) list.push_back(document_of(finding));
  return list;
}

Value evaluation_of(const Evaluation& evaluation, const Mask* mask) {
  Value one = empty_object();
  one.set("rule", evaluation.rule->id);
  one.set("at", evaluation.rule->at);
  one.set("expression", evaluation.rule->program.text());
  one.set("result", word(evaluation.kind));
  one.set("value", mask ? (*mask)(evaluation.value) : evaluation.value);
  if (!evaluation.message.empty())
    one.set("problem", mask ? "its value is sensitive" : evaluation.message);
  if (!mask) one.set("steps", steps_of(evaluation.steps));
  return one;
}

const Evaluation* find_evaluation(const std::vector<Evaluation>& all, const Rule& rule) {
  for (const auto& one : all)
    if (one.rule == &rule) return &one;
  return nullptr;
}

}  // namespace muster::mappings
