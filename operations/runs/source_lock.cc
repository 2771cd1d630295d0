// SPDX-License-Identifier: Apache-2.0
#include "operations/runs/source_lock.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <system_error>
#include <utility>

namespace muster::operations {

Result<SourceLock> SourceLock::acquire(const std::filesystem::path& state_directory,
                                       const std::string& source) {
  const auto directory = state_directory / "locks";
  std::error_code error;
  std::filesystem::create_directories(directory, error);
  const auto path = directory / (source + ".lock");
  const int file = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (file < 0) {
    return fail(Fault::unavailable,
                std::string("cannot open the lock file: ") + std::strerror(errno), path.string());
  }
  SourceLock lock(file);
  if (::flock(file, LOCK_EX | LOCK_NB) != 0) {
    return fail(Fault::conflict, "another run of source '" + source + "' is under way",
                path.string(), "busy");
  }
  return lock;
}

SourceLock& SourceLock::operator=(SourceLock&& other) noexcept {
  std::swap(file_, other.file_);
  return *this;
}

SourceLock::~SourceLock() {
  if (file_ >= 0) ::close(file_);
}

}  // namespace muster::operations
