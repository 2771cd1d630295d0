// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "connectors/csv/columns.h"
#include "connectors/csv/key_index.h"
#include "core/csv/reader.h"
#include "core/key_match.h"
#include "core/source.h"

namespace muster::connectors::csv {

// Turns the rows behind the header into SourceRecords and hands them on in batches. `columns` and
// `sink` must outlive it. One thread.
class RowEvents final : public CsvEvents {
 public:
  RowEvents(std::string source, const Columns& columns, KeyMatch match, const CsvLimits& limits,
            const Source::Sink& sink);

  bool record(const CsvRecord& record) override;
  void problem(const CsvProblem& problem) override;

  void add(ItemProblem problem);
  void progress(std::uint64_t bytes_read) { batch_.bytes_read = bytes_read; }

  // Hands on what is left.
  void flush();

  // The sink's refusal, or success.
  const Status& status() const { return status_; }

  // Records and problems handed on so far, and whether the rows read can stand for the whole file.
  const Pull& summary();

 private:
  void take(const CsvRecord& record);
  void report_duplicate(std::uint64_t first, std::uint64_t again);
  std::string document_of(const CsvRecord& record);
  void flush_when_full();

  const std::string source_;
  const Columns& columns_;
  const KeyMatch match_;
  const CsvLimits limits_;
  const Source::Sink& sink_;
  std::vector<std::string> member_names_;  // "\"name\":" by column; empty: left out
  std::string document_;                   // of the row at hand; its memory is used again
  KeyIndex keys_;
  Batch batch_;
  Pull pull_;
  Status status_;
  bool header_seen_ = false;
  bool unclosed_ = false;
  bool too_many_ = false;
  std::uint64_t rows_ = 0;    // behind the header, without blank ones
  std::uint64_t broken_ = 0;  // of them could not be read
};

}  // namespace muster::connectors::csv
