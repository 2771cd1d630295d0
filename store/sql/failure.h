// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <exception>

#include "core/result.h"
#include "store/sql/sql.h"

namespace muster::store {

// What a library's exception means to the caller: a taken unique key is a conflict with the code
// and place that transaction.h documents; locks, full disks and lost connections are unavailable;
// the rest is internal. Parameter values never get into the detail.
Error failure_of(Engine engine, const std::exception& error);

// PostgreSQL gave the transaction up for the sake of another one: repeating the whole of it may
// succeed.
bool wants_repetition(const Error& error);

// The connection is gone; a new one has to be made.
bool lost_connection(const Error& error);

// As callers see it: the codes behind the two questions above are the store's own.
Error without_internal_code(Error error);

}  // namespace muster::store
