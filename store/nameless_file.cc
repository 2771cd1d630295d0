// SPDX-License-Identifier: Apache-2.0
#include "store/nameless_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <string>
#include <utility>

namespace muster::store {
namespace {

tl::unexpected<Error> disk_error(const std::string& what, const std::filesystem::path& directory) {
  return fail(Fault::unavailable,
              what + " the temporary file of a run: " + std::strerror(errno) +
                  "; it needs about as much room as what changes",
              directory.string());
}

int open_nameless(const std::filesystem::path& directory) {
  const int file = ::open(directory.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
  if (file >= 0 || (errno != EOPNOTSUPP && errno != EISDIR && errno != ENOENT)) return file;
  auto name = (directory / "muster-run-XXXXXX").string();
  const int named = ::mkostemp(name.data(), O_CLOEXEC);
  if (named >= 0) ::unlink(name.c_str());
  return named;
}

}  // namespace

Result<NamelessFile> NamelessFile::make(std::filesystem::path directory) {
  std::error_code none;
  if (directory.empty()) directory = std::filesystem::temp_directory_path(none);
  const int file = open_nameless(directory);
  if (file < 0) return disk_error("cannot make", directory);
  return NamelessFile(std::move(directory), file);
}

NamelessFile::NamelessFile(NamelessFile&& other) noexcept
    : directory_(std::move(other.directory_)),
      file_(std::exchange(other.file_, -1)),
      size_(other.size_) {}

NamelessFile& NamelessFile::operator=(NamelessFile&& other) noexcept {
  std::swap(directory_, other.directory_);
  std::swap(file_, other.file_);
  std::swap(size_, other.size_);
  return *this;
}

NamelessFile::~NamelessFile() {
  if (file_ >= 0) ::close(file_);
}

Status NamelessFile::append(std::string_view bytes) {
  while (!bytes.empty()) {
    const auto written = ::pwrite(file_, bytes.data(), bytes.size(), static_cast<off_t>(size_));
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return disk_error("cannot write", directory_);
    size_ += static_cast<std::uint64_t>(written);
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return {};
}

Status NamelessFile::read(std::uint64_t offset, std::span<char> bytes) const {
  while (!bytes.empty()) {
    const auto got = ::pread(file_, bytes.data(), bytes.size(), static_cast<off_t>(offset));
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return disk_error("cannot read", directory_);
    offset += static_cast<std::uint64_t>(got);
    bytes = bytes.subspan(static_cast<std::size_t>(got));
  }
  return {};
}

}  // namespace muster::store
