// SPDX-License-Identifier: Apache-2.0
#include "provision/road/record_rows.h"

namespace muster::provision {

std::vector<store::RecordRow> without(std::span<const store::RecordRow> rows,
                                      std::string_view record_id) {
  std::vector<store::RecordRow> rest;
  for (const auto& row : rows) {
    if (row.head.id != record_id) rest.push_back(row);
  }
  return rest;
}

std::vector<store::RecordRow> with(std::span<const store::RecordRow> rows,
                                   const store::RecordRow& record) {
  auto all = without(rows, record.head.id);
  all.push_back(record);
  return all;
}

const store::RecordRow* find_row(std::span<const store::RecordRow> rows,
                                 std::string_view record_id) {
  for (const auto& row : rows) {
    if (row.head.id == record_id) return &row;
  }
  return nullptr;
}

}  // namespace muster::provision
