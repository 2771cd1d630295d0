// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "core/result.h"

namespace muster::store {

// What an engine's error means to the caller: a taken unique key is a conflict with the code and
// place that transaction.h documents; locks, full disks and lost connections are unavailable; the
// rest is internal. Parameter values never get into the detail.

// An extended result code of SQLite and its message.
Error sqlite_failure(int code, std::string_view message);

// PostgreSQL's SQLSTATE (empty: libpq's own error, so the connection is gone), the constraint that
// was broken (or empty), and the message.
Error postgresql_failure(std::string_view state, std::string_view constraint,
                         std::string_view message);

// PostgreSQL gave the transaction up for the sake of another one: repeating the whole of it may
// succeed.
bool wants_repetition(const Error& error);

// The connection is gone; a new one has to be made.
bool lost_connection(const Error& error);

// As callers see it: the codes behind the two questions above are the store's own.
Error without_internal_code(Error error);

}  // namespace muster::store
