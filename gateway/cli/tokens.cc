// SPDX-License-Identifier: Apache-2.0
#include "gateway/tokens.h"

#include <CLI/CLI.hpp>
#include <cstdio>
#include <memory>

#include "gateway/cli/command.h"
#include "gateway/config_section.h"

namespace muster::gateway::cli {
namespace {

AuditEntry audit(std::string action, const store::TokenRow& row) {
  return {.actor = "cli",
          .action = std::move(action),
          .subject = row.id,
          .run = {},
          .detail = "{\"source\":\"" + row.source + "\"}"};
}

Status put(store::Store& store, const store::TokenRow& row, const std::string& action) {
  return store.write([&](store::Transaction& tx) -> Status {
    MUSTER_CHECK(tx.tokens().put(row));
    const AuditEntry entries[] = {audit(action, row)};
    return tx.journal().audit(entries);
  });
}

Result<ExitCode> create(const Globals& globals, const std::string& source,
                        const std::string& lifetime) {
  const auto seconds = parse_duration(lifetime);
  if (!seconds || seconds->count() == 0) {
    return fail(Fault::invalid, "'" + lifetime + "' is no duration; write 90d, 12h, 30m",
                "--expires-in");
  }
  MUSTER_TRY(auto runtime, open_runtime(globals));
  const auto* configured = runtime->config().source(source);
  if (configured == nullptr)
    return fail(Fault::not_found, "there is no source '" + source + "' in the configuration");
  if (configured->kind != SourceKind::scim) {
    return fail(
        Fault::invalid,
        "source '" + source + "' is not of kind scim: nobody pushes to it, so it needs no token");
  }
  const auto token = make_token(source, system_clock().now(), *seconds);
  MUSTER_CHECK(put(runtime->store(), token.row, "token.create"));
  if (globals.json_errors()) {
    Value document;
    document.set("id", token.row.id);
    document.set("source", source);
    document.set("token", token.text.reveal());
    document.set("expires", format_timestamp(token.row.expires));
    print_document(document);
    return exit_ok;
  }
  if (!globals.quiet) {
    std::fprintf(stderr, "token of source %s, valid until %s; it is shown this once:\n",
                 source.c_str(), format_timestamp(token.row.expires).c_str());
  }
  std::printf("%s\n", token.text.reveal().c_str());
  return exit_ok;
}

std::string state_of(const store::TokenRow& token) {
  if (token.revoked) return "revoked";
  return token.expires <= system_clock().now() ? "expired" : "valid";
}

Result<ExitCode> list(const Globals& globals) {
  MUSTER_TRY(auto runtime, open_runtime(globals));
  MUSTER_TRY(auto reader, runtime->store().reader());
  MUSTER_TRY(auto tokens, reader->tokens().all());
  RowWriter rows(globals.format, {{"id", "ID"},
                                  {"source", "SOURCE"},
                                  {"state", "STATE"},
                                  {"created", "CREATED"},
                                  {"expires", "EXPIRES"},
                                  {"lastUsed", "LAST USED"}});
  for (const auto& token : tokens) {
    rows.add({token.id, token.source, state_of(token), format_timestamp(token.created),
              format_timestamp(token.expires),
              token.last_used ? format_timestamp(*token.last_used) : "never"});
  }
  rows.finish();
  return exit_ok;
}

Result<ExitCode> revoke(const Globals& globals, const std::string& id) {
  MUSTER_TRY(auto runtime, open_runtime(globals));
  MUSTER_TRY(auto reader, runtime->store().reader());
  MUSTER_TRY(auto token, reader->tokens().get(id));
  reader.reset();
  if (!token)
    return fail(Fault::not_found, "there is no token '" + id + "'; `muster tokens list` shows all");
  if (!token->revoked) {
    token->revoked = system_clock().now();
    MUSTER_CHECK(put(runtime->store(), *token, "token.revoke"));
  }
  if (!globals.quiet)
    std::fprintf(stderr, "token %s of source %s is revoked; it stops working within a second\n",
                 id.c_str(), token->source.c_str());
  return exit_ok;
}

}  // namespace

void add_tokens(CLI::App& app, const Globals& globals, const Register& when) {
  auto* group = app.add_subcommand("tokens", "Bearer tokens of SCIM sources");
  group->require_subcommand(1);

  auto* creator = group->add_subcommand("create", "Make a token; it is shown once");
  auto source = std::make_shared<std::string>();
  auto lifetime = std::make_shared<std::string>("365d");
  creator->add_option("--source", *source, "The scim source that it is bound to")->required();
  creator->add_option("--expires-in", *lifetime, "How long it is valid: 365d, 12h");
  when(creator, [&globals, source, lifetime] { return create(globals, *source, *lifetime); });

  when(group->add_subcommand("list", "All tokens, without their secrets"),
       [&globals] { return list(globals); });

  auto* revoker = group->add_subcommand("revoke", "End a token at once");
  auto id = std::make_shared<std::string>();
  revoker->add_option("ID", *id, "The token's id (its public part)")->required();
  when(revoker, [&globals, id] { return revoke(globals, *id); });
}

}  // namespace muster::gateway::cli
