// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "core/json.h"
#include "core/text.h"
#include "mappings/engine.h"
#include "provision/provisioner.h"
#include "scim/endpoint.h"
#include "store/store.h"

namespace muster::scim {

// Two identity providers, entra and okta, each its own source with the same mapping.
inline std::string provider_mapping() {
  std::string text = R"yaml(
version: mapping/v1
schema:
  profile: generic
  attributes:
    displayName: text
    department: text
    scimName: { type: text, flow: none }
merge:
  default: { authority: [entra, okta], absent: next }
username:
  when: create
  transliterate: { latin: strip, other: refuse }
  patterns: ['{scimName}', '{firstName}.{lastName}', 'user']
  collision: { counter: 2, max: 9999 }
  never_reuse: true
correlate:
  tiers:
    - { id: mail, match: [email], one: suggest }
  many: review
  none: create
classify:
  sets: external
  rules:
    - { id: nobody, class: external, when: 'userName == "nobody"' }
  otherwise: { id: everybody, class: internal }
validate:
  - { id: bad-department, severity: error, check: 'absent(department) or department != "Nowhere"' }
sources:)yaml";
  for (const std::string name : {"entra", "okta"}) {
    text += "\n  " + name + ": {kind: scim, tag: " + name +
            R"yaml(, records: scim.user, key: externalId, map: {
      scimName: 'userName',
      email: '(emails[type == "work"].value | first) ?? (emails.value | first) | email',
      firstName: 'name.givenName',
      lastName: 'name.familyName',
      displayName: 'displayName',
      department: 'enterprise.department',
      enabled: 'active ?? true' }})yaml";
  }
  return text + "\n";
}

// The SCIM service over a store in memory and a real engine, called without a socket.
class ScimWorld {
 public:
  explicit ScimWorld(std::string store_url = "sqlite::memory:")
      : store_(open(std::move(store_url))), provisioner_(*store_, engine()) {
    EndpointOptions options;
    options.max_results = 200;
    endpoint_ = std::make_unique<Endpoint>(
        provisioner_,
        [](const http::RequestHead& head) -> std::variant<http::Principal, http::Response> {
          return http::Principal{"token", *head.header("Authorization")};
        },
        options);
    routes_ = endpoint_->routes();
  }

  store::Store& store() { return *store_; }

  // `target` as on the request line, without /scim/v2. Thread-safe.
  http::Response call(std::string_view source, std::string_view method, std::string_view target,
                      std::string body = {}, std::vector<http::Header> headers = {}) const {
    http::Request request;
    request.body = std::move(body);
    request.head.headers = std::move(headers);
    request.head.headers.emplace_back("Authorization", source);
    if (request.head.header("Content-Type") == nullptr) {
      request.head.headers.emplace_back("Content-Type", "application/scim+json");
    }
    const auto question = std::min(target.find('?'), target.size());
    request.head.path = "/scim/v2" + decoded(target.substr(0, question));
    read_query(target.substr(std::min(question + 1, target.size())), request.head);
    for (const auto& route : routes_) {
      if (http::name_of(route.method) != method) continue;
      if (!captured(route.pattern, request.head.path, request.captures)) continue;
      request.head.method = route.method;
      request.principal = std::get<http::Principal>(route.authorize(request.head));
      return route.handler(request);
    }
    return Endpoint::error_body(404, "no such route", request.head);
  }

  static Value json(const http::Response& response) {
    auto value = parse_json(response.body);
    EXPECT_TRUE(value) << response.body;
    return value.value_or(Value());
  }

  static std::string id_of(const http::Response& response) {
    const auto body = json(response);
    const Value* id = body.find("id");
    EXPECT_NE(id, nullptr) << response.status << " " << response.body;
    return id != nullptr ? id->as_text() : std::string();
  }

  static std::string header(const http::Response& response, std::string_view name) {
    for (const auto& [key, value] : response.headers) {
      if (ascii_equal_fold(key, name)) return value;
    }
    return {};
  }

 private:
  static std::unique_ptr<store::Store> open(std::string url) {
    store::StoreOptions options;
    options.url = std::move(url);
    options.sources = {"entra", "okta"};
    auto store = store::Store::open(options);
    if (!store) throw std::runtime_error(describe(store.error()));
    return *std::move(store);
  }

  static std::shared_ptr<const mappings::Engine> engine() {
    auto loaded = mappings::Engine::load_text(provider_mapping(), "providers.yaml");
    std::string problems;
    for (const auto& diagnostic : loaded.diagnostics) problems += describe(diagnostic) + "\n";
    if (loaded.engine == nullptr) throw std::runtime_error(problems);
    return loaded.engine;
  }

  static std::string decoded(std::string_view text) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
      if (text[i] == '%' && i + 2 < text.size()) {
        out += static_cast<char>(std::stoi(std::string(text.substr(i + 1, 2)), nullptr, 16));
        i += 2;
      } else {
        out += text[i] == '+' ? ' ' : text[i];
      }
    }
    return out;
  }

  static void read_query(std::string_view text, http::RequestHead& head) {
    while (!text.empty()) {
      const auto end = std::min(text.find('&'), text.size());
      const auto pair = text.substr(0, end);
      const auto equals = std::min(pair.find('='), pair.size());
      head.query.emplace_back(decoded(pair.substr(0, equals)),
                              decoded(pair.substr(std::min(equals + 1, pair.size()))));
      text.remove_prefix(std::min(end + 1, text.size()));
    }
  }

  static bool captured(std::string_view pattern, std::string_view path,
                       std::vector<std::string>& out) {
    out.clear();
    while (!pattern.empty() && !path.empty()) {
      const auto pattern_end = std::min(pattern.find('/', 1), pattern.size());
      const auto path_end = std::min(path.find('/', 1), path.size());
      const auto wanted = pattern.substr(1, pattern_end - 1);
      const auto given = path.substr(1, path_end - 1);
      if (wanted.starts_with('{')) {
        out.emplace_back(given);
      } else if (wanted != given) {
        return false;
      }
      pattern.remove_prefix(pattern_end);
      path.remove_prefix(path_end);
    }
    return pattern.empty() && path.empty();
  }

  std::unique_ptr<store::Store> store_;
  provision::Provisioner provisioner_;
  std::unique_ptr<Endpoint> endpoint_;
  std::vector<http::Route> routes_;
};

}  // namespace muster::scim
