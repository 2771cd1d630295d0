// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

namespace muster::support {

struct LdapRequest {
  int message_id = 0;
  int operation = 0;      // the tag: 0x60 bind, 0x63 search, 0x77 extended, 0x42 unbind
  std::string name = {};  // bind: who; search: the base; extended: the OID
  int scope = 0;          // search
  std::vector<std::string> attributes = {};
  std::optional<std::string> cookie = {};  // of the paged results control

  bool asks_for(std::string_view attribute) const;
};

using LdapAttributes = std::vector<std::pair<std::string, std::vector<std::string>>>;

// One client's connection to a ScriptedLdap, seen from a script.
class LdapConversation {
 public:
  explicit LdapConversation(int socket_fd) : socket_(socket_fd) {}

  void entry(const LdapRequest& request, std::string_view dn, const LdapAttributes& attributes);
  void reference(const LdapRequest& request, std::string_view uri);
  // Ends a search. With a cookie (also an empty one) there is a paged results control.
  void done(const LdapRequest& request, int code = 0, std::optional<std::string> cookie = {},
            std::string_view text = {});
  void bound(const LdapRequest& request, int code = 0, std::string_view text = {});
  void extended(const LdapRequest& request, int code, std::string_view text = {});
  void notice_of_disconnection(int code, std::string_view text);
  void raw(std::string_view bytes);
  void close();

  // The next request; nullopt when the client is gone.
  std::optional<LdapRequest> next();

 private:
  bool fill(std::size_t bytes);

  int socket_;
  std::string buffer_ = {};
};

// An LDAP server that misbehaves as a script says, on 127.0.0.1. Binds, the rootDSE (an OpenLDAP
// with paged results) and searches of depth base are answered as by a good server; every other
// request goes to the script, on the server's thread. One connection at a time.
class ScriptedLdap {
 public:
  // False: not handled, so the good server answers.
  using Script = std::function<bool(LdapConversation&, const LdapRequest&)>;
  // What happens to a connection before its first request; false: it is closed at once.
  using Welcome = std::function<bool(LdapConversation&)>;

  explicit ScriptedLdap(Script script, Welcome welcome = {});
  ScriptedLdap(const ScriptedLdap&) = delete;
  ScriptedLdap& operator=(const ScriptedLdap&) = delete;
  ~ScriptedLdap();

  std::string uri() const { return "ldap://127.0.0.1:" + std::to_string(port_); }
  int connections() const { return connections_; }

 private:
  void serve();
  void converse(int socket_fd);
  static void answer_well(LdapConversation& conversation, const LdapRequest& request);

  Script script_;
  Welcome welcome_;
  int listener_ = -1;
  int port_ = 0;
  std::mutex mutex_;
  int client_ = -1;  // guarded by mutex_
  bool ending_ = false;
  std::atomic<int> connections_ = 0;
  std::thread thread_;
};

}  // namespace muster::support
