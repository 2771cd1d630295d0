// SPDX-License-Identifier: Apache-2.0
#include "operations/files.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <iterator>

namespace muster::operations {
namespace {

Error system_error(const char* what, const std::filesystem::path& path) {
  return {Fault::unavailable, std::string(what) + ": " + std::strerror(errno), path.string(), {}};
}

void sync_directory(const std::filesystem::path& directory) {
  const int file = ::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (file < 0) return;
  ::fsync(file);
  ::close(file);
}

}  // namespace

Result<std::string> read_text(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::string text(std::istreambuf_iterator<char>(in), {});
  if (!in) return fail(Fault::not_found, "the file cannot be read", path.string());
  return text;
}

Status replace_file(const std::filesystem::path& path, std::string_view content) {
  auto fresh = path;
  fresh += ".tmp" + std::to_string(::getpid());
  const int file = ::open(fresh.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
  if (file < 0) return fail(system_error("the file cannot be made", fresh));
  bool good = true;
  for (std::size_t at = 0; good && at < content.size();) {
    const auto written = ::write(file, content.data() + at, content.size() - at);
    good = written > 0 || (written < 0 && errno == EINTR);
    if (written > 0) at += static_cast<std::size_t>(written);
  }
  good = good && ::fsync(file) == 0;
  auto error = system_error("the file cannot be written", fresh);
  good = ::close(file) == 0 && good;
  if (good && ::rename(fresh.c_str(), path.c_str()) == 0) {
    sync_directory(path.parent_path());
    return {};
  }
  if (good) error = system_error("the file cannot be replaced", path);
  ::unlink(fresh.c_str());
  return fail(std::move(error));
}

}  // namespace muster::operations
