// SPDX-License-Identifier: Apache-2.0
#include "operations/documents/token.h"

namespace muster::operations {

Value as_document(const auth::NewToken& token) {
  Value document;
  document.set("id", token.row.id);
  document.set("source", token.row.source);
  document.set("token", token.text.reveal());
  document.set("expires", format_timestamp(token.row.expires));
  return document;
}

Value as_document(const TokenStatus& status) {
  const auto& token = status.token;
  Value document;
  document.set("id", token.id);
  document.set("source", token.source);
  document.set("state", status.state);
  document.set("created", format_timestamp(token.created));
  document.set("expires", format_timestamp(token.expires));
  document.set("lastUsed", token.last_used ? format_timestamp(*token.last_used) : "never");
  return document;
}

}  // namespace muster::operations
