// SPDX-License-Identifier: Apache-2.0
#include <string>

#include "core/encoding.h"
#include "core/text.h"
#include "mappings/language/function.h"
#include "mappings/language/unicode.h"

namespace muster::mappings {
namespace {

using Arguments = std::span<const Datum>;

constexpr std::string_view base64_letters =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

Datum base64_of(Context& context, std::string_view text) {
  return context.build(base64_size(text.size()),
                       [text](char* out) { return write_base64(text, out); });
}

Datum base64(Context& context, Arguments a) { return base64_of(context, a[0].text()); }

// Of the UTF-16 code units, low byte first, without a byte order mark.
Datum base64_utf16(Context& context, Arguments a) {
  const auto text = a[0].text();
  std::string bytes;
  bytes.reserve(text.size() * 2);
  const auto unit = [&bytes](char32_t value) {
    bytes += static_cast<char>(value & 0xFF);
    bytes += static_cast<char>(value >> 8 & 0xFF);
  };
  for (std::size_t at = 0; at < text.size();) {
    const auto c = next_code_point(text, at);
    if (c < 0x10000) {
      unit(c);
    } else {
      unit(0xD800 + ((c - 0x10000) >> 10));
      unit(0xDC00 + ((c - 0x10000) & 0x3FF));
    }
  }
  return base64_of(context, bytes);
}

Datum unbase64(Context& context, Arguments a) {
  auto text = a[0].text();
  if (text.size() % 4 != 0) return context.fail("W-BASE64", "the text is no base64");
  while (text.ends_with('=')) text.remove_suffix(1);
  bool good = true;
  const auto datum = context.build(text.size(), [&](char* out) {
    std::uint32_t bits = 0;
    int count = 0;
    for (const char c : text) {
      const auto value = base64_letters.find(c);
      good = good && value != std::string_view::npos;
      bits = bits << 6 | static_cast<std::uint32_t>(value & 63);
      count += 6;
      if (count >= 8) *out++ = static_cast<char>(bits >> (count -= 8) & 0xFF);
    }
    return out;
  });
  if (!good || !is_utf8(datum.text()))
    return context.fail("W-BASE64", "the text is no base64 of UTF-8 text");
  return datum;
}

// Of the UTF-8 bytes, lower-case.
Datum hex(Context& context, Arguments a) {
  const auto text = a[0].text();
  return context.build(text.size() * 2, [text](char* out) { return write_hex(text, out); });
}

constexpr Function functions[] = {
    {"base64(x: text) -> text", base64},
    {"base64_utf16(x: text) -> text", base64_utf16},
    {"unbase64(x: text) -> text?", unbase64},
    {"hex(x: text) -> text", hex},
};

}  // namespace

std::span<const Function> encoding_functions() { return functions; }

}  // namespace muster::mappings
