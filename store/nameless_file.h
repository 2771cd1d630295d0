// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <string_view>

#include "core/result.h"

namespace muster::store {

// What a run puts aside: a file (mode 0600) that no folder names, so that nothing is left behind
// however the process ends. Errors are those of the disk (unavailable). One thread.
class NamelessFile {
 public:
  // An empty directory is the system's for temporary files.
  static Result<NamelessFile> make(std::filesystem::path directory);
  NamelessFile(NamelessFile&& other) noexcept;
  NamelessFile& operator=(NamelessFile&& other) noexcept;
  ~NamelessFile();

  std::uint64_t size() const { return size_; }
  Status append(std::string_view bytes);
  // Fills `bytes` from there on; fewer are an error.
  Status read(std::uint64_t offset, std::span<char> bytes) const;

 private:
  NamelessFile(std::filesystem::path directory, int file)
      : directory_(std::move(directory)), file_(file) {}

  std::filesystem::path directory_;
  int file_ = -1;
  std::uint64_t size_ = 0;
};

}  // namespace muster::store
