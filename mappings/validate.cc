// SPDX-License-Identifier: Apache-2.0
#include "mappings/stages.h"

namespace muster::mappings {
namespace {

// Where a person who wants to correct the attribute has to look.
std::string origin(const Identity& identity, const std::string& name) {
  const IdentityAttribute* attribute = identity.find(name);
  if (!attribute) return "no source gives it";
  if (attribute->source.empty()) return "made by " + attribute->rule;
  return "from " + attribute->source + " by " + attribute->rule;
}

std::string check_profile(const Model& model, const Identity& identity, bool new_name,
                          std::vector<Finding>& findings) {
  std::string reason;
  for (const auto& attribute : model.schema.attributes) {
    if (!attribute.required && !attribute.checked()) continue;
    if (attribute.name == "userName" && !new_name) continue;
    const IdentityAttribute* held = identity.find(attribute.name);
    std::string problem;
    if (held)
      problem = problem_with(attribute, held->value);
    else if (attribute.required && attribute.name != "userName")
      problem = "is missing";
    if (problem.empty()) continue;
    auto message = "'" + attribute.name + "' " + problem + " (profile " + model.schema.profile +
                   "; " + origin(identity, attribute.name) +
                   "); correct it there, or change schema.limits." + attribute.name +
                   " if the platform is set up for it";
    findings.push_back({Severity::error, "schema." + attribute.name, attribute.name, message});
    if (reason.empty()) reason = message;
  }
  return reason;
}

std::string message_of(const Check& check, const Outcome& outcome, const Identity& identity) {
  auto place = " (validate." + check.rule.id + " at " + check.rule.at;
  if (!check.attribute.empty())
    place += "; " + check.attribute + ": " + origin(identity, check.attribute);
  place += ")";
  if (!check.message.empty()) return check.message + place;
  if (outcome.kind == Outcome::Kind::error)
    return "the check " + check.rule.program.text() + " failed: " + std::string(outcome.message) +
           place;
  return "does not satisfy " + check.rule.program.text() + place +
         (check.severity == Severity::error ? "; correct it at its source, or change the rule"
                                            : "");
}

}  // namespace

std::string validate(const Model& model, Evaluator& evaluator, const Identity& identity,
                     bool new_name, std::vector<Finding>& findings) {
  auto reason = check_profile(model, identity, new_name, findings);
  for (const auto& check : model.checks) {
    Outcome outcome = evaluator.run(check.rule);
    if (outcome.truth()) continue;
    auto message = message_of(check, outcome, identity);
    if (check.severity == Severity::error && reason.empty()) reason = message;
    findings.push_back({check.severity, check.rule.id, check.attribute, std::move(message)});
  }
  return reason;
}

}  // namespace muster::mappings
