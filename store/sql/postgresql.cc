// SPDX-License-Identifier: Apache-2.0
#include "store/sql/postgresql.h"

#include <libpq-fe.h>

#include <array>
#include <vector>

#include "store/sql/postgresql_connection.h"

namespace muster::store::postgresql {
namespace {

struct Setting {
  const char* name;
  const char* value;
};

// Of every session.
constexpr std::array<Setting, 3> kSettings{{
    {"client_min_messages", "warning"},
    // Another replica's batch may hold a row for a while, a forgotten session must not hold us for
    // ever.
    {"lock_timeout", "20s"},
    {"statement_timeout", "0"},
}};

// libpq's own sentence about a wrong URL may repeat it, and with it a password.
Status check_url(const std::string& url) {
  char* problem = nullptr;
  PQconninfoOption* parsed = PQconninfoParse(url.c_str(), &problem);
  if (problem != nullptr) PQfreemem(problem);
  if (parsed == nullptr) {
    return fail(
        Fault::invalid,
        "the store's URL is not a PostgreSQL URL; write postgresql://user@host:port/database");
  }
  PQconninfoFree(parsed);
  return {};
}

}  // namespace

Result<std::unique_ptr<Session>> connect(const Options& options) {
  MUSTER_CHECK(check_url(options.url));
  std::vector<PostgresqlConnection::Parameter> parameters{
      {"application_name", "muster"}, {"connect_timeout", "10"}, {"dbname", options.url}};
  if (!options.password.empty()) parameters.emplace_back("password", options.password);
  MUSTER_TRY(auto connection, PostgresqlConnection::open(parameters));
  std::string settings;
  for (const auto& [name, value] : kSettings)
    settings.append("set ").append(name).append("='").append(value).append("';");
  MUSTER_CHECK(connection->run(settings));
  return std::make_unique<Session>(Engine::postgresql, std::move(connection));
}

}  // namespace muster::store::postgresql
