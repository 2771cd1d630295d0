// SPDX-License-Identifier: Apache-2.0
#include "store/sql/postgresql.h"

#include <libpq-fe.h>
#include <soci/postgresql/soci-postgresql.h>
#include <soci/soci.h>

#include "store/sql/failure.h"

namespace muster::store::postgresql {
namespace {

std::string quoted(std::string_view value) {
  std::string out = "'";
  for (char c : value) {
    if (c == '\'' || c == '\\') out += '\\';
    out += c;
  }
  return out + "'";
}

// The URL as libpq's keyword list, which is what SOCI hands on.
Result<std::string> keywords(const Options& options) {
  char* problem = nullptr;
  PQconninfoOption* parsed = PQconninfoParse(options.url.c_str(), &problem);
  if (parsed == nullptr) {
    // libpq's own sentence may repeat the URL, and with it a password.
    if (problem != nullptr) PQfreemem(problem);
    return fail(
        Fault::invalid,
        "the store's URL is not a PostgreSQL URL; write postgresql://user@host:port/database");
  }
  std::string out = "application_name=muster connect_timeout=10";
  for (auto* option = parsed; option->keyword != nullptr; ++option) {
    if (option->val == nullptr || option->val[0] == '\0') continue;
    out += ' ' + std::string(option->keyword) + '=' + quoted(option->val);
  }
  PQconninfoFree(parsed);
  if (!options.password.empty()) out += " password=" + quoted(options.password);
  return out;
}

}  // namespace

Result<std::unique_ptr<Session>> connect(const Options& options) {
  MUSTER_TRY(std::string text, keywords(options));
  try {
    auto connection = std::make_unique<soci::session>(soci::postgresql, text);
    auto session = std::make_unique<Session>(Engine::postgresql, std::move(connection));
    MUSTER_CHECK(session->run("set client_min_messages=warning"));
    // Another replica's batch may hold a row for a while, a forgotten session must not hold us for
    // ever.
    MUSTER_CHECK(session->run("set lock_timeout='20s'"));
    MUSTER_CHECK(session->run("set statement_timeout=0"));
    return session;
  } catch (const std::exception& error) {
    return fail(failure_of(Engine::postgresql, error));
  }
}

}  // namespace muster::store::postgresql
