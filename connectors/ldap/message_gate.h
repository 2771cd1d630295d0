// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

struct ldap;
struct sockbuf_io_desc;

namespace muster::connectors::ldap {

// The attribute of an entry that stands for one above the limit; its value is the length of the
// message in bytes. All that is kept of such an entry is this and its DN.
inline constexpr std::string_view kOversized = "x-muster-oversized";

// Sits between libldap and what brings the bytes (TLS, the socket). libldap ends a connection when
// a message is above its limit, and with it the read; this lets an entry above the limit go by
// without keeping it, and hands on a small one in its place. Other messages above the limit, and
// lengths that no entry has, are left to libldap. Reads ahead too: libldap alone reads each message
// with three system calls. Must outlive the handle.
class MessageGate {
 public:
  explicit MessageGate(std::size_t most_bytes);
  MessageGate(const MessageGate&) = delete;
  MessageGate& operator=(const MessageGate&) = delete;

  // Between two messages only, so after a bind; false when libldap refuses.
  bool put_above(::ldap* handle);

  // For libldap: as read(2), from the layer below.
  long read(::sockbuf_io_desc* layer, void* buffer, std::size_t length);
  // There is something to read without asking the layer below.
  bool ready() const { return out_at_ < out_.size() || from_ < to_; }

 private:
  void take_head();
  std::size_t hand_on(char* buffer, std::size_t length);

  std::size_t most_;
  std::vector<char> ahead_;  // read, not looked at yet: from_ to to_
  std::size_t from_ = 0;
  std::size_t to_ = 0;
  std::string head_ = {};  // of a message whose fate is not known yet
  std::string out_ = {};   // to hand on before anything else
  std::size_t out_at_ = 0;
  std::uint64_t pass_ = 0;  // of the message at hand, to hand on as it comes
  std::uint64_t skip_ = 0;  // of the message at hand, to forget
};

}  // namespace muster::connectors::ldap
