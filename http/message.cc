// SPDX-License-Identifier: Apache-2.0
#include "http/message.h"

#include "core/text.h"

namespace muster::http {
namespace {

template <class Pairs>
const std::string* find_fold(const Pairs& pairs, std::string_view name) {
  for (const auto& [key, value] : pairs)
    if (ascii_equal_fold(key, name)) return &value;
  return nullptr;
}

}  // namespace

std::string_view name_of(Method method) {
  switch (method) {
    case Method::get:
      return "GET";
    case Method::head:
      return "HEAD";
    case Method::post:
      return "POST";
    case Method::put:
      return "PUT";
    case Method::patch:
      return "PATCH";
    case Method::delete_:
      return "DELETE";
    case Method::options:
      return "OPTIONS";
    case Method::other:
      return "other";
  }
  return "other";
}

const std::string* RequestHead::header(std::string_view name) const {
  return find_fold(headers, name);
}

const std::string* RequestHead::parameter(std::string_view name) const {
  return find_fold(query, name);
}

}  // namespace muster::http
