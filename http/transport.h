// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>

#include "core/result.h"
#include "http/connection.h"

namespace muster::http {

// A connection over a connected socket, which it owns from now on (also when this throws): TLS when
// `shared` has a TLS context, clear text otherwise.
std::shared_ptr<Connection> open_connection(SharedState& shared, EventLoop& loop, int socket,
                                            const std::string& remote);

// TLS 1.2 or later, AEAD with ephemeral keys only, no renegotiation, no compression. The error
// names the file.
Result<std::shared_ptr<boost::asio::ssl::context>> load_tls(const TlsFiles& files);

}  // namespace muster::http
