// SPDX-License-Identifier: Apache-2.0
#include "provision/runs/record_spool.h"

#include <algorithm>
#include <span>

#include "provision/runs/record_bytes.h"
#include "store/nameless_file.h"

namespace muster::provision {
namespace {

constexpr std::size_t read_portion = std::size_t{256} << 10;
constexpr std::size_t write_portion = std::size_t{1} << 20;

}  // namespace

// One sorted part of the records, in the file or (without one) in memory.
class RecordSpool::Part {
 public:
  Part(std::size_t number, const store::NamelessFile* file, std::uint64_t begin, std::uint64_t end)
      : number_(number), file_(file), position_(begin), end_(end) {}
  Part(std::size_t number, std::string_view bytes, std::vector<std::size_t> offsets)
      : number_(number), bytes_(bytes), offsets_(std::move(offsets)) {}

  // Moves to the next record; false behind the last.
  Result<bool> advance() {
    if (file_ == nullptr) {
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
      if (position_ == end_)
        return fail(Fault::internal, "a record that was put aside ends too early: run again");
      const auto room = static_cast<std::size_t>(
          std::min<std::uint64_t>(end_ - position_, std::max(read_portion, wanted)));
      const auto filled = buffer_.size();
      buffer_.resize(filled + room);
      MUSTER_CHECK(file_->read(position_, std::span(buffer_).subspan(filled)));
      position_ += room;
    }
    return {};
  }

  std::size_t number_;
  const store::NamelessFile* file_ = nullptr;
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
    : directory_(std::move(directory)), memory_(memory) {}

RecordSpool::~RecordSpool() = default;

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

Status RecordSpool::spill() {
  if (!file_) {
    MUSTER_TRY(file_, store::NamelessFile::make(directory_));
  }
  sort_rest();
  std::string buffer;
  buffer.reserve(write_portion);
  for (const auto offset : offsets_) {
    const auto begin = std::string_view(bytes_).substr(offset);
    buffer.append(begin.substr(0, record_size(begin)));
    if (buffer.size() < write_portion) continue;
    MUSTER_CHECK(file_->append(buffer));
    buffer.clear();
  }
  MUSTER_CHECK(file_->append(buffer));
  ends_.push_back(file_->size());
  bytes_.clear();
  offsets_.clear();
  return {};
}

Status RecordSpool::begin_merge() {
  merging_ = true;
  sort_rest();
  std::uint64_t begin = 0;
  for (const auto end : ends_) {
    parts_.push_back(std::make_unique<Part>(parts_.size(), &*file_, begin, end));
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
  MUSTER_TRY(auto record, record_from_bytes(heap_.back()->current()));
  MUSTER_TRY(const bool more, heap_.back()->advance());
  if (more) {
    std::push_heap(heap_.begin(), heap_.end(), later);
  } else {
    heap_.pop_back();
  }
  return std::optional(std::move(record));
}

}  // namespace muster::provision
