// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "connectors/ldap/entry_reader.h"
#include "connectors/ldap/options.h"
#include "connectors/ldap/server_profile.h"
#include "connectors/ldap/sign_in.h"
#include "connectors/ldap/wire.h"

namespace muster::connectors::ldap {

enum class Depth { base, subtree };

struct Search {
  std::string base = {};
  Depth depth = Depth::subtree;
  std::string filter = "(objectClass=*)";
  std::vector<std::string> attributes = {};
  int page_size = 0;  // 0: all in one answer
};

// How one page ended.
struct Page {
  std::string cookie = {};  // empty: that was the last one
  // URIs of servers that hold other parts (RFC 4511, 4.5.3).
  std::vector<std::string> references = {};
};

// A signed-in connection to one server. It never moves to another one: what breaks it breaks it for
// good, because a page's cookie and what was seen so far count on this server only. One thread.
class Session {
 public:
  using OnEntry = std::function<Status(EntryReader&)>;

  // Signs in to the first URI that lets us. The options must outlive the session.
  static Result<std::unique_ptr<Session>> open(const LdapOptions& options, Patience patience);

  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;
  ~Session();

  const std::string& uri() const { return uri_; }
  const ServerProfile& server() const { return server_; }
  // False once the connection broke: nothing more can be asked.
  bool usable() const { return !broken_; }

  // Runs one page of a search (the first with an empty cookie), one entry at a time. An error's
  // code is the LDAP result, its `where` the base. An error of `on_entry` ends the search and is
  // handed on.
  Result<Page> page(const Search& search, const std::string& cookie, const OnEntry& on_entry);

 private:
  Session(const LdapOptions& options, std::string uri, Connection connection, Patience patience);

  Status probe();
  Result<int> send(const Search& search, const std::string& cookie);
  Status deliver(::ldapmsg* message, const OnEntry& on_entry);
  Result<Page> finish(::ldapmsg* message, const Search& search, Page page);
  Error lost() const;
  ::ldap* handle() const { return connection_.handle.get(); }

  const LdapOptions& options_;
  std::string uri_;
  Connection connection_;
  Patience patience_;
  ServerProfile server_ = {};
  bool broken_ = false;
};

}  // namespace muster::connectors::ldap
