// SPDX-License-Identifier: Apache-2.0
#include "http/target.h"

#include <algorithm>
#include <string>

#include "core/encoding.h"
#include "core/text.h"

namespace muster::http {
namespace {

enum class Part { path, query };

// False when an escape is broken, or decodes to what may not be hidden in that part.
bool decode(std::string_view text, Part part, std::string& into) {
  into.clear();
  into.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    char c = text[i];
    if (c == '+' && part == Part::query) c = ' ';
    if (c == '%') {
      const int high = i + 2 < text.size() ? hex_value(text[i + 1]) : -1;
      const int low = high >= 0 ? hex_value(text[i + 2]) : -1;
      if (low < 0) return false;
      c = static_cast<char>(high * 16 + low);
      i += 2;
      if (c == '\0') return false;
      const auto byte = static_cast<unsigned char>(c);
      if (part == Part::path && (c == '/' || byte < 0x20 || byte == 0x7f)) return false;
    }
    into.push_back(c);
  }
  return is_ascii(into) || is_utf8(into);
}

bool has_dot_segment(std::string_view path) {
  for (std::size_t start = 1; start <= path.size();) {
    const std::size_t end = std::min(path.find('/', start), path.size());
    const auto segment = path.substr(start, end - start);
    if (segment == "." || segment == "..") return true;
    start = end + 1;
  }
  return false;
}

bool read_query(std::string_view text, RequestHead& head) {
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('&'), text.size());
    const auto pair = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (pair.empty()) continue;
    const std::size_t equals = std::min(pair.find('='), pair.size());
    auto& [name, value] = head.query.emplace_back();
    if (!decode(pair.substr(0, equals), Part::query, name)) return false;
    if (!decode(pair.substr(std::min(equals + 1, pair.size())), Part::query, value)) return false;
  }
  return true;
}

// RFC 9112, 3.2.2: a server must accept the absolute form; who was addressed decides nothing here.
std::string_view without_authority(std::string_view target) {
  for (std::string_view scheme : {"http://", "https://"}) {
    if (!ascii_equal_fold(target.substr(0, scheme.size()), scheme)) continue;
    const std::size_t slash = target.find('/', scheme.size());
    return slash == std::string_view::npos ? "/" : target.substr(slash);
  }
  return target;
}

}  // namespace

std::optional<Refusal> read_target(std::string_view target, RequestHead& head) {
  const bool printable =
      std::all_of(target.begin(), target.end(), [](char c) { return c > 0x20 && c < 0x7f; });
  if (!printable || target.find('#') != std::string_view::npos)
    return Refusal{400, "the request target holds a character that must be percent-encoded"};
  target = without_authority(target);
  if (target.empty() || target.front() != '/')
    return Refusal{400, "the request target is not a path"};
  const std::size_t mark = std::min(target.find('?'), target.size());
  if (!decode(target.substr(0, mark), Part::path, head.path))
    return Refusal{400, "the path holds a percent-encoding that is not accepted"};
  if (has_dot_segment(head.path)) return Refusal{400, "the path holds a dot segment"};
  head.query.clear();
  if (mark < target.size() && !read_query(target.substr(mark + 1), head))
    return Refusal{400, "the query holds a percent-encoding that is not accepted"};
  return std::nullopt;
}

}  // namespace muster::http
