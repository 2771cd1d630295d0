// SPDX-License-Identifier: Apache-2.0
#include "connectors/csv/file_check.h"

#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <memory>
#include <new>
#include <optional>
#include <vector>

#include "core/encoding.h"
#include "core/text.h"

namespace muster::connectors::csv {
namespace {

using namespace std::string_view_literals;

constexpr std::size_t block_bytes = 256 << 10;
constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF"sv;

class Sha256 {
 public:
  Sha256() : context_(EVP_MD_CTX_new(), EVP_MD_CTX_free) {
    if (!context_ || EVP_DigestInit_ex(context_.get(), EVP_sha256(), nullptr) != 1)
      throw std::bad_alloc();
  }
  void update(std::string_view text) { EVP_DigestUpdate(context_.get(), text.data(), text.size()); }
  std::string finish() {
    std::array<unsigned char, 32> digest = {};
    EVP_DigestFinal_ex(context_.get(), digest.data(), nullptr);
    return hex_of({reinterpret_cast<const char*>(digest.data()), digest.size()});
  }

 private:
  std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context_;
};

// How many bytes at the end begin a UTF-8 character that may go on in the next block.
std::size_t open_tail(std::string_view text) {
  for (std::size_t back = 1; back <= std::min<std::size_t>(3, text.size()); ++back) {
    const auto byte = static_cast<unsigned char>(text[text.size() - back]);
    if ((byte & 0xC0) == 0x80) continue;
    const std::size_t length = byte >= 0xF0 ? 4 : byte >= 0xE0 ? 3 : byte >= 0xC0 ? 2 : 1;
    return length > back ? back : 0;
  }
  return 0;
}

struct BadByte {
  std::uint64_t offset = 0;
  bool nul = false;
};

// Finds the first byte that no UTF-8 text for us has, over blocks that follow each other.
class TextCheck {
 public:
  std::optional<BadByte> add(std::string_view block, bool last) {
    text_.append(block);
    const std::size_t kept = last ? 0 : open_tail(text_);
    const std::string_view whole = std::string_view(text_).substr(0, text_.size() - kept);
    const void* nul = std::memchr(whole.data(), 0, whole.size());
    const std::size_t nul_at =
        nul ? static_cast<std::size_t>(static_cast<const char*>(nul) - whole.data()) : whole.size();
    if (const auto bad = first_invalid_utf8(whole.substr(0, nul_at)))
      return BadByte{offset_ + *bad, false};
    if (nul != nullptr) return BadByte{offset_ + nul_at, true};
    offset_ += whole.size();
    text_.erase(0, whole.size());
    return std::nullopt;
  }

