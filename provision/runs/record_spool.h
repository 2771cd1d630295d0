// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/record.h"
#include "core/result.h"
#include "store/nameless_file.h"

namespace muster::provision {

// Records that come in any order and are given back in the order of their keys, people before
// groups; the same key twice in the order of arrival. Memory is bounded: what does not fit goes,
// sorted, to one file without a name (mode 0600), so that nothing is left behind however the
// process ends. Errors are those of the disk (unavailable). One thread; first all add(), then all
// next().
class RecordSpool {
 public:
  // An empty directory is the system's for temporary files. `memory`: bytes kept before a part goes
  // to the file.
  explicit RecordSpool(std::filesystem::path directory, std::size_t memory = std::size_t{32} << 20);
  ~RecordSpool();
  RecordSpool(const RecordSpool&) = delete;
  RecordSpool& operator=(const RecordSpool&) = delete;

  Status add(const SourceRecord& record);
  std::uint64_t size() const { return size_; }

  // The next record, or nothing after the last.
  Result<std::optional<SourceRecord>> next();

 private:
  class Part;

  Status spill();
  void sort_rest();
  Status begin_merge();

  std::filesystem::path directory_;
  std::size_t memory_;
  std::uint64_t size_ = 0;
  std::string bytes_;                 // records that are not in the file
  std::vector<std::size_t> offsets_;  // where they begin
  std::optional<store::NamelessFile> file_;
  std::vector<std::uint64_t> ends_;  // of the parts in the file
  std::vector<std::unique_ptr<Part>> parts_;
  std::vector<Part*> heap_;
  bool merging_ = false;
};

}  // namespace muster::provision
