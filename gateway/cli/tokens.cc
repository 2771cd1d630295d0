// SPDX-License-Identifier: Apache-2.0
#include <CLI/CLI.hpp>
#include <cstdio>
#include <memory>

#include "gateway/cli/command.h"
#include "gateway/config_section.h"
#include "operations/documents/token.h"

namespace muster::gateway::cli {
namespace {

Result<ExitCode> create(const Globals& globals, const std::string& source,
                        const std::string& lifetime) {
  const auto seconds = parse_duration(lifetime);
  if (!seconds || seconds->count() == 0) {
    return fail(Fault::invalid, "'" + lifetime + "' is no duration; write 90d, 12h, 30m",
                "--expires-in");
  }
  MUSTER_TRY(auto runtime, open_runtime(globals));
  MUSTER_TRY(const auto token,
             operations::create_token(runtime->installation(), source, *seconds, "cli"));
  if (globals.json_errors()) {
    print_document(operations::as_document(token));
    return exit_ok;
  }
  if (!globals.quiet) {
    std::fprintf(stderr, "token of source %s, valid until %s; it is shown this once:\n",
                 source.c_str(), format_timestamp(token.row.expires).c_str());
  }
  std::printf("%s\n", token.text.reveal().c_str());
  return exit_ok;
}

Result<ExitCode> list(const Globals& globals) {
  MUSTER_TRY(auto runtime, open_runtime(globals));
  MUSTER_TRY(const auto tokens, operations::list_tokens(runtime->installation()));
  RowWriter rows(globals.format, {{"id", "ID"},
                                  {"source", "SOURCE"},
                                  {"state", "STATE"},
                                  {"created", "CREATED"},
                                  {"expires", "EXPIRES"},
                                  {"lastUsed", "LAST USED"}});
  for (const auto& token : tokens) rows.add_document(operations::as_document(token));
  rows.finish();
  return exit_ok;
}

Result<ExitCode> revoke(const Globals& globals, const std::string& id) {
  MUSTER_TRY(auto runtime, open_runtime(globals));
  MUSTER_TRY(const auto token,
             with_hint(operations::revoke_token(runtime->installation(), id, "cli"),
                       Fault::not_found, "; `muster tokens list` shows all"));
  if (!globals.quiet)
    std::fprintf(stderr, "token %s of source %s is revoked; it stops working within a second\n",
                 id.c_str(), token.source.c_str());
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
