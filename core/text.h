// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace muster {

// Only ASCII letters change; for protocol words and attribute names.
std::string ascii_lower(std::string_view text);
bool ascii_equal_fold(std::string_view a, std::string_view b);

bool is_ascii(std::string_view text);
bool is_utf8(std::string_view text);

// The offset of the first byte that is not UTF-8 (overlong forms, surrogates, beyond U+10FFFF
// included).
std::optional<std::size_t> first_invalid_utf8(std::string_view text);

// NFC of UTF-8 text (Unicode 15, UAX 15); the input must be UTF-8.
std::string nfc(std::string_view text);

// The form in which unique keys are compared: NFKC, full case folding (UAX 15, Unicode 3.13 R4; RFC
// 8265 3.3 UsernameCaseMapped is this with width mapping, which NFKC includes).
std::string fold_key(std::string_view text);

// Without Unicode blanks at both ends.
std::string_view trim_blanks(std::string_view text);
bool is_blank(std::string_view text);
// Without blanks, control characters and what nobody sees (zero width space, byte order mark, soft
// hyphen, marks of direction) at both ends. A joiner behind a letter that is not ASCII is part of
// that letter and stays.
std::string_view trim_invisible(std::string_view text);

// How many letters are added, left out, changed or changed with their neighbour, cut off above
// `limit` (then limit + 1).
int edit_distance(std::string_view a, std::string_view b, int limit);

// So many edits of a word are a slip; with more, every short word would be a neighbour of every
// other.
int most_edits(std::string_view word);

// The candidate nearest to `word` within so many edits, or empty: for "did you mean".
std::string_view nearest(std::string_view word, const std::vector<std::string>& candidates);
// The same as the end of a message: "; did you mean 'CANDIDATE'?", or empty.
std::string did_you_mean(std::string_view word, const std::vector<std::string>& candidates);

}  // namespace muster
