// SPDX-License-Identifier: Apache-2.0
#include "connectors/ldap/message_gate.h"

#include <ldap.h>

#include <algorithm>
#include <cstring>
#include <limits>
#include <optional>

namespace muster::connectors::ldap {
namespace {

constexpr std::size_t kAhead = 64 << 10;
constexpr std::size_t kMostHead = 64 << 10;       // bytes to find a DN in
constexpr std::uint64_t kMostSkipped = 1U << 30;  // longer than any entry: a mistake, or hostile
constexpr unsigned char kSequence = 0x30;
constexpr unsigned char kInteger = 0x02;
constexpr unsigned char kOctets = 0x04;
constexpr unsigned char kSet = 0x31;
constexpr unsigned char kEntry = 0x64;  // SearchResultEntry (RFC 4511, 4.5.2)

// Tag and length of a BER element (X.690, 8.1); `known` is false while bytes are missing.
struct Element {
  bool known = false;
  bool valid = true;
  unsigned char tag = 0;
  std::size_t begin = 0;  // of the content
  std::uint64_t size = 0;
};

Element element_at(std::string_view bytes, std::size_t at) {
  Element element;
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(bytes[i]); };
  if (bytes.size() < at + 2) return element;
  element.tag = byte(at);
  const unsigned first = byte(at + 1);
  element.begin = at + 2;
  if (first < 0x80) {
    element.known = true;
    element.size = first;
    return element;
  }
  const std::size_t count = first & 0x7F;
  element.valid = count > 0 && count <= sizeof(element.size);
  element.known = !element.valid || bytes.size() >= element.begin + count;
  if (!element.valid || !element.known) return element;
  for (std::size_t i = 0; i < count; ++i)
    element.size = element.size << 8 | byte(element.begin + i);
  element.begin += count;
  return element;
}

std::string ber(unsigned char tag, std::string_view content) {
  std::string bytes(1, static_cast<char>(tag));
  if (content.size() < 0x80) {
    bytes += static_cast<char>(content.size());
  } else {
    bytes += '\x84';
    for (int shift = 24; shift >= 0; shift -= 8)
      bytes += static_cast<char>(content.size() >> static_cast<unsigned>(shift) & 0xFF);
  }
  return bytes.append(content);
}

// What goes on in the place of the entry that begins so; empty: not enough of it is there, nullopt:
// it is none.
std::optional<std::string> stand_in(std::string_view head, const Element& message) {
  const Element id = element_at(head, message.begin);
  if (!id.known || !id.valid) return id.valid ? std::optional(std::string()) : std::nullopt;
  if (id.tag != kInteger || id.size > sizeof(std::int32_t)) return std::nullopt;
  const Element entry = element_at(head, id.begin + id.size);
  if (!entry.known || !entry.valid)
    return entry.valid ? std::optional(std::string()) : std::nullopt;
  if (entry.tag != kEntry) return std::nullopt;
  const Element dn = element_at(head, entry.begin);
  if (!dn.valid || (dn.known && (dn.tag != kOctets || dn.size > kMostHead))) return std::nullopt;
  if (!dn.known || head.size() < dn.begin + dn.size) return std::string();
  const auto size = std::to_string(message.begin + message.size);
  const auto attribute = ber(kSequence, ber(kOctets, kOversized) + ber(kSet, ber(kOctets, size)));
  return ber(kSequence, ber(kInteger, head.substr(id.begin, id.size)) +
                            ber(kEntry, ber(kOctets, head.substr(dn.begin, dn.size)) +
                                            ber(kSequence, attribute)));
}

extern "C" {

int gate_setup(Sockbuf_IO_Desc* layer, void* gate) {
  layer->sbiod_pvt = gate;
  return 0;
}

int gate_remove(Sockbuf_IO_Desc*) { return 0; }

int gate_control(Sockbuf_IO_Desc* layer, int option, void* argument) {
  if (option == LBER_SB_OPT_DATA_READY && static_cast<MessageGate*>(layer->sbiod_pvt)->ready())
    return 1;
  return LBER_SBIOD_CTRL_NEXT(layer, option, argument);
}

ber_slen_t gate_read(Sockbuf_IO_Desc* layer, void* buffer, ber_len_t length) {
  return static_cast<MessageGate*>(layer->sbiod_pvt)->read(layer, buffer, length);
}

ber_slen_t gate_write(Sockbuf_IO_Desc* layer, void* buffer, ber_len_t length) {
  return LBER_SBIOD_WRITE_NEXT(layer, buffer, length);
}

int gate_close(Sockbuf_IO_Desc*) { return 0; }

}  // extern "C"

Sockbuf_IO gate_functions = {gate_setup, gate_remove, gate_control,
                             gate_read,  gate_write,  gate_close};

}  // namespace

