// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <utility>

namespace muster {

// What kind of thing went wrong, in the normal course of a week. Each way in translates it once:
// `scim` to a status and scimType, `gateway/cli` to an exit code, the console to a page.
enum class Fault {
  invalid,      // the input or configuration is wrong: retrying cannot help
  not_found,    // the thing named does not exist (or is not this caller's to see)
  conflict,     // a unique key is taken or the version seen is no longer current
  denied,       // not signed in or not allowed
  unavailable,  // a server, disk or lock did not answer: retrying may help
  internal,     // a bug or an exhausted machine
};

// `detail` is a sentence an operator can act on and never holds a secret; `where` is an attribute,
// a DN, a file:line:column; `code` is a stable identifier for machines (a scimType, an E-... code)
// or empty.
struct Error {
  Fault fault = Fault::internal;
  std::string detail = {};
  std::string where = {};
  std::string code = {};
};

// A value or the reason why there is none. [[nodiscard]] because an ignored error is a lost write.
template <class T>
class [[nodiscard]] Result : public tl::expected<T, Error> {
 public:
  using tl::expected<T, Error>::expected;
};

using Status = Result<void>;

inline tl::unexpected<Error> fail(Fault fault, std::string detail, std::string where = {},
                                  std::string code = {}) {
  return tl::unexpected<Error>(Error{fault, std::move(detail), std::move(where), std::move(code)});
}

inline tl::unexpected<Error> fail(Error error) { return tl::unexpected<Error>(std::move(error)); }

// "invalid", "not_found"...
std::string_view name_of(Fault fault);

// "where: detail" or just the detail.
std::string describe(const Error& error);

}  // namespace muster

#define MUSTER_CONCAT_(a, b) a##b
#define MUSTER_CONCAT(a, b) MUSTER_CONCAT_(a, b)

// MUSTER_TRY(auto x, f()): declares x from f()'s value, or returns f()'s error.
#define MUSTER_TRY(declaration, ...) \
  MUSTER_TRY_(MUSTER_CONCAT(muster_result_, __LINE__), declaration, __VA_ARGS__)
#define MUSTER_TRY_(result, declaration, ...)                    \
  auto result = (__VA_ARGS__);                                   \
  if (!result) return ::muster::fail(std::move(result).error()); \
  declaration = *std::move(result)

// MUSTER_CHECK(f()): returns f()'s error, goes on otherwise.
#define MUSTER_CHECK(...)                                      \
  do {                                                         \
    if (auto muster_status = (__VA_ARGS__); !muster_status)    \
      return ::muster::fail(std::move(muster_status).error()); \
  } while (false)
