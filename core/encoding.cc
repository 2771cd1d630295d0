// SPDX-License-Identifier: Apache-2.0
#include "core/encoding.h"

#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <boost/crc.hpp>

namespace muster {

char* write_hex(std::string_view bytes, char* out) {
  constexpr std::string_view digits = "0123456789abcdef";
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    *out++ = digits[byte >> 4];
    *out++ = digits[byte & 15];
  }
  return out;
}

std::string hex_of(std::string_view bytes) {
  std::string out(bytes.size() * 2, '\0');
  write_hex(bytes, out.data());
  return out;
}

char* write_uuid(std::string_view bytes, char* out) {
  for (const std::size_t size : {4, 2, 2, 2, 6}) {
    if (size != 4) *out++ = '-';
    out = write_hex(bytes.substr(0, size), out);
    bytes.remove_prefix(size);
  }
  return out;
}

// EVP_EncodeBlock writes a NUL behind the text, for which `out` has no room: hence block by block.
char* write_base64(std::string_view bytes, char* out) {
  constexpr std::size_t block = 3 * 256;
  std::array<unsigned char, base64_size(block) + 1> text;
  while (!bytes.empty()) {
    const auto part = bytes.substr(0, block);
    bytes.remove_prefix(part.size());
    const int size =
        EVP_EncodeBlock(text.data(), reinterpret_cast<const unsigned char*>(part.data()),
                        static_cast<int>(part.size()));
    out = std::copy_n(text.data(), size, out);
  }
  return out;
}

std::string base64url_of(std::string_view bytes) {
  std::string out(base64_size(bytes.size()), '\0');
  write_base64(bytes, out.data());
  out.erase(std::min(out.find('='), out.size()));
  std::replace(out.begin(), out.end(), '+', '-');
  std::replace(out.begin(), out.end(), '/', '_');
  return out;
}

std::uint32_t crc32_of(std::string_view bytes) {
  boost::crc_32_type crc;
  crc.process_bytes(bytes.data(), bytes.size());
  return crc.checksum();
}

}  // namespace muster
