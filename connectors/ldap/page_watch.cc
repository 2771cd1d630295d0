// SPDX-License-Identifier: Apache-2.0
#include "connectors/ldap/page_watch.h"

#include <bit>

#include "core/content_hash.h"

namespace muster::connectors::ldap {
namespace {

constexpr int kSameCookie = 3;     // empty pages in a row that end with one cookie
constexpr int kEmptyPages = 1000;  // in a row, whatever their cookies

}  // namespace

void PageWatch::entry(std::string_view dn) {
  // Order counts: a page is a sequence.
  const auto rotated = std::rotl(std::bit_cast<std::uint64_t>(page_), 7);
  page_ = std::bit_cast<std::int64_t>(rotated ^ std::bit_cast<std::uint64_t>(content_hash(dn)));
  empty_ = false;
}

bool PageWatch::ended(const std::string& cookie) {
  const bool last = cookie.empty();
  const bool same_cookie = cookie == cookie_;
  cookie_ = cookie;
  if (!empty_) {
    empty_ = true;
    empty_pages_ = 0;
    const bool fresh = pages_.insert(page_).second;
    page_ = 0;
    return fresh || last;
  }
  ++empty_pages_;
  return last || (empty_pages_ <= (same_cookie ? kSameCookie : kEmptyPages));
}

}  // namespace muster::connectors::ldap
