// SPDX-License-Identifier: Apache-2.0
#include "scim/version_tags.h"

#include <algorithm>
#include <charconv>

#include "core/text.h"

namespace muster::scim {
namespace {

// 0 for a tag that no version has.
std::int64_t version_of(std::string_view tag) {
  tag = trim_blanks(tag);
  if (tag.starts_with("W/") || tag.starts_with("w/")) tag.remove_prefix(2);
  if (tag.size() < 3 || tag.front() != '"' || tag.back() != '"') return 0;
  tag = tag.substr(1, tag.size() - 2);
  std::int64_t version = 0;
  const auto [end, error] = std::from_chars(tag.data(), tag.data() + tag.size(), version);
  return error == std::errc() && end == tag.data() + tag.size() ? version : 0;
}

}  // namespace

VersionTags VersionTags::of(const http::RequestHead& head, std::string_view field) {
  VersionTags out;
  const std::string* value = head.header(field);
  if (value == nullptr) return out;
  out.given_ = true;
  std::string_view rest = *value;
  while (!rest.empty()) {
    const auto comma = std::min(rest.find(','), rest.size());
    const auto tag = trim_blanks(rest.substr(0, comma));
    if (tag == "*") out.any_ = true;
    if (const auto version = version_of(tag); version > 0) out.versions_.push_back(version);
    rest.remove_prefix(std::min(comma + 1, rest.size()));
  }
  return out;
}

bool VersionTags::match(std::int64_t version) const {
  return any_ || std::find(versions_.begin(), versions_.end(), version) != versions_.end();
}

}  // namespace muster::scim
