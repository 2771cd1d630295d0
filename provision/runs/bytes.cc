// SPDX-License-Identifier: Apache-2.0
#include "provision/runs/bytes.h"

namespace muster::provision {
namespace {

enum class Tag : std::uint8_t { none, no, yes, integer, decimal, text, list, object };

}  // namespace

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

Value Reading::value() {
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

void append_search(std::string& out, const SearchKeys& search) {
  append_text(out, search.user_name);
  append_text(out, search.external_id);
  append_text(out, search.display_name);
  append_texts(out, search.emails);
  append_raw(out, search.active.has_value());
  append_raw(out, search.active.value_or(false));
  append_text(out, search.display);
}

SearchKeys read_search(Reading& reading) {
  SearchKeys search;
  search.user_name = reading.text();
  search.external_id = reading.text();
  search.display_name = reading.text();
  search.emails = reading.texts();
  const bool told = reading.raw<bool>(), active = reading.raw<bool>();
  if (told) search.active = active;
  search.display = reading.text();
  return search;
}

}  // namespace muster::provision
