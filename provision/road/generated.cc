// SPDX-License-Identifier: Apache-2.0
#include "provision/road/generated.h"

#include <algorithm>
#include <string_view>

#include "core/random.h"

namespace muster::provision {
namespace {

std::string_view characters_of(std::string_view name) {
  if (name == "lower") return "abcdefghijkmnopqrstuvwxyz";
  if (name == "upper") return "ABCDEFGHJKLMNPQRSTUVWXYZ";
  if (name == "digit") return "23456789";
  return "!#$%*+-./:=?@_";
}

// An evenly distributed number below `limit` (at most 256).
Result<std::size_t> below(std::size_t limit) {
  const std::size_t even = 256 - 256 % limit;
  while (true) {
    MUSTER_TRY(const auto drawn, random_bytes(1));
    const auto byte = static_cast<unsigned char>(drawn.front());
    if (byte < even) return std::size_t{byte} % limit;
  }
}

}  // namespace

Result<std::string> draw(const mappings::Generated& wanted) {
  std::string all;
  for (const auto& name : wanted.classes) all += characters_of(name);
  std::string text;
  while (text.size() < wanted.length) {
    const auto from = text.size() < wanted.classes.size()
                          ? characters_of(wanted.classes[text.size()])
                          : std::string_view(all);
    MUSTER_TRY(const auto place, below(from.size()));
    text += from[place];
  }
  for (std::size_t i = text.size(); i > 1; --i) {
    MUSTER_TRY(const auto other, below(i));
    std::swap(text[i - 1], text[other]);
  }
  return text;
}

Result<Value> draw_all(std::span<const mappings::Generated> wanted) {
  Value values;
  for (const auto& one : wanted) {
    MUSTER_TRY(auto text, draw(one));
    values.set(one.name, std::move(text));
  }
  return values;
}

}  // namespace muster::provision
