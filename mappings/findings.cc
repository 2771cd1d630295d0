// SPDX-License-Identifier: Apache-2.0
// How what the rules ran into is told.
#include <algorithm>
#include <charconv>

#include "core/finding.h"
#include "mappings/language/date.h"
#include "mappings/stages.h"

namespace muster::mappings {
namespace {

// Day 0 of spreadsheets; their days of our time have five digits.
constexpr std::int64_t spreadsheet_epoch = -2'209'161'600'000;  // 1899-12-30
constexpr std::int64_t day_length = 86'400'000;

// The day that a spreadsheet means with that number; empty: it is none.
std::string spreadsheet_day(std::string_view told) {
  std::int64_t number = 0;
  const auto [end, failure] = std::from_chars(told.data(), told.data() + told.size(), number);
  if (told.size() != 5 || failure != std::errc() || end != told.data() + told.size()) return {};
  static const auto format = *parse_date_format("yyyy-MM-dd");
  return write_date(spreadsheet_epoch + number * day_length, format, Zone());
}

std::string repair_of(std::string_view code, std::string_view told) {
  if (code == "W-DATE") {
    if (const auto day = spreadsheet_day(told); !day.empty())
      return "this is a spreadsheet's number of a day, " + day +
             ": let the column be text and write the date out";
    return "write the date in that form at its source, or declare the form it has";
  }
  if (code == "W-BOOL")
    return "write true or false, yes or no (or the words of another language, such as ja, nein, "
           "oui, non) at its source";
  if (code == "W-INT") return "write digits alone at its source";
  if (code == "W-EMAIL" || code == "W-DOMAIN") return "write one plain address at its source";
  if (code == "W-DN") return "correct the name at its source";
  if (code == "W-MULTI")
    return "leave one value at the source, or declare the attribute as a list and choose in the "
           "rule";
  if (code == "W-TYPE") return "correct it at its source, or declare the type that it has";
  return "correct it at its source, or change the rule";
}

std::string quoted(std::string_view told) { return "'" + shown_value(told) + "'"; }

// "end '07/28/2025': this is no date"
std::string sentence(std::string_view read, std::string_view told, std::string_view message,
                     bool veiled) {
  std::string text(read);
  if (veiled)
    return text + (text.empty() ? "" : ": ") + "the value, which is sensitive, is not as declared";
  if (!told.empty()) text += (text.empty() ? "" : " ") + quoted(told);
  return text + (text.empty() ? "" : ": ") + std::string(message);
}

}  // namespace

std::string title_of(const Rule& rule) { return rule.id + " (" + rule.at + ")"; }

bool is_veiled(const SourceModel& source, std::string_view read) {
  const auto name = read.substr(0, read.find('.'));
  return std::binary_search(source.veiled.begin(), source.veiled.end(), name);
}

Finding finding_of(const Outcome& outcome, const Failure& failure) {
  Finding finding{failure.severity, std::string(outcome.code), failure.attribute};
  finding.message = sentence(outcome.read, outcome.told, outcome.message, failure.veiled);
  if (!failure.effect.empty()) finding.message += "; " + std::string(failure.effect);
  if (!failure.veiled) finding.value = shown_value(outcome.told);
  if (failure.rule != nullptr) finding.rule = title_of(*failure.rule);
  finding.repair = repair_of(outcome.code, outcome.told);
  return finding;
}

Finding finding_of(const MapLine& line, const Outcome& outcome) {
  Failure failure{.attribute = line.attribute, .rule = &line.rule, .veiled = line.sensitive};
  switch (line.on_error) {
    case OnError::none:
      failure.effect = "the value is left out";
      break;
    case OnError::keep:
      failure.effect = "the held value stays";
      break;
    case OnError::quarantine:
      failure.severity = Severity::error;
      failure.effect = "the record waits in quarantine";
      break;
  }
  return finding_of(outcome, failure);
}

Finding finding_of_elements(const MapLine& line, const Outcome& outcome) {
  return finding_of(outcome, {.attribute = line.attribute,
                              .rule = &line.rule,
                              .effect = "the element is left out of its list",
                              .veiled = line.sensitive});
}

Finding finding_of(const ReadFinding& odd, bool veiled) {
  Finding finding{Severity::warning, std::string(odd.code), std::string(odd.attribute)};
  finding.message = sentence({}, odd.told, odd.message, veiled);
  if (!veiled) finding.value = shown_value(odd.told);
  if (!odd.rule.empty()) finding.rule = std::string(odd.rule) + " (" + std::string(odd.at) + ")";
  finding.repair = repair_of(odd.code, odd.told);
  return finding;
}

}  // namespace muster::mappings