MessageGate::MessageGate(std::size_t most_bytes) : most_(most_bytes), ahead_(kAhead) {}

bool MessageGate::put_above(::ldap* handle) {
  Sockbuf* buffer = nullptr;
  return ldap_get_option(handle, LDAP_OPT_SOCKBUF, &buffer) == LDAP_OPT_SUCCESS &&
         buffer != nullptr &&
         ber_sockbuf_add_io(buffer, &gate_functions, LBER_SBIOD_LEVEL_APPLICATION, this) == 0;
}

// Looks at the beginning of a message until it is clear what becomes of it.
void MessageGate::take_head() {
  while (from_ < to_ && pass_ == 0 && skip_ == 0 && out_at_ == out_.size()) {
    head_ += ahead_[from_++];
    const Element message = element_at(head_, 0);
    if (!message.known) continue;
    const std::uint64_t rest =
        message.size - std::min<std::uint64_t>(message.size, head_.size() - message.begin);
    std::optional<std::string> instead;
    const bool above = message.valid && message.tag == kSequence && message.size > most_ &&
                       message.size <= kMostSkipped;
    if (above) instead = stand_in(head_, message);
    if (instead && instead->empty() && head_.size() < kMostHead + 64 && rest > 0) continue;
    if (instead && !instead->empty()) {
      out_ = *std::move(instead);
      skip_ = rest;
    } else {
      // libldap reads it, or says what is wrong with it.
      out_ = head_;
      pass_ = message.valid ? rest : std::numeric_limits<std::uint64_t>::max();
    }
    out_at_ = 0;
    head_.clear();
  }
}

std::size_t MessageGate::hand_on(char* buffer, std::size_t length) {
  if (out_at_ < out_.size()) {
    const std::size_t count = std::min(length, out_.size() - out_at_);
    std::memcpy(buffer, out_.data() + out_at_, count);
    out_at_ += count;
    return count;
  }
  const std::size_t here = to_ - from_;
  const auto skipped = static_cast<std::size_t>(std::min<std::uint64_t>(skip_, here));
  from_ += skipped;
  skip_ -= skipped;
  const auto count = static_cast<std::size_t>(
      std::min<std::uint64_t>({length, pass_, static_cast<std::uint64_t>(to_ - from_)}));
  std::memcpy(buffer, ahead_.data() + from_, count);
  from_ += count;
  pass_ -= count;
  return count;
}

long MessageGate::read(Sockbuf_IO_Desc* layer, void* buffer, std::size_t length) {
  for (;;) {
    take_head();
    if (const std::size_t count = hand_on(static_cast<char*>(buffer), length); count > 0)
      return static_cast<long>(count);
    if (from_ < to_) continue;
    const ber_slen_t got = LBER_SBIOD_READ_NEXT(layer, ahead_.data(), ahead_.size());
    if (got <= 0) return got;
    from_ = 0;
    to_ = static_cast<std::size_t>(got);
  }
}

}  // namespace muster::connectors::ldap
