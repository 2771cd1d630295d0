// SPDX-License-Identifier: Apache-2.0
#include "tests/support/scripted_ldap.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <stdexcept>

namespace muster::support {
namespace {

constexpr std::string_view kPagedResults = "1.2.840.113556.1.4.319";
constexpr std::string_view kNoticeOfDisconnection = "1.3.6.1.4.1.1466.20036";

// BER as LDAP uses it (RFC 4511, 5.1): tag, definite length, content.
std::string ber(int tag, std::string_view content) {
  std::string out(1, static_cast<char>(tag));
  if (content.size() < 128) {
    out += static_cast<char>(content.size());
  } else {
    out += static_cast<char>(0x84);
    for (int shift = 24; shift >= 0; shift -= 8)
      out += static_cast<char>((content.size() >> shift) & 0xff);
  }
  return out.append(content);
}

std::string ber_integer(int tag, int value) {
  std::string content;
  for (int shift = 24; shift >= 0; shift -= 8)
    content += static_cast<char>((value >> shift) & 0xff);
  return ber(tag, content);
}

std::string message(int id, std::string_view operation, std::string_view controls = {}) {
  return ber(0x30, ber_integer(0x02, id) + std::string(operation) + std::string(controls));
}

std::string result(int tag, int code, std::string_view text, std::string_view rest = {}) {
  return ber(tag, ber_integer(0x0a, code) + ber(0x04, "") + ber(0x04, text) + std::string(rest));
}

struct Element {
  int tag = 0;
  std::string_view content = {};
};

class BerReader {
 public:
  explicit BerReader(std::string_view bytes) : rest_(bytes) {}

  bool more() const { return rest_.size() >= 2; }

  Element next() {
    if (!more()) return {};
    Element element{.tag = static_cast<unsigned char>(rest_[0])};
    std::size_t length = static_cast<unsigned char>(rest_[1]);
    std::size_t head = 2;
    if (length & 0x80) {
      const std::size_t digits = length & 0x7f;
      length = 0;
      for (std::size_t i = 0; i < digits && head < rest_.size(); ++i) {
        length = length << 8 | static_cast<unsigned char>(rest_[head++]);
      }
    }
    // A client that speaks something else (TLS) must not end the test.
    head = std::min(head, rest_.size());
    element.content = rest_.substr(head, length);
    rest_.remove_prefix(head + element.content.size());
    return element;
  }

  int integer() {
    int value = 0;
    for (const char byte : next().content) value = value << 8 | static_cast<unsigned char>(byte);
    return value;
  }

 private:
  std::string_view rest_;
};

void parse_search(BerReader& search, LdapRequest& request) {
  request.name = search.next().content;
  request.scope = search.integer();
  for (int i = 0; i < 5; ++i) search.next();  // aliases, limits, types only, filter
  BerReader names(search.next().content);
  while (names.more()) request.attributes.emplace_back(names.next().content);
}

void parse_controls(BerReader controls, LdapRequest& request) {
  while (controls.more()) {
    BerReader control(controls.next().content);
    if (control.next().content != kPagedResults) continue;
    Element value = control.next();
    if (value.tag == 0x01) value = control.next();  // criticality
    BerReader paging(BerReader(value.content).next().content);
    paging.next();  // size
    request.cookie = std::string(paging.next().content);
  }
}

LdapRequest parse_request(std::string_view bytes) {
  LdapRequest request;
  BerReader envelope(bytes);
  request.message_id = envelope.integer();
  const Element operation = envelope.next();
  request.operation = operation.tag;
  BerReader content(operation.content);
  if (operation.tag == 0x63) parse_search(content, request);
  if (operation.tag == 0x77) request.name = content.next().content;
  if (operation.tag == 0x60) {
    content.next();  // version
    request.name = content.next().content;
  }
  if (envelope.more()) parse_controls(BerReader(envelope.next().content), request);
  return request;
}

}  // namespace

bool LdapRequest::asks_for(std::string_view attribute) const {
  return std::ranges::find(attributes, attribute) != attributes.end();
}

void LdapConversation::raw(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t sent = send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) return;
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
}

void LdapConversation::close() { shutdown(socket_, SHUT_RDWR); }

void LdapConversation::entry(const LdapRequest& request, std::string_view dn,
                             const LdapAttributes& attributes) {
  std::string list;
  for (const auto& [name, values] : attributes) {
    std::string set;
    for (const std::string& value : values) set += ber(0x04, value);
    list += ber(0x30, ber(0x04, name) + ber(0x31, set));
  }
  raw(message(request.message_id, ber(0x64, ber(0x04, dn) + ber(0x30, list))));
}

