// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_set>

namespace muster::connectors::ldap {

// Watches the pages of one search (RFC 2696) for a server that gives them again and again. A cookie
// alone proves nothing: 389-ds has one for all pages of a search. So it is the entries that tell:
// no search gives the same ones twice, and only a few pages without any are believed to lead on. 8
// bytes a page.
class PageWatch {
 public:
  void entry(std::string_view dn);

  // The page has ended with that cookie; false: the search goes round in circles.
  bool ended(const std::string& cookie);

 private:
  std::unordered_set<std::int64_t> pages_ = {};  // hashes of their entries
  std::int64_t page_ = 0;
  bool empty_ = true;
  int empty_pages_ = 0;      // in a row
  std::string cookie_ = {};  // of the last page
};

}  // namespace muster::connectors::ldap
