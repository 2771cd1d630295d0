// SPDX-License-Identifier: Apache-2.0
#include "auth/token.h"

#include <openssl/rand.h>

#include <array>
#include <stdexcept>

#include "core/digest.h"

namespace muster::auth {
namespace {

constexpr std::string_view prefix = "mst1_";
constexpr std::size_t id_length = 12;
constexpr std::size_t secret_length = 43;  // 256 bits in base64url without padding
constexpr std::size_t checksum_length = 6;
constexpr std::string_view base64url =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
constexpr std::string_view base32 = "abcdefghijklmnopqrstuvwxyz234567";
constexpr std::string_view base62 =
    "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

std::array<unsigned char, 32> random_bytes() {
  std::array<unsigned char, 32> bytes{};
  if (RAND_bytes(bytes.data(), static_cast<int>(bytes.size())) != 1) {
    throw std::runtime_error("the system has no random numbers");
  }
  return bytes;
}

std::string encode_secret(const std::array<unsigned char, 32>& bytes) {
  std::string text;
  unsigned buffer = 0;
  int bits = 0;
  for (const auto byte : bytes) {
    buffer = (buffer << 8) | byte;
    for (bits += 8; bits >= 6; bits -= 6) text += base64url[(buffer >> (bits - 6)) & 63];
  }
  text += base64url[(buffer << (6 - bits)) & 63];
  return text;
}

std::string encode_id(const std::array<unsigned char, 32>& bytes) {
  std::string text;
  for (std::size_t i = 0; i < id_length; ++i) text += base32[bytes[i] & 31];
  return text;
}

// CRC-32 (IEEE): lets a scanner or a person see a mistyped token without asking anybody.
std::string checksum(std::string_view text) {
  std::uint32_t crc = 0xffffffffU;
  for (const unsigned char byte : text) {
    crc ^= byte;
    for (int i = 0; i < 8; ++i) crc = (crc >> 1) ^ (0xedb88320U & (0U - (crc & 1U)));
  }
  crc = ~crc;
  std::string out(checksum_length, '0');
  for (auto place = out.rbegin(); place != out.rend(); ++place, crc /= 62)
    *place = base62[crc % 62];
  return out;
}

}  // namespace

NewToken make_token(std::string_view source, Timestamp now, std::chrono::seconds lifetime) {
  const auto secret = encode_secret(random_bytes());
  NewToken token;
  token.row.id = encode_id(random_bytes());
  token.row.source = source;
  token.row.secret_sha256 = sha256_hex(secret);
  token.row.created = now;
  token.row.expires = now + lifetime;
  const auto body = std::string(prefix) + token.row.id + "_" + secret;
  token.text = Secret(body + "_" + checksum(body));
  return token;
}

std::optional<TokenParts> parse_token(std::string_view text) {
  constexpr auto length = prefix.size() + id_length + 1 + secret_length + 1 + checksum_length;
  if (text.size() != length || !text.starts_with(prefix)) return std::nullopt;
  const auto body = text.substr(0, length - checksum_length - 1);
  const auto secret_at = prefix.size() + id_length + 1;
  if (text[secret_at - 1] != '_' || text[body.size()] != '_') return std::nullopt;
  if (checksum(body) != text.substr(body.size() + 1)) return std::nullopt;
  return TokenParts{text.substr(prefix.size(), id_length), text.substr(secret_at, secret_length)};
}

}  // namespace muster::auth
