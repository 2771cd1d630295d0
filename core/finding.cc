// SPDX-License-Identifier: Apache-2.0
#include "core/finding.h"

#include <tuple>

#include "core/text.h"

namespace muster {
namespace {

bool begins_character(char byte) { return (static_cast<unsigned char>(byte) & 0xC0U) != 0x80U; }

bool is_control(char byte) {
  return static_cast<unsigned char>(byte) < 0x20U || static_cast<unsigned char>(byte) == 0x7FU;
}

}  // namespace

bool same_facts(const Finding& a, const Finding& b) {
  return std::tie(a.severity, a.code, a.attribute, a.message, a.value) ==
         std::tie(b.severity, b.code, b.attribute, b.message, b.value);
}

Value document_of(const Finding& finding) {
  Value document;
  document.set("code", finding.code);
  document.set("severity", name_of(finding.severity));
  document.set("attribute", finding.attribute);
  document.set("message", finding.message);
  if (!finding.value.empty()) document.set("value", finding.value);
  if (!finding.rule.empty()) document.set("rule", finding.rule);
  if (!finding.repair.empty()) document.set("repair", finding.repair);
  return document;
}

std::string shown_value(std::string_view told, std::size_t most) {
  const auto text = trim_blanks(told);
  std::string shown;
  std::size_t characters = 0;
  for (const char byte : text) {
    if (begins_character(byte) && characters++ == most) return shown + "...";
    shown += is_control(byte) ? ' ' : byte;
  }
  return shown;
}

}  // namespace muster
