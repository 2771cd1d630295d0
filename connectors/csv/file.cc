// SPDX-License-Identifier: Apache-2.0
#include "connectors/csv/file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>
#include <utility>

namespace muster::connectors::csv {
namespace {

tl::unexpected<Error> not_readable(int error, const std::string& name) {
  const Fault fault = error == ENOENT ? Fault::not_found : Fault::unavailable;
  return fail(fault, "the file cannot be read: " + std::generic_category().message(error), name,
              "NOT_READABLE");
}

}  // namespace

Result<File> File::open(const std::filesystem::path& path) {
  // O_NONBLOCK: a named pipe must be refused, not waited for.
  File file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK), path.string());
  if (file.descriptor_ < 0) return not_readable(errno, file.name_);
  struct stat facts = {};
  if (::fstat(file.descriptor_, &facts) != 0) return not_readable(errno, file.name_);
  if (!S_ISREG(facts.st_mode)) {
    return fail(
        Fault::invalid,
        "this is not a regular file; the file is read twice, so a folder or pipe will not do",
        file.name_, "NOT_READABLE");
  }
  file.size_ = static_cast<std::uint64_t>(facts.st_size);
  file.modified_ = facts.st_mtim;
  return file;
}

File::File(File&& other) noexcept
    : descriptor_(std::exchange(other.descriptor_, -1)),
      name_(std::move(other.name_)),
      size_(other.size_),
      modified_(other.modified_) {}

File::~File() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

Result<std::size_t> File::read(std::uint64_t offset, std::span<char> buffer) const {
  std::size_t got = 0;
  while (got < buffer.size()) {
    const ssize_t count = ::pread(descriptor_, buffer.data() + got, buffer.size() - got,
                                  static_cast<off_t>(offset + got));
    if (count == 0) break;
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return not_readable(errno, name_);
    got += static_cast<std::size_t>(count);
  }
  return got;
}

bool File::changed() const {
  struct stat facts = {};
  return ::fstat(descriptor_, &facts) != 0 || static_cast<std::uint64_t>(facts.st_size) != size_ ||
         facts.st_mtim.tv_sec != modified_.tv_sec || facts.st_mtim.tv_nsec != modified_.tv_nsec;
}

}  // namespace muster::connectors::csv
