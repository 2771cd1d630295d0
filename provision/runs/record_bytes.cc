// SPDX-License-Identifier: Apache-2.0
#include "provision/runs/record_bytes.h"

#include <cstdint>
#include <cstring>

#include "provision/runs/bytes.h"

namespace muster::provision {
namespace {

void append_members(std::string& out, const std::optional<std::vector<Member>>& members) {
  out += members ? '\1' : '\0';
  if (!members) return;
  append_each(out, *members, [&out](const Member& one) {
    append_text(out, one.key);
    append_raw(out, one.type);
    append_text(out, one.display);
  });
}

std::optional<std::vector<Member>> read_members(Reading& reading) {
  if (reading.raw<char>() == '\0') return std::nullopt;
  // Elements of a braced list are evaluated from left to right.
  return read_each<Member>(reading, [&reading] {
    return Member{reading.text(), reading.raw<ResourceType>(), reading.text()};
  });
}

}  // namespace

void append_record(std::string& out, const SourceRecord& record) {
  const auto begin = out.size();
  append_size(out, 0);
  out += static_cast<char>(record.key.type);
  append_text(out, record.key.key);
  append_text(out, record.key.source);
  append_text(out, record.where);
  append_text(out, record.document);
  append_raw(out, record.hash.has_value());
  append_raw(out, record.hash.value_or(0));
  append_members(out, record.members);
  append_texts(out, record.aliases);
  append_search(out, record.search);
  const auto size = static_cast<std::uint32_t>(out.size() - begin);
  std::memcpy(out.data() + begin, &size, sizeof(size));
}

std::size_t record_size(std::string_view head) { return Reading(head).size(); }

RecordOrder record_order(std::string_view bytes) {
  const auto size = Reading(bytes.substr(5)).size();
  return {static_cast<ResourceType>(bytes[4]), bytes.substr(record_head_size, size)};
}

Result<SourceRecord> record_from_bytes(std::string_view bytes) {
  Reading reading(bytes);
  reading.size();
  SourceRecord record;
  record.key.type = static_cast<ResourceType>(reading.raw<char>());
  record.key.key = reading.text();
  record.key.source = reading.text();
  record.where = reading.text();
  record.document = reading.text();
  const bool hashed = reading.raw<bool>();
  const auto hash = reading.raw<std::int64_t>();
  if (hashed) record.hash = hash;
  record.members = read_members(reading);
  record.aliases = reading.texts();
  record.search = read_search(reading);
  if (!reading.good())
    return fail(Fault::internal, "a record that was put aside cannot be read back: run again");
  return record;
}

}  // namespace muster::provision