void LdapConversation::reference(const LdapRequest& request, std::string_view uri) {
  raw(message(request.message_id, ber(0x73, ber(0x04, uri))));
}

void LdapConversation::done(const LdapRequest& request, int code, std::optional<std::string> cookie,
                            std::string_view text) {
  std::string controls;
  if (cookie) {
    const std::string paging = ber(0x30, ber_integer(0x02, 0) + ber(0x04, *cookie));
    controls = ber(0xa0, ber(0x30, ber(0x04, kPagedResults) + ber(0x04, paging)));
  }
  raw(message(request.message_id, result(0x65, code, text), controls));
}

void LdapConversation::bound(const LdapRequest& request, int code, std::string_view text) {
  raw(message(request.message_id, result(0x61, code, text)));
}

void LdapConversation::extended(const LdapRequest& request, int code, std::string_view text) {
  raw(message(request.message_id, result(0x78, code, text)));
}

void LdapConversation::notice_of_disconnection(int code, std::string_view text) {
  raw(message(0, result(0x78, code, text, ber(0x8a, kNoticeOfDisconnection))));
}

bool LdapConversation::fill(std::size_t bytes) {
  while (buffer_.size() < bytes) {
    char chunk[4096];
    const ssize_t got = recv(socket_, chunk, sizeof chunk, 0);
    if (got <= 0) return false;
    buffer_.append(chunk, static_cast<std::size_t>(got));
  }
  return true;
}

std::optional<LdapRequest> LdapConversation::next() {
  if (!fill(2)) return std::nullopt;
  const std::size_t first = static_cast<unsigned char>(buffer_[1]);
  const std::size_t digits = first & 0x80 ? first & 0x7f : 0;
  if (!fill(2 + digits)) return std::nullopt;
  std::size_t length = digits == 0 ? first : 0;
  for (std::size_t i = 0; i < digits; ++i)
    length = length << 8 | static_cast<unsigned char>(buffer_[2 + i]);
  if (!fill(2 + digits + length)) return std::nullopt;
  LdapRequest request = parse_request(std::string_view(buffer_).substr(2 + digits, length));
  buffer_.erase(0, 2 + digits + length);
  return request;
}

ScriptedLdap::ScriptedLdap(Script script, Welcome welcome)
    : script_(std::move(script)), welcome_(std::move(welcome)) {
  listener_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  const bool ready = bind(listener_, reinterpret_cast<sockaddr*>(&address), size) == 0 &&
                     listen(listener_, 8) == 0 &&
                     getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size) == 0;
  if (!ready) throw std::runtime_error("no socket for the scripted LDAP server");
  port_ = ntohs(address.sin_port);
  thread_ = std::thread([this] { serve(); });
}

ScriptedLdap::~ScriptedLdap() {
  {
    const std::lock_guard lock(mutex_);
    ending_ = true;
    shutdown(listener_, SHUT_RDWR);
    if (client_ >= 0) shutdown(client_, SHUT_RDWR);
  }
  thread_.join();
  ::close(listener_);
}

void ScriptedLdap::serve() {
  for (;;) {
    const int socket_fd = accept(listener_, nullptr, nullptr);
    if (socket_fd < 0) return;
    {
      const std::lock_guard lock(mutex_);
      if (ending_) {
        ::close(socket_fd);
        return;
      }
      client_ = socket_fd;
    }
    ++connections_;
    converse(socket_fd);
    const std::lock_guard lock(mutex_);
    client_ = -1;
    ::close(socket_fd);
  }
}

void ScriptedLdap::converse(int socket_fd) {
  const int at_once = 1;
  setsockopt(socket_fd, IPPROTO_TCP, TCP_NODELAY, &at_once, sizeof at_once);
  LdapConversation conversation(socket_fd);
  if (welcome_ && !welcome_(conversation)) return;
  while (const auto request = conversation.next()) {
    if (request->operation == 0x42) return;
    if (!script_(conversation, *request)) answer_well(conversation, *request);
  }
}

void ScriptedLdap::answer_well(LdapConversation& conversation, const LdapRequest& request) {
  if (request.operation == 0x60) return conversation.bound(request);
  if (request.operation == 0x77)
    return conversation.extended(request, 2, "unsupported extended operation");
  if (request.operation != 0x63) return;
  if (request.name.empty() && request.scope == 0) {
    conversation.entry(request, "",
                       {{"objectClass", {"top", "OpenLDAProotDSE"}},
                        {"supportedControl", {std::string(kPagedResults)}}});
  } else if (request.scope == 0) {
    conversation.entry(request, request.name, {});
  }
  conversation.done(request, 0, request.cookie ? std::optional<std::string>("") : std::nullopt);
}

}  // namespace muster::support
