// SPDX-License-Identifier: Apache-2.0
#include "provision/runs/bytes.h"

namespace muster::provision {

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
