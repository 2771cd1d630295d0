// SPDX-License-Identifier: Apache-2.0
#include <unicode/uchar.h>

#include <algorithm>

#include "core/text.h"
#include "mappings/language/function.h"
#include "mappings/language/print_scalar.h"
#include "mappings/language/unicode.h"

namespace muster::mappings {
namespace {

using Arguments = std::span<const Datum>;

bool blank(char32_t c) {
  return c == ' ' || (c >= 9 && c <= 13) ||
         (c >= 0x80 && u_isUWhiteSpace(static_cast<UChar32>(c)) != 0);
}

// What nobody can see is told; blanks are what it is for.
Datum trim(Context& context, Arguments a) {
  const auto text = a[0].text();
  if (solid_ends(text)) return a[0];
  const auto kept = trim_invisible(text);
  const auto plain = text.find_first_not_of(" \t\r\n");
  const bool only_blanks = kept.empty()
                               ? plain == std::string_view::npos
                               : kept.data() == text.data() + plain &&
                                     text.find_last_not_of(" \t\r\n") + 1 == plain + kept.size();
  if (!only_blanks) {
    context.fail("W-TRIMMED", trimmed_message);
    context.note();
  }
  return text_datum(kept);
}

Datum collapse(Context& context, Arguments a) {
  const auto text = a[0].text();
  if (surely_solid(text)) return a[0];
  bool needed = false;
  for (std::size_t i = 0; i < text.size() && !needed; ++i) {
    if (text[i] > ' ') continue;  // visible ASCII
    needed =
        can_begin_blank(text[i]) && (text[i] != ' ' || (i + 1 < text.size() && text[i + 1] == ' '));
  }
  if (!needed) return text_datum(text);
  return context.build(text.size(), [text](char* out) {
    bool gap = false;
    for (std::size_t at = 0; at < text.size();) {
      const auto start = at;
      if (blank(next_code_point(text, at))) {
        if (!gap) *out++ = ' ';
        gap = true;
        continue;
      }
      gap = false;
      out = std::copy(text.begin() + static_cast<std::ptrdiff_t>(start),
                      text.begin() + static_cast<std::ptrdiff_t>(at), out);
    }
    return out;
  });
}

Datum replace_some(Context& context, Arguments a, std::size_t most) {
  const auto text = a[0].text();
  const auto from = a[1].text();
  const auto to = a[2].text();
  std::size_t count = 0;
  for (auto at = text.find(from); at != std::string_view::npos && count < most;
       at = text.find(from, at + from.size())) {
    ++count;
  }
  if (count == 0) return text_datum(text);
  return context.build(text.size() - count * from.size() + count * to.size(), [&](char* out) {
    std::size_t start = 0;
    for (std::size_t i = 0; i < count; ++i) {
      const auto at = text.find(from, start);
      out = std::copy(text.data() + start, text.data() + at, out);
      out = std::copy(to.begin(), to.end(), out);
      start = at + from.size();
    }
    return std::copy(text.data() + start, text.data() + text.size(), out);
  });
}

Datum replace(Context& context, Arguments a) {
  return replace_some(context, a, std::string_view::npos);
}
Datum replace_first(Context& context, Arguments a) { return replace_some(context, a, 1); }

Datum split(Context& context, Arguments a) {
  const auto text = a[0].text();
  const auto separator = a[1].text();
  std::size_t count = 1;
  for (auto at = text.find(separator); at != std::string_view::npos;
       at = text.find(separator, at + separator.size())) {
    ++count;
  }
  Datum* items = context.list_room(count);
  if (items == nullptr) return {};
  std::size_t used = 0;
  for (std::size_t start = 0; start <= text.size();) {
    const auto end = std::min(text.find(separator, start), text.size());
    const auto part = text_datum(text.substr(start, end - start));
    if (!part.is_none()) items[used++] = part;
    start = end + separator.size();
  }
  return list_datum(items, used);
}

// Appends parts with separators; lists give their elements, none is passed over.
Datum join_all(Context& context, std::string_view separator, Arguments parts) {
  std::size_t most = 0;
  for (const auto& part : parts) {
    most += part.text().size() + separator.size();
    for (const auto& item : part.items()) most += item.text().size() + separator.size();
  }
  return context.build(most, [&](char* out) {
    bool first = true;
    const auto add = [&](std::string_view text) {
      if (text.empty()) return;
      if (!first) out = std::copy(separator.begin(), separator.end(), out);
      first = false;
      out = std::copy(text.begin(), text.end(), out);
    };
    for (const auto& part : parts) {
      add(part.text());
      for (const auto& item : part.items()) add(item.text());
    }
    return out;
  });
}

Datum join(Context& context, Arguments a) { return join_all(context, a[0].text(), a.subspan(1)); }
Datum join_list(Context& context, Arguments a) {
  return join_all(context, a[1].text(), a.first(1));
}

Datum before(Context&, Arguments a) {
  return text_datum(a[0].text().substr(0, a[0].text().find(a[1].text())));
}

Datum after(Context&, Arguments a) {
  const auto at = a[0].text().find(a[1].text());
  if (at == std::string_view::npos) return {};
  return text_datum(a[0].text().substr(at + a[1].text().size()));
}

Datum before_last(Context&, Arguments a) {
  return text_datum(a[0].text().substr(0, a[0].text().rfind(a[1].text())));
}

Datum after_last(Context&, Arguments a) {
  const auto at = a[0].text().rfind(a[1].text());
  if (at == std::string_view::npos) return {};
  return text_datum(a[0].text().substr(at + a[1].text().size()));
}

Datum starts(Context&, Arguments a) { return truth_datum(a[0].text().starts_with(a[1].text())); }
Datum ends(Context&, Arguments a) { return truth_datum(a[0].text().ends_with(a[1].text())); }
Datum contains(Context&, Arguments a) {
  return truth_datum(a[0].text().find(a[1].text()) != std::string_view::npos);
}

Datum index_of(Context&, Arguments a) {
  const auto at = a[0].text().find(a[1].text());
  if (at == std::string_view::npos) return {};
  return number_datum(static_cast<std::int64_t>(code_points(a[0].text().substr(0, at))));
}

Datum last_index_of(Context&, Arguments a) {
  const auto at = a[0].text().rfind(a[1].text());
  if (at == std::string_view::npos) return {};
  return number_datum(static_cast<std::int64_t>(code_points(a[0].text().substr(0, at))));
}

Datum len(Context&, Arguments a) {
  return number_datum(static_cast<std::int64_t>(code_points(a[0].text())));
}

// Code points [from, to); a negative position counts from the end.
Datum slice(Context&, Arguments a) {
  const auto text = a[0].text();
  const auto size = static_cast<std::int64_t>(code_points(text));
  const auto position = [size](std::int64_t n) {
    return std::clamp<std::int64_t>(n < 0 ? size + n : n, 0, size);
  };
  const auto from = position(a[1].number);
  const auto to = a[2].is_none() ? size : position(a[2].number);
  if (from >= to) return {};
  const auto start = offset_of(text, static_cast<std::size_t>(from));
  const auto end = offset_of(text, static_cast<std::size_t>(to));
  return text_datum(text.substr(start, end - start));
}

Datum pad(Context& context, Arguments a, bool left) {
  const auto text = a[0].text();
  const auto fill = a[2].text();
  const auto size = static_cast<std::int64_t>(code_points(text));
  if (a[1].number <= size) return text_datum(text);
  if (a[1].number > static_cast<std::int64_t>(longest_text))
    return context.fail("W-LIMIT", "a text is longer than 64 KiB");
  const auto missing = static_cast<std::size_t>(a[1].number - size);
  const auto width = code_points(fill);
  const auto padding = missing / width * fill.size() + offset_of(fill, missing % width);
  return context.build(text.size() + padding, [&](char* out) {
    if (!left) out = std::copy(text.begin(), text.end(), out);
    for (std::size_t left_over = padding; left_over > 0;) {
      const auto bytes = std::min(left_over, fill.size());
      out = std::copy_n(fill.data(), bytes, out);
      left_over -= bytes;
    }
    return left ? std::copy(text.begin(), text.end(), out) : out;
  });
}

Datum pad_left(Context& context, Arguments a) { return pad(context, a, true); }
Datum pad_right(Context& context, Arguments a) { return pad(context, a, false); }

// The n-th of the pieces between any of the separator characters; empty pieces do not count.
Datum word(Context&, Arguments a) {
  const auto text = a[0].text();
  const auto separators = a[2].text();
  const auto separates = [separators](char32_t c) {
    for (std::size_t at = 0; at < separators.size();) {
      if (next_code_point(separators, at) == c) return true;
    }
    return false;
  };
  if (a[1].number < 0) return {};
  std::int64_t left = a[1].number;
  std::size_t start = 0;
  for (std::size_t at = 0; at <= text.size();) {
    const auto end = at;
    const bool last = at == text.size();
    const bool cut = last || separates(next_code_point(text, at));
    if (!cut) continue;
    if (end > start && left-- == 0) return text_datum(text.substr(start, end - start));
    if (last) break;
    start = at;
  }
  return {};
}

constexpr Function functions[] = {
    {"trim(x: text) -> text", trim},
    {"collapse(x: text) -> text", collapse},
    {"replace(x: text, from: text, to: text? = none) -> text?", replace},
    {"replace_first(x: text, from: text, to: text? = none) -> text?", replace_first},
    {"split(x: text, separator: text) -> list<text>?", split},
    {"join(separator: text?, ...parts: text|list<text>?) -> text?", join},
    {"join(list: list<text>, separator: text? = ', ') -> text?", join_list},
    {"before(x: text, s: text) -> text?", before},
    {"after(x: text, s: text) -> text?", after},
    {"before_last(x: text, s: text) -> text?", before_last},
    {"after_last(x: text, s: text) -> text?", after_last},
    {"starts(x: text, s: text) -> bool", starts},
    {"ends(x: text, s: text) -> bool", ends},
    {"contains(x: text, s: text) -> bool", contains},
    {"index_of(x: text, s: text) -> int?", index_of},
    {"last_index_of(x: text, s: text) -> int?", last_index_of},
    {"len(x: text) -> int", len},
    {"slice(x: text, from: int, to: int? = none) -> text?", slice},
    {"pad_left(x: text, width: int, fill: text = ' ') -> text", pad_left},
    {"pad_right(x: text, width: int, fill: text = ' ') -> text", pad_right},
    {"word(x: text, n: int, separators: text = ' ') -> text?", word},
};

}  // namespace

std::span<const Function> text_functions() { return functions; }

}  // namespace muster::mappings
