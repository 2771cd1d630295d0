// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <ctime>
#include <filesystem>
#include <span>
#include <string>

#include "core/result.h"

namespace muster::connectors::csv {

// A regular file open for reading, so that every look at it is at the same file. Moves, does not
// copy.
class File {
 public:
  // Fault::not_found or Fault::unavailable, code NOT_READABLE; Fault::invalid for what is no
  // regular file.
  static Result<File> open(const std::filesystem::path& path);

  File(File&& other) noexcept;
  File& operator=(File&&) = delete;
  ~File();

  std::uint64_t size() const { return size_; }

  // Fills the buffer from that offset on; fewer bytes only at the end of the file.
  Result<std::size_t> read(std::uint64_t offset, std::span<char> buffer) const;

  // Whether somebody wrote to the file since it was opened.
  bool changed() const;

 private:
  File(int descriptor, std::string name) : descriptor_(descriptor), name_(std::move(name)) {}

  int descriptor_ = -1;
  std::string name_ = {};
  std::uint64_t size_ = 0;
  std::timespec modified_ = {};
};

}  // namespace muster::connectors::csv
