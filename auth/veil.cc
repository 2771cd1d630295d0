// SPDX-License-Identifier: Apache-2.0
#include "auth/veil.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <iterator>

#include "core/digest.h"
#include "core/json.h"
#include "core/random.h"

namespace muster::auth {
namespace {

constexpr std::size_t key_size = 32;
constexpr std::size_t shown_bytes = 8;

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
  MUSTER_TRY(auto key, random_bytes(key_size));
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
  auto key = random_bytes(key_size);
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
  const auto name = hmac_sha256_hex(key_.reveal(), text).substr(0, 2 * shown_bytes);
  return "(" + std::to_string(text.size()) + " bytes, " + name + ")";
}

}  // namespace muster::auth
