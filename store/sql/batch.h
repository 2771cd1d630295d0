// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "store/sql/sql.h"

namespace muster::store {

// PostgreSQL's way of running one row-wise statement for many inputs in one round trip: parameters
// become arrays, `unnest` turns them into a table called `input`, and $k becomes input.pk.
//   select ...                -> select input.n, found.* from unnest(...) input, lateral (select
//   ...) found insert into t (..) values (..) -> insert into t (..) select .. from unnest(...)
//   input update t set .. where ..  -> update t set .. from unnest(...) input where .. delete from
//   t where ..    -> delete from t using unnest(...) input where ..
std::string batch_text(const Sql& sql);

// Appends one element to a PostgreSQL array literal ("{1,2" or "{\"a\",\"b\""); the caller opens
// and closes it.
void append_array_text(std::string& array, std::string_view value);
void append_array_number(std::string& array, long long value);
void append_array_null(std::string& array);

}  // namespace muster::store
