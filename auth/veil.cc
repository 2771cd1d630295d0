// SPDX-License-Identifier: Apache-2.0
#include "auth/veil.h"

#include <fcntl.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <iterator>

#include "core/json.h"

namespace muster::auth {
namespace {

constexpr std::size_t key_size = 32;
constexpr std::size_t shown_bytes = 8;

Result<std::string> new_key() {
  std::array<unsigned char, key_size> bytes{};
  if (RAND_bytes(bytes.data(), static_cast<int>(bytes.size())) != 1)
    return fail(Fault::unavailable, "the system gives no random numbers");
  Result<std::string> key;
  key->assign(bytes.begin(), bytes.end());
  return key;
}

Status read_key(const std::filesystem::path& path, std::string& key) {
  std::ifstream in(path, std::ios::binary);
  key.assign(std::istreambuf_iterator<char>(in), {});
  if (key.size() == key_size) return {};
  return fail(Fault::unavailable,
              "the key that hides sensitive values cannot be read; remove the file and it is made "
              "again",
              path.string());
}

}  // namespace

Result<Veil> Veil::make() {
  MUSTER_TRY(auto key, new_key());
  return Veil(Secret(std::move(key)));
}

Result<Veil> Veil::open(const std::filesystem::path& state_directory) {
  const auto path = state_directory / "veil.key";
  const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (file < 0 && errno == EEXIST) {
    std::string key;
    MUSTER_CHECK(read_key(path, key));
    return Veil(Secret(std::move(key)));
  }
  if (file < 0) {
    return fail(
        Fault::unavailable,
        std::string("the key that hides sensitive values cannot be made: ") + std::strerror(errno),
        path.string());
  }
  auto key = new_key();
  const bool written =
      key && ::write(file, key->data(), key->size()) == static_cast<::ssize_t>(key->size());
  ::close(file);
  if (written) return Veil(Secret(std::move(*key)));
  std::error_code ignored;
  std::filesystem::remove(path, ignored);
  return fail(Fault::unavailable, "the key that hides sensitive values cannot be written",
              path.string());
}

Value Veil::operator()(const Value& value) const {
  if (value.is_none()) return {};
  const auto text = value.is_text() ? value.as_text() : write_json(value);
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned int size = 0;
  HMAC(EVP_sha256(), key_.reveal().data(), static_cast<int>(key_.reveal().size()),
       reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest.data(), &size);
  constexpr std::string_view digits = "0123456789abcdef";
  std::string hex;
  for (std::size_t i = 0; i < shown_bytes; ++i) {
    hex += digits[digest[i] >> 4U];
    hex += digits[digest[i] & 15U];
  }
  return "(" + std::to_string(text.size()) + " bytes, " + hex + ")";
}

}  // namespace muster::auth
