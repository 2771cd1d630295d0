// SPDX-License-Identifier: Apache-2.0
#include "auth/token.h"

#include <stdexcept>

#include "core/digest.h"
#include "core/encoding.h"
#include "core/random.h"

namespace muster::auth {
namespace {

constexpr std::string_view prefix = "mst1_";
constexpr std::size_t id_length = 12;
constexpr std::size_t secret_length = 43;  // 256 bits in base64url without padding
constexpr std::size_t checksum_length = 6;
constexpr std::string_view base32 = "abcdefghijklmnopqrstuvwxyz234567";
constexpr std::string_view base62 =
    "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

std::string drawn_bytes() {
  auto bytes = random_bytes(32);
  if (!bytes) throw std::runtime_error(bytes.error().detail);
  return *std::move(bytes);
}

std::string encode_id(std::string_view bytes) {
  std::string text;
  for (std::size_t i = 0; i < id_length; ++i)
    text += base32[static_cast<unsigned char>(bytes[i]) & 31];
  return text;
}

// CRC-32: lets a scanner or a person see a mistyped token without asking anybody.
std::string checksum(std::string_view text) {
  auto crc = crc32_of(text);
  std::string out(checksum_length, '0');
  for (auto place = out.rbegin(); place != out.rend(); ++place, crc /= 62)
    *place = base62[crc % 62];
  return out;
}

}  // namespace

NewToken make_token(std::string_view source, Timestamp now, std::chrono::seconds lifetime) {
  const auto secret = base64url_of(drawn_bytes());
  NewToken token;
  token.row.id = encode_id(drawn_bytes());
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
