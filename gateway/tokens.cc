// SPDX-License-Identifier: Apache-2.0
#include "gateway/tokens.h"

#include <openssl/crypto.h>
#include <openssl/rand.h>

#include <array>
#include <cctype>
#include <map>
#include <mutex>
#include <stdexcept>
#include <unordered_map>

#include "core/digest.h"
#include "core/log.h"
#include "core/text.h"

namespace muster::gateway {
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

constexpr auto cache_time = std::chrono::milliseconds(1000);
constexpr int failures_a_second = 10;
constexpr std::size_t max_watched_addresses = 10'000;

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

class TokenCheck::Impl {
 public:
  Impl(store::Store& store, const Clock& clock) : store_(store), clock_(clock) {}

  std::variant<http::Principal, http::Response> check(const http::RequestHead& head,
                                                      const http::ErrorBody& error_body);
  Status write_last_used();

 private:
  struct Cached {
    std::optional<store::TokenRow> row = {};
    Timestamp read = {};
  };
  struct Failures {
    std::int64_t second = 0;
    int count = 0;
  };

  Result<std::optional<store::TokenRow>> look_up(const std::string& id);
  bool is_valid(const std::optional<store::TokenRow>& row, std::string_view secret) const;
  bool fails_too_often(const std::string& address, bool failed);

  store::Store& store_;
  const Clock& clock_;
  std::mutex mutex_;
  std::unordered_map<std::string, Cached> cache_;
  std::map<std::string, Timestamp> last_used_;
  std::unordered_map<std::string, Failures> failures_;
};

Result<std::optional<store::TokenRow>> TokenCheck::Impl::look_up(const std::string& id) {
  const auto now = clock_.now();
  {
    const std::lock_guard lock(mutex_);
    const auto cached = cache_.find(id);
    if (cached != cache_.end() && now - cached->second.read < cache_time) return cached->second.row;
  }
  MUSTER_TRY(auto reader, store_.reader());
  MUSTER_TRY(auto row, reader->tokens().get(id));
  const std::lock_guard lock(mutex_);
  // Unknown ids are not remembered: guessing must not fill memory.
  if (row) cache_[id] = {row, now};
  return row;
}

bool TokenCheck::Impl::is_valid(const std::optional<store::TokenRow>& row,
                                std::string_view secret) const {
  // An unknown id costs the same work as a known one.
  static const std::string nobody(64, '0');
  const auto& expected = row ? row->secret_sha256 : nobody;
  const auto given = sha256_hex(secret);
  const bool same = expected.size() == given.size() &&
                    CRYPTO_memcmp(expected.data(), given.data(), given.size()) == 0;
  const auto now = clock_.now();
  return same && row && !row->revoked && row->expires > now;
}

bool TokenCheck::Impl::fails_too_often(const std::string& address, bool failed) {
  const auto second =
      std::chrono::floor<std::chrono::seconds>(clock_.now()).time_since_epoch().count();
  const std::lock_guard lock(mutex_);
  if (failures_.size() > max_watched_addresses) failures_.clear();
  const auto found = failures_.find(address);
  if (found == failures_.end() && !failed) return false;
  auto& failures = failures_[address];
  if (failures.second != second) failures = {second, 0};
  if (failed) ++failures.count;
  return failures.count > failures_a_second;
}

std::variant<http::Principal, http::Response> TokenCheck::Impl::check(
    const http::RequestHead& head, const http::ErrorBody& error_body) {
  const auto refuse = [&](int status, std::string_view detail) {
    auto response = error_body(status, detail, head);
    if (status == 401) response.headers.emplace_back("WWW-Authenticate", "Bearer realm=\"muster\"");
    if (status == 429 || status == 503) response.headers.emplace_back("Retry-After", "1");
    return response;
  };
  constexpr std::string_view advice =
      "a valid bearer token of a source is needed; make one with `muster tokens create --source "
      "NAME`";
  constexpr std::string_view scheme = "bearer ";
  const auto* field = head.header("Authorization");
  std::optional<TokenParts> parts;
  if (field != nullptr && field->size() > scheme.size() &&
      ascii_equal_fold(field->substr(0, scheme.size()), scheme)) {
    parts = parse_token(trim_blanks(std::string_view(*field).substr(scheme.size())));
  }
  if (!parts) {
    if (fails_too_often(head.remote, true))
      return refuse(429, "too many failed attempts from this address");
    return refuse(401, advice);
  }
  const std::string id(parts->id);
  const auto row = look_up(id);
  if (!row) {
    log::write(log::Level::error, "gateway", "token not checked", {{"err", describe(row.error())}});
    return refuse(503, "tokens cannot be checked now; try again");
  }
  if (!is_valid(*row, parts->secret)) {
    if (fails_too_often(head.remote, true))
      return refuse(429, "too many failed attempts from this address");
    return refuse(401, advice);
  }
  const std::lock_guard lock(mutex_);
  last_used_[id] = clock_.now();
  return http::Principal{id, (*row)->source};
}

Status TokenCheck::Impl::write_last_used() {
  std::map<std::string, Timestamp> used;
  {
    const std::lock_guard lock(mutex_);
    used.swap(last_used_);
  }
  if (used.empty()) return {};
  MUSTER_TRY(auto reader, store_.reader());
  std::vector<store::TokenRow> changed;
  for (const auto& [id, time] : used) {
    MUSTER_TRY(auto row, reader->tokens().get(id));
    const auto minute = std::chrono::floor<std::chrono::minutes>(time);
    if (!row || (row->last_used && *row->last_used >= minute)) continue;
    row->last_used = minute;
    changed.push_back(std::move(*row));
  }
  reader.reset();
  if (changed.empty()) return {};
  return store_.write([&](store::Transaction& tx) -> Status {
    for (const auto& row : changed) MUSTER_CHECK(tx.tokens().touch(row.id, *row.last_used));
    return {};
  });
}

TokenCheck::TokenCheck(store::Store& store, const Clock& clock)
    : impl_(std::make_shared<Impl>(store, clock)) {}
TokenCheck::~TokenCheck() = default;

http::Authorize TokenCheck::authorize(http::ErrorBody error_body) {
  return [impl = impl_, body = std::move(error_body)](const http::RequestHead& head) {
    return impl->check(head, body);
  };
}

Status TokenCheck::write_last_used() { return impl_->write_last_used(); }

}  // namespace muster::gateway
