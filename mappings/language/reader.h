// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/json_node.h"
#include "core/value.h"
#include "mappings/language/code.h"
#include "mappings/language/context.h"
#include "mappings/language/unicode.h"

namespace muster::mappings {

// What the door says about one value: a finding, or nothing. Everything lives as long as the
// record.
struct Remark {
  std::string_view code = {};
  std::string_view message = {};
  std::string_view told = {};  // the text it is about, when it is one
  bool lost = false;           // there is a value, and it is none of the declared type
};

// What nearly every text is: as it should be, and as long as texts are.
inline bool is_plain_text(std::string_view text) {
  return text.size() <= longest_text && solid_ends(text) && surely_composed(text);
}
// Where a text is declared, read_value() gives such a one as it stands.
[[gnu::always_inline]] inline bool is_plain(JsonNode value) {
  return value.is_text() && is_plain_text(value.as_text());
}

// Types one value of a record as it is declared. Text becomes NFC; blanks only are none (unless the
// field keeps them); a list for a single attribute gives its first value and W-MULTI (the door of a
// directory puts the one that speaks in front); what is not of the type is none with a remark, and
// lost unless it is an element of a list.
Datum read_value(Context& context, const Value* value, const Field& field, Remark& remark);
Datum read_value(Context& context, JsonNode value, const Field& field, Remark& remark);

// The member of a complex value, null when it is not there.
const Value* member_of(const Value& object, const Field& field, bool fold);
inline JsonNode member_of(JsonNode object, const Field& field, bool fold) {
  const auto found = object.find(spelled(field));
  return found.tape() == nullptr && fold ? object.find_fold(spelled(field)) : found;
}

}  // namespace muster::mappings
