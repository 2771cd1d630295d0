// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "core/identity.h"
#include "core/result.h"
#include "store/nameless_file.h"
#include "store/rows.h"

namespace muster::store {

// People and records that an overlay wrote, in any number: what does not fit into a small part of
// memory is in a file. Put again, they take a new place. One thread.
class RowFile {
 public:
  struct Place {
    std::uint64_t offset = 0;
    std::uint32_t size = 0;
  };

  // `memory`: bytes that are kept before they go to the file.
  explicit RowFile(std::size_t memory = std::size_t{1} << 20) : memory_(memory) {}

  // Everything but `references`.
  Result<Place> put(const Identity& identity);
  Result<Identity> identity(Place place) const;

  // Everything but the document.
  Result<Place> put(const RecordRow& row);
  Result<RecordRow> row(Place place) const;

 private:
  Result<Place> put_end(std::size_t begin);
  Result<std::string> bytes_at(Place place) const;

  std::size_t memory_;
  std::string bytes_ = {};  // behind those in the file
  std::optional<NamelessFile> file_ = {};
};

}  // namespace muster::store
