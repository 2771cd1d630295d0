// SPDX-License-Identifier: Apache-2.0
#include "operations/tokens/tokens.h"

#include <algorithm>

namespace muster::operations {
namespace {

Status put(store::Store& store, const store::TokenRow& row, const std::string& action,
           const std::string& actor) {
  return store.write([&](store::Transaction& tx) -> Status {
    MUSTER_CHECK(tx.tokens().put(row));
    const AuditEntry entries[] = {{.actor = actor,
                                   .action = action,
                                   .subject = row.id,
                                   .run = {},
                                   .detail = "{\"source\":\"" + row.source + "\"}"}};
    return tx.journal().audit(entries);
  });
}

}  // namespace

Result<auth::NewToken> create_token(const Installation& here, const std::string& source,
                                    std::chrono::seconds lifetime, const std::string& actor) {
  const auto configured = std::find_if(here.sources.begin(), here.sources.end(),
                                       [&](const auto& one) { return one.name == source; });
  if (configured == here.sources.end())
    return fail(Fault::not_found, "there is no source '" + source + "' in the configuration");
  if (configured->kind != SourceKind::scim) {
    return fail(
        Fault::invalid,
        "source '" + source + "' is not of kind scim: nobody pushes to it, so it needs no token");
  }
  auto token = auth::make_token(source, here.clock.now(), lifetime);
  MUSTER_CHECK(put(here.store(), token.row, "token.create", actor));
  return token;
}

Result<std::vector<TokenStatus>> list_tokens(const Installation& here) {
  MUSTER_TRY(auto reader, here.store().reader());
  MUSTER_TRY(auto rows, reader->tokens().all());
  const auto now = here.clock.now();
  std::vector<TokenStatus> all;
  for (auto& row : rows) {
    const auto* state = row.revoked ? "revoked" : row.expires <= now ? "expired" : "valid";
    all.push_back({std::move(row), state});
  }
  return all;
}

Result<store::TokenRow> revoke_token(const Installation& here, const std::string& id,
                                     const std::string& actor) {
  MUSTER_TRY(auto reader, here.store().reader());
  MUSTER_TRY(auto token, reader->tokens().get(id));
  reader.reset();
  if (!token) return fail(Fault::not_found, "there is no token '" + id + "'");
  if (!token->revoked) {
    token->revoked = here.clock.now();
    MUSTER_CHECK(put(here.store(), *token, "token.revoke", actor));
  }
  return *std::move(token);
}

}  // namespace muster::operations
