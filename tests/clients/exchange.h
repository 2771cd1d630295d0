// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "core/json.h"
#include "core/value.h"
#include "http/message.h"

namespace muster::clients {

// What earlier answers of a story gave: "user" -> an id. Stands as $user in later exchanges.
using Captured = std::map<std::string, std::string>;

// One recorded exchange: what the client sends and what it must get (tests/clients/README.md).
class Exchange {
 public:
  static Exchange read(const std::filesystem::path& file, const Captured& captured) {
    std::ifstream stream(file);
    std::stringstream text;
    text << stream.rdbuf();
    const auto value = parse_json(filled(text.str(), captured));
    if (!value) throw std::runtime_error(file.string() + ": " + describe(value.error()));
    return Exchange(*value);
  }

  std::string name() const { return told_.find("name")->as_text(); }
  std::string method() const { return request().find("method")->as_text(); }
  std::string path() const { return request().find("path")->as_text(); }
  std::string body() const {
    const Value* body = request().find("body");
    return body == nullptr ? std::string() : write_json(*body);
  }
  std::vector<http::Header> headers() const {
    std::vector<http::Header> out;
    const Value* headers = request().find("headers");
    if (headers == nullptr) return out;
    for (const auto& [key, value] : headers->as_object()) out.emplace_back(key, value.as_text());
    return out;
  }

  // Differences become test failures.
  void check(const http::Response& response, Captured& captured) const {
    const Value& expect = *told_.find("expect");
    EXPECT_EQ(response.status, expect.find("status")->as_int()) << response.body;
    if (const Value* headers = expect.find("headers")) check_headers(*headers, response);
    const Value* wanted = expect.find("body");
    const Value* absent = expect.find("absent");
    const Value* capture = told_.find("capture");
    if (wanted == nullptr && absent == nullptr && capture == nullptr) return;
    const auto body = parse_json(response.body);
    ASSERT_TRUE(body) << response.body;
    if (wanted != nullptr) {
      EXPECT_EQ(difference(*wanted, *body, ""), "") << response.body;
    }
    for (const auto& path : absent != nullptr ? absent->as_list() : Value::List{}) {
      EXPECT_EQ(at(*body, path.as_text()), nullptr) << path.as_text() << " in " << response.body;
    }
    for (const auto& [name, path] : capture != nullptr ? capture->as_object() : Value::Object{}) {
      const Value* found = at(*body, path.as_text());
      ASSERT_NE(found, nullptr) << path.as_text() << " in " << response.body;
      captured[name] = found->as_text();
    }
  }

 private:
  explicit Exchange(Value told) : told_(std::move(told)) {}

  const Value& request() const { return *told_.find("request"); }

  static std::string filled(std::string text, const Captured& captured) {
    for (const auto& [name, value] : captured) {
      const auto mark = "$" + name;
      for (auto at = text.find(mark); at != text.npos; at = text.find(mark, at + value.size())) {
        text.replace(at, mark.size(), value);
      }
    }
    return text;
  }

  static void check_headers(const Value& wanted, const http::Response& response) {
    for (const auto& [key, value] : wanted.as_object()) {
      const auto& name = key;
      const auto found = std::find_if(response.headers.begin(), response.headers.end(),
                                      [&](const auto& header) { return header.first == name; });
      ASSERT_NE(found, response.headers.end()) << name;
      if (value.as_text() != "<any>") {
        EXPECT_EQ(found->second, value.as_text()) << name;
      }
    }
  }

  // "Resources.0.id"; a member whose name holds dots is tried as it stands.
  static const Value* at(const Value& value, const std::string& path) {
    if (path.empty()) return &value;
    if (value.is_list()) {
      const auto dot = std::min(path.find('.'), path.size());
      const auto index = std::stoul(path.substr(0, dot));
      if (index >= value.as_list().size()) return nullptr;
      return at(value.as_list()[index], path.substr(std::min(dot + 1, path.size())));
    }
    if (const Value* whole = value.find(path)) return whole;
    for (auto dot = path.find('.'); dot != path.npos; dot = path.find('.', dot + 1)) {
      const Value* inner = value.find(path.substr(0, dot));
      if (inner != nullptr) return at(*inner, path.substr(dot + 1));
    }
    return nullptr;
  }

  // Where `actual` lacks something of `wanted`: objects may hold more, lists may not. "<any>" is
  // any text but an empty one. Empty: nothing is lacking.
  static std::string difference(const Value& wanted, const Value& actual,
                                const std::string& where) {
    if (wanted.is_text() && wanted.as_text() == "<any>") {
      return actual.is_text() && !actual.as_text().empty() ? "" : where + " is missing";
    }
    if (wanted.is_object() && actual.is_object()) {
      for (const auto& [name, value] : wanted.as_object()) {
        const Value* found = actual.find(name);
        if (found == nullptr) return where + "/" + name + " is missing";
        auto inner = difference(value, *found, where + "/" + name);
        if (!inner.empty()) return inner;
      }
      return {};
    }
    if (wanted.is_list() && actual.is_list()) {
      if (wanted.as_list().size() != actual.as_list().size()) return where + " has another length";
      for (std::size_t i = 0; i < wanted.as_list().size(); ++i) {
        auto inner =
            difference(wanted.as_list()[i], actual.as_list()[i], where + "/" + std::to_string(i));
        if (!inner.empty()) return inner;
      }
      return {};
    }
    return wanted == actual ? "" : where + " is " + write_json(actual);
  }

  Value told_;
};

}  // namespace muster::clients
