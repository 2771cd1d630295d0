// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>

#include "core/result.h"

namespace muster::operations {

// Holds a source for one run, against every process that uses the same state directory; ends with
// the process at the latest. Movable; not shared between threads.
class SourceLock {
 public:
  // conflict when another run of the source is under way.
  static Result<SourceLock> acquire(const std::filesystem::path& state_directory,
                                    const std::string& source);
  SourceLock(SourceLock&& other) noexcept : file_(other.file_) { other.file_ = -1; }
  SourceLock& operator=(SourceLock&& other) noexcept;
  ~SourceLock();

 private:
  explicit SourceLock(int file) : file_(file) {}
  int file_;
};

}  // namespace muster::operations
