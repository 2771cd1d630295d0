// SPDX-License-Identifier: Apache-2.0
#include "provision/record_bytes.h"

#include <cstdint>
#include <cstring>

namespace muster::provision {
namespace {

enum class Tag : std::uint8_t { none, no, yes, integer, decimal, text, list, object };

template <class T>
void append_raw(std::string& out, T value) {
  char bytes[sizeof(T)];
  std::memcpy(bytes, &value, sizeof(T));
  out.append(bytes, sizeof(T));
}

void append_size(std::string& out, std::size_t size) {
  append_raw(out, static_cast<std::uint32_t>(size));
}

void append_text(std::string& out, std::string_view text) {
  append_size(out, text.size());
  out.append(text);
}

void append_texts(std::string& out, const std::vector<std::string>& texts) {
  append_size(out, texts.size());
  for (const auto& text : texts) append_text(out, text);
}

void append_value(std::string& out, const Value& value) {
  auto tag = [&out](Tag one) { out += static_cast<char>(one); };
  if (value.is_bool()) return tag(value.as_bool() ? Tag::yes : Tag::no);
  if (value.is_int()) {
    tag(Tag::integer);
    return append_raw(out, value.as_int());
  }
  if (value.is_double()) {
    tag(Tag::decimal);
    return append_raw(out, value.as_double());
  }
  if (value.is_text()) {
    tag(Tag::text);
    return append_text(out, value.as_text());
  }
  if (value.is_list()) {
    tag(Tag::list);
    append_size(out, value.as_list().size());
    for (const auto& element : value.as_list()) append_value(out, element);
    return;
  }
  if (!value.is_object()) return tag(Tag::none);
  tag(Tag::object);
  append_size(out, value.as_object().size());
  for (const auto& member : value.as_object()) {
    append_text(out, member.name);
    append_value(out, member.value);
  }
}

void append_members(std::string& out, const std::optional<std::vector<Member>>& members) {
  out += members ? '\1' : '\0';
  if (!members) return;
  append_size(out, members->size());
  for (const auto& member : *members) {
    append_text(out, member.key);
    out += static_cast<char>(member.type);
    append_text(out, member.display);
  }
}

// Reads what was appended; after bytes that end too early everything is empty and `good` is false.
class Reading {
 public:
  explicit Reading(std::string_view bytes) : left_(bytes) {}

  bool good() const { return good_; }

  template <class T>
  T raw() {
    T value{};
    const auto bytes = take(sizeof(T));
    if (bytes.size() == sizeof(T)) std::memcpy(&value, bytes.data(), sizeof(T));
    return value;
  }

  std::size_t size() { return raw<std::uint32_t>(); }
  std::string text() { return std::string(take(size())); }

  std::vector<std::string> texts() {
    std::vector<std::string> all;
    for (auto count = size(); count > 0 && good_; --count) all.push_back(text());
    return all;
  }

  Value value() {
    switch (static_cast<Tag>(raw<std::uint8_t>())) {
      case Tag::none:
        return {};
      case Tag::no:
        return false;
      case Tag::yes:
        return true;
      case Tag::integer:
        return raw<std::int64_t>();
      case Tag::decimal:
        return raw<double>();
      case Tag::text:
        return text();
      case Tag::list: {
        Value::List list;
        for (auto count = size(); count > 0 && good_; --count) list.push_back(value());
        return list;
      }
      case Tag::object: {
        Value::Object object;
        for (auto count = size(); count > 0 && good_; --count) {
          auto name = text();
          object.push_back({std::move(name), value()});
        }
        return object;
      }
    }
    good_ = false;
    return {};
  }

  std::optional<std::vector<Member>> members() {
    if (raw<char>() == '\0') return std::nullopt;
    std::vector<Member> all;
    for (auto count = size(); count > 0 && good_; --count) {
      Member member;
      member.key = text();
      member.type = static_cast<ResourceType>(raw<char>());
      member.display = text();
      all.push_back(std::move(member));
    }
    return all;
  }

 private:
  std::string_view take(std::size_t count) {
    if (count > left_.size()) {
      good_ = false;
      left_ = {};
      return {};
    }
    const auto bytes = left_.substr(0, count);
    left_.remove_prefix(count);
    return bytes;
  }

  std::string_view left_;
  bool good_ = true;
};

}  // namespace

void append_record(std::string& out, const SourceRecord& record) {
  const auto begin = out.size();
  append_size(out, 0);
  out += static_cast<char>(record.key.type);
  append_text(out, record.key.key);
  append_text(out, record.key.source);
  append_text(out, record.where);
  append_value(out, record.attributes);
  append_members(out, record.members);
  append_texts(out, record.aliases);
  append_text(out, record.search.user_name);
  append_text(out, record.search.external_id);
  append_text(out, record.search.display_name);
  append_texts(out, record.search.emails);
  const auto& active = record.search.active;
  out += static_cast<char>(active ? 1 + *active : 0);
  const auto size = static_cast<std::uint32_t>(out.size() - begin);
  std::memcpy(out.data() + begin, &size, sizeof(size));
}

std::size_t record_size(std::string_view head) { return Reading(head).size(); }

RecordOrder record_order(std::string_view bytes) {
  const auto size = Reading(bytes.substr(5)).size();
  return {static_cast<ResourceType>(bytes[4]), bytes.substr(record_head_size, size)};
}

Result<SourceRecord> read_record(std::string_view bytes) {
  Reading reading(bytes);
  reading.size();
  SourceRecord record;
  record.key.type = static_cast<ResourceType>(reading.raw<char>());
  record.key.key = reading.text();
  record.key.source = reading.text();
  record.where = reading.text();
  record.attributes = reading.value();
  record.members = reading.members();
  record.aliases = reading.texts();
  record.search.user_name = reading.text();
  record.search.external_id = reading.text();
  record.search.display_name = reading.text();
  record.search.emails = reading.texts();
  if (const auto active = reading.raw<char>(); active != '\0') record.search.active = active == 2;
  if (!reading.good())
    return fail(Fault::internal, "a record that was put aside cannot be read back: run again");
  return record;
}

}  // namespace muster::provision
