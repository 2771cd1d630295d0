// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "connectors/csv/file.h"
#include "core/csv/limits.h"
#include "core/result.h"

namespace muster::connectors::csv {

struct CheckedFile {
  std::uint64_t text_begin = 0;  // behind a byte-order mark
  std::string sha256 = {};       // of the whole file, 64 hexadecimal digits
  std::string sample = {};       // the text's first 256 KiB
  bool sample_is_all = false;
};

// Reads the file once, before anything of it is believed: that it is text, that all of it is UTF-8
// (RFC 3629) without NUL bytes, and its hash. Refused with Fault::invalid, `where` =
// "NAME:line:column" where there is a place; codes EMPTY_FILE, FILE_TOO_LARGE, NOT_CSV (another
// format by its first bytes), UTF16, NUL_BYTE, NOT_UTF8.
Result<CheckedFile> check_file(const File& file, const std::string& name, const CsvLimits& limits);

// What kind of file the first bytes are the mark of, with advice; empty = none that is known.
std::string foreign_format(std::string_view start);

}  // namespace muster::connectors::csv
