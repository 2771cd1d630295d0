// SPDX-License-Identifier: Apache-2.0
#include <openssl/evp.h>

#include <array>
#include <string>

#include "core/encoding.h"
#include "mappings/language/code.h"
#include "mappings/language/function.h"

namespace muster::mappings {
namespace {

using Arguments = std::span<const Datum>;
using Digest = std::array<unsigned char, EVP_MAX_MD_SIZE>;

std::string_view first(const Digest& bytes, std::size_t size) {
  return {reinterpret_cast<const char*>(bytes.data()), size};
}

bool digest(std::string_view text, const EVP_MD* algorithm, Digest& out, unsigned& size) {
  return EVP_Digest(text.data(), text.size(), out.data(), &size, algorithm, nullptr) == 1;
}

// FIPS 180-4, of the UTF-8 bytes, lower-case hex.
Datum sha256(Context& context, Arguments a) {
  Digest bytes;
  unsigned size = 0;
  if (!digest(a[0].text(), EVP_sha256(), bytes, size))
    return context.fail("W-DIGEST", "SHA-256 is not available");
  return context.build(std::size_t{size} * 2,
                       [&](char* out) { return write_hex(first(bytes, size), out); });
}

// RFC 9562, 5.5: SHA-1 of the namespace's 16 bytes and the UTF-8 name.
Datum uuid5(Context& context, Arguments a) {
  std::string named = context.site().text;
  named.append(a[0].text());
  Digest bytes;
  unsigned made = 0;
  if (!digest(named, EVP_sha1(), bytes, made))
    return context.fail("W-DIGEST", "SHA-1 is not available");
  bytes[6] = static_cast<unsigned char>((bytes[6] & 0x0F) | 0x50);
  bytes[8] = static_cast<unsigned char>((bytes[8] & 0x3F) | 0x80);
  return context.build(36, [&](char* out) { return write_uuid(first(bytes, 16), out); });
}

constexpr Function functions[] = {
    {"uuid5(namespace: NAMESPACE, x: text) -> text", uuid5},
    {"sha256(x: text) -> text", sha256},
};

}  // namespace

std::span<const Function> digest_functions() { return functions; }

}  // namespace muster::mappings