 private:
  std::string text_;          // what the block before left open, and the block
  std::uint64_t offset_ = 0;  // of text_ in the file
};

// UTF-16 of Latin text has a NUL in every other byte.
bool looks_like_utf16(std::string_view start) {
  if (start.starts_with("\xFF\xFE"sv) || start.starts_with("\xFE\xFF"sv)) return true;
  const auto looked_at = std::min<std::size_t>(start.size(), 1024) & ~std::size_t{1};
  std::array<std::size_t, 2> nuls = {};
  for (std::size_t i = 0; i < looked_at; ++i) nuls[i % 2] += start[i] == '\0' ? 1 : 0;
  return looked_at >= 4 && std::max(nuls[0], nuls[1]) * 4 > looked_at;  // half of one side
}

Status refuse_foreign(std::string_view start, const std::string& name) {
  if (looks_like_utf16(start)) {
    return fail(Fault::invalid, "the file is UTF-16; save it as 'CSV UTF-8'", name, "UTF16");
  }
  std::string advice = foreign_format(start);
  if (!advice.empty()) return fail(Fault::invalid, std::move(advice), name, "NOT_CSV");
  return {};
}

// ":line:column" of a byte, by reading the file again up to it.
Result<std::string> place_of_byte(const File& file, std::uint64_t begin, std::uint64_t byte) {
  std::vector<char> block(block_bytes);
  std::uint64_t line = 1;
  std::uint64_t column = 1;
  char before = '\0';
  for (std::uint64_t at = begin; at < byte;) {
    const auto wanted = static_cast<std::size_t>(std::min<std::uint64_t>(block.size(), byte - at));
    MUSTER_TRY(const std::size_t got, file.read(at, std::span(block.data(), wanted)));
    if (got == 0) break;
    for (const char c : std::string_view(block.data(), got)) {
      if (c == '\n' || c == '\r') {
        line += c == '\n' && before == '\r' ? 0 : 1;
        column = 1;
      } else if ((static_cast<unsigned char>(c) & 0xC0) != 0x80) {
        ++column;
      }
      before = c;
    }
    at += got;
  }
  return ":" + std::to_string(line) + ":" + std::to_string(column);
}

tl::unexpected<Error> refuse_byte(const File& file, const std::string& name, std::uint64_t begin,
                                  BadByte bad) {
  auto place = place_of_byte(file, begin, bad.offset);
  if (!place) return fail(std::move(place).error());
  if (bad.nul) {
    return fail(Fault::invalid, "there is a NUL byte; this is not a text file, or it is damaged",
                name + *place, "NUL_BYTE");
  }
  return fail(Fault::invalid,
              "the text is not UTF-8 here; nothing was read. Save the file as 'CSV UTF-8' (old "
              "programs write "
              "Windows-1252 or Latin-1)",
              name + *place, "NOT_UTF8");
}

}  // namespace

std::string foreign_format(std::string_view start) {
  const std::string save = "; save it as 'CSV UTF-8' from the program that made it";
  if (start.starts_with("PK\x03\x04"sv))
    return "the file is a workbook (.xlsx, .ods) or a zip archive" + save;
  if (start.starts_with("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"sv))
    return "the file is an old Excel workbook (.xls)" + save;
  if (start.starts_with("\x1F\x8B"sv)) return "the file is compressed by gzip; unpack it first";
  if (start.starts_with("%PDF-"sv)) return "the file is a PDF document; export the list as CSV";
  const auto first = start.find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos) return {};
  const std::string_view text = start.substr(first);
  const std::string head = ascii_lower(text.substr(0, 16));
  for (const auto mark : {"<!doctype"sv, "<html"sv, "<table"sv, "<?xml"sv, "<meta"sv}) {
    if (head.starts_with(mark))
      return "the file is an HTML or XML page, perhaps of a login or an error; export the list as "
             "CSV";
  }
  const auto second = text.find_first_not_of(" \t\r\n", 1);
  const char after = second == std::string_view::npos ? '\0' : text[second];
  if ((text[0] == '{' && (after == '"' || after == '}')) ||
      (text[0] == '[' && (after == '{' || after == ']'))) {
    return "the file is JSON; export the list as CSV";
  }
  return {};
}

Result<CheckedFile> check_file(const File& file, const std::string& name, const CsvLimits& limits) {
  if (file.size() > limits.file_bytes) {
    return fail(Fault::invalid,
                "the file has " + std::to_string(file.size()) + " bytes, the limit is " +
                    std::to_string(limits.file_bytes) + "; split it",
                name, "FILE_TOO_LARGE");
  }
  CheckedFile checked;
  std::vector<char> buffer(block_bytes);
  Sha256 hash;
  TextCheck check;
  for (std::uint64_t at = 0; at < file.size() || at == 0;) {
    MUSTER_TRY(const std::size_t got, file.read(at, buffer));
    const std::string_view block(buffer.data(), got);
    if (at == 0) {
      MUSTER_CHECK(refuse_foreign(block, name));
      checked.text_begin = block.starts_with(byte_order_mark) ? byte_order_mark.size() : 0;
      checked.sample = block.substr(checked.text_begin);
      checked.sample_is_all = got < buffer.size();
    }
    at += got;
    const bool last = got < buffer.size() || at >= file.size();
    if (const auto bad = check.add(block, last))
      return refuse_byte(file, name, checked.text_begin, *bad);
    hash.update(block);
    if (last) break;
  }
  checked.sample_is_all = checked.sample_is_all || file.size() == block_bytes;
  if (checked.sample.find_first_not_of(" \t\r\n") == std::string::npos && checked.sample_is_all) {
    return fail(Fault::invalid, "the file is empty", name, "EMPTY_FILE");
  }
  checked.sha256 = hash.finish();
  return checked;
}

}  // namespace muster::connectors::csv
