// SPDX-License-Identifier: Apache-2.0
#include "auth/token_check.h"

#include <openssl/crypto.h>

#include <map>
#include <mutex>
#include <optional>
#include <unordered_map>

#include "auth/token.h"
#include "core/digest.h"
#include "core/log.h"

namespace muster::auth {
namespace {

constexpr auto cache_time = std::chrono::milliseconds(1000);
constexpr int failures_a_second = 10;
constexpr std::size_t max_watched_addresses = 10'000;
constexpr auto pause = std::chrono::seconds(1);

}  // namespace

class TokenCheck::Impl {
 public:
  Impl(store::Store& store, const Clock& clock) : store_(store), clock_(clock) {}

  Admission check(std::string_view bearer, const std::string& address);
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
  bool fails_too_often(const std::string& address);
  Refusal refuse(const std::string& address);

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

// Counts one more failure.
bool TokenCheck::Impl::fails_too_often(const std::string& address) {
  const auto second =
      std::chrono::floor<std::chrono::seconds>(clock_.now()).time_since_epoch().count();
  const std::lock_guard lock(mutex_);
  if (failures_.size() > max_watched_addresses) failures_.clear();
  auto& failures = failures_[address];
  if (failures.second != second) failures = {second, 0};
  return ++failures.count > failures_a_second;
}

Refusal TokenCheck::Impl::refuse(const std::string& address) {
  if (fails_too_often(address)) return {Refusal::Reason::too_many, pause};
  return {Refusal::Reason::denied};
}

Admission TokenCheck::Impl::check(std::string_view bearer, const std::string& address) {
  const auto parts = parse_token(bearer);
  if (!parts) return refuse(address);
  const std::string id(parts->id);
  const auto row = look_up(id);
  if (!row) {
    log::write(log::Level::error, "auth", "token not checked", {{"err", describe(row.error())}});
    return Refusal{Refusal::Reason::unavailable, pause};
  }
  if (!is_valid(*row, parts->secret)) return refuse(address);
  const std::lock_guard lock(mutex_);
  last_used_[id] = clock_.now();
  return Principal{id, (*row)->source};
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
    : impl_(std::make_unique<Impl>(store, clock)) {}
TokenCheck::~TokenCheck() = default;

Admission TokenCheck::check(std::string_view bearer, const std::string& address) {
  return impl_->check(bearer, address);
}

Status TokenCheck::write_last_used() { return impl_->write_last_used(); }

}  // namespace muster::auth
