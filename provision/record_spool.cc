// SPDX-License-Identifier: Apache-2.0
#include "provision/record_spool.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>

#include "provision/record_bytes.h"

namespace muster::provision {
namespace {

constexpr std::size_t read_portion = std::size_t{256} << 10;
constexpr std::size_t write_portion = std::size_t{1} << 20;

tl::unexpected<Error> disk_error(const std::string& what, const std::filesystem::path& directory) {
  return fail(Fault::unavailable,
              what + " the temporary file of a run: " + std::strerror(errno) +
                  "; it needs about as much room as the changed part of the source",
              directory.string());
}

// A file that no folder names: it ends with the process.
int open_nameless(const std::filesystem::path& directory) {
  const int file = ::open(directory.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
  if (file >= 0 || (errno != EOPNOTSUPP && errno != EISDIR && errno != ENOENT)) return file;
  auto name = (directory / "muster-run-XXXXXX").string();
  const int named = ::mkostemp(name.data(), O_CLOEXEC);
  if (named >= 0) ::unlink(name.c_str());
  return named;
}

}  // namespace

// One sorted part of the records, in the file or (without one) in memory.
class RecordSpool::Part {
 public:
  Part(std::size_t number, int file, std::uint64_t begin, std::uint64_t end)
      : number_(number), file_(file), position_(begin), end_(end) {}
  Part(std::size_t number, std::string_view bytes, std::vector<std::size_t> offsets)
      : number_(number), bytes_(bytes), offsets_(std::move(offsets)) {}

  // Moves to the next record; false behind the last.
  Result<bool> advance() {
    if (file_ < 0) {
      if (place_ == offsets_.size()) return false;
      const auto begin = bytes_.substr(offsets_[place_++]);
      current_ = begin.substr(0, record_size(begin));
      return true;
    }
    used_ += current_.size();
    current_ = {};
    if (used_ == buffer_.size() && position_ == end_) return false;
    MUSTER_CHECK(have(record_head_size));
    const auto size = record_size(std::string_view(buffer_).substr(used_));
    MUSTER_CHECK(have(size));
    current_ = std::string_view(buffer_).substr(used_, size);
    return true;
  }

  std::string_view current() const { return current_; }

  // Whether this part's record comes behind the other's.
  bool behind(const Part& other) const {
    const auto mine = record_order(current_), theirs = record_order(other.current_);
    if (mine < theirs) return false;
    return theirs < mine || number_ > other.number_;
  }

 private:
  // Fills the buffer until so many bytes follow.
  Status have(std::size_t wanted) {
    if (buffer_.size() - used_ >= wanted) return {};
    buffer_.erase(0, used_);
    used_ = 0;
    while (buffer_.size() < wanted) {
      const auto room = static_cast<std::size_t>(
          std::min<std::uint64_t>(end_ - position_, std::max(read_portion, wanted)));
      const auto filled = buffer_.size();
      buffer_.resize(filled + room);
      const auto got = ::pread(file_, buffer_.data() + filled, room, static_cast<off_t>(position_));
      if (got < 0 && errno == EINTR) {
        buffer_.resize(filled);
        continue;
      }
      if (got <= 0) return disk_error("cannot read", {});
      buffer_.resize(filled + static_cast<std::size_t>(got));
      position_ += static_cast<std::uint64_t>(got);
    }
    return {};
  }

  std::size_t number_;
  int file_ = -1;
  std::uint64_t position_ = 0;
  std::uint64_t end_ = 0;
  std::string buffer_;
  std::size_t used_ = 0;
  std::string_view bytes_;
  std::vector<std::size_t> offsets_;
  std::size_t place_ = 0;
  std::string_view current_;
};

RecordSpool::RecordSpool(std::filesystem::path directory, std::size_t memory)
    : directory_(std::move(directory)), memory_(memory) {
  std::error_code none;
  if (directory_.empty()) directory_ = std::filesystem::temp_directory_path(none);
}

RecordSpool::~RecordSpool() {
  if (file_ >= 0) ::close(file_);
}

Status RecordSpool::add(const SourceRecord& record) {
  offsets_.push_back(bytes_.size());
  append_record(bytes_, record);
  ++size_;
  return bytes_.size() < memory_ ? Status{} : spill();
}

void RecordSpool::sort_rest() {
  const std::string_view bytes = bytes_;
  std::stable_sort(offsets_.begin(), offsets_.end(), [bytes](std::size_t a, std::size_t b) {
    return record_order(bytes.substr(a)) < record_order(bytes.substr(b));
  });
}

Status RecordSpool::write(std::string_view bytes) {
  while (!bytes.empty()) {
    const auto written =
        ::pwrite(file_, bytes.data(), bytes.size(), static_cast<off_t>(file_size_));
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return disk_error("cannot write", directory_);
    file_size_ += static_cast<std::uint64_t>(written);
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return {};
}

Status RecordSpool::spill() {
  if (file_ < 0) file_ = open_nameless(directory_);
  if (file_ < 0) return disk_error("cannot make", directory_);
  sort_rest();
  std::string buffer;
  buffer.reserve(write_portion);
  for (const auto offset : offsets_) {
    const auto begin = std::string_view(bytes_).substr(offset);
    buffer.append(begin.substr(0, record_size(begin)));
    if (buffer.size() < write_portion) continue;
    MUSTER_CHECK(write(buffer));
    buffer.clear();
  }
  MUSTER_CHECK(write(buffer));
  ends_.push_back(file_size_);
  bytes_.clear();
  offsets_.clear();
  return {};
}

Status RecordSpool::begin_merge() {
  merging_ = true;
  sort_rest();
  std::uint64_t begin = 0;
  for (const auto end : ends_) {
    parts_.push_back(std::make_unique<Part>(parts_.size(), file_, begin, end));
    begin = end;
  }
  parts_.push_back(std::make_unique<Part>(parts_.size(), bytes_, std::move(offsets_)));
  for (const auto& part : parts_) {
    MUSTER_TRY(const bool more, part->advance());
    if (more) heap_.push_back(part.get());
  }
  std::make_heap(heap_.begin(), heap_.end(),
                 [](const Part* a, const Part* b) { return a->behind(*b); });
  return {};
}

Result<std::optional<SourceRecord>> RecordSpool::next() {
  if (!merging_) MUSTER_CHECK(begin_merge());
  if (heap_.empty()) return std::optional<SourceRecord>();
  const auto later = [](const Part* a, const Part* b) { return a->behind(*b); };
  std::pop_heap(heap_.begin(), heap_.end(), later);
  MUSTER_TRY(auto record, read_record(heap_.back()->current()));
  MUSTER_TRY(const bool more, heap_.back()->advance());
  if (more) {
    std::push_heap(heap_.begin(), heap_.end(), later);
  } else {
    heap_.pop_back();
  }
  return std::optional(std::move(record));
}

}  // namespace muster::provision
