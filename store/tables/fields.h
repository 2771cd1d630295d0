// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>
#include <type_traits>

#include "store/catalog.h"
#include "store/sql/columns.h"
#include "store/sql/member_count.h"
#include "store/sql/session.h"
#include "store/tables/times.h"

namespace muster::store {

// Who knows the names of sources, whose columns hold numbers.
struct SourceNames {
  Session& session;
  Catalog& catalog;
};

// One member of a stored thing: its column, how it is written there and read again. A thing's list
// of fields is all that knows its columns: statements, bindings and readings are made from it.
template <class Thing>
struct Field : Column {
  using Write = void (*)(Binder&, const Thing&, std::int64_t source);
  using Read = Status (*)(const Row&, std::size_t column, Thing&, SourceNames*);
  Write write = nullptr;
  Read read = nullptr;

  constexpr Field changing(Changes how = Changes::freely) const {
    Field changed = *this;
    changed.changes = how;
    return changed;
  }
};

// The thing whose member a path of pointers to members begins with.
template <class Thing, class Member, class... Rest>
Thing owner_of(Member Thing::*, Rest...);
template <auto... path>
using Owner = decltype(owner_of(path...));

template <auto... path, class Thing>
constexpr auto& member(Thing& thing) {
  return (thing.*....*path);
}

// A text; not null.
template <auto... path>
constexpr auto text(std::string_view column) {
  using Thing = Owner<path...>;
  return Field<Thing>{
      {column, 't'},
      [](Binder& binder, const Thing& thing, std::int64_t) { binder.text(member<path...>(thing)); },
      [](const Row& row, std::size_t at, Thing& thing, SourceNames*) -> Status {
        member<path...>(thing) = row.text(at);
        return {};
      }};
}

// A text; null when it is empty.
template <auto... path>
constexpr auto text_or_null(std::string_view column) {
  auto field = text<path...>(column);
  using Thing = Owner<path...>;
  field.write = [](Binder& binder, const Thing& thing, std::int64_t) {
    binder.text_or_null(member<path...>(thing));
  };
  return field;
}

// How numbers, yes and no, enums and times are kept: as a number, null for nothing.
template <class Value>
std::optional<std::int64_t> to_number(const Value& value) {
  if constexpr (requires { value.has_value(); }) {
    return value ? to_number(*value) : std::nullopt;
  } else if constexpr (std::is_same_v<Value, Timestamp>) {
    return milliseconds(value);
  } else {
    return static_cast<std::int64_t>(value);
  }
}

template <class Value>
Value from_number(std::int64_t number) {
  if constexpr (std::is_same_v<Value, Timestamp>) {
    return timestamp(number);
  } else if constexpr (std::is_same_v<Value, bool>) {
    return number != 0;
  } else {
    return static_cast<Value>(number);
  }
}

// Anything that is kept as a number.
template <auto... path>
constexpr auto number(std::string_view column) {
  using Thing = Owner<path...>;
  return Field<Thing>{{column, 'n'},
                      [](Binder& binder, const Thing& thing, std::int64_t) {
                        binder.number_or_null(to_number(member<path...>(thing)));
                      },
                      [](const Row& row, std::size_t at, Thing& thing, SourceNames*) -> Status {
                        auto& value = member<path...>(thing);
                        using Value = std::remove_reference_t<decltype(value)>;
                        if constexpr (requires { value.has_value(); }) {
                          value.reset();
                          if (!row.is_null(at))
                            value = from_number<typename Value::value_type>(row.number(at));
                        } else {
                          value = from_number<Value>(row.number(at));
                        }
                        return {};
                      }};
}

// The version of a thing that is stored with every change: one more than the thing says.
template <auto... path>
constexpr auto next_version(std::string_view column) {
  using Thing = Owner<path...>;
  auto field = number<path...>(column);
  field.write = [](Binder& binder, const Thing& thing, std::int64_t) {
    binder.number(member<path...>(thing) + 1);
  };
  return field.changing();
}

// A value in the words of the codec: `pack` makes a text of it, `unpack` a Result of the text. Null
// when the text is empty.
template <auto pack, auto unpack, auto... path>
constexpr auto packed(std::string_view column) {
  using Thing = Owner<path...>;
  return Field<Thing>{{column, 't'},
                      [](Binder& binder, const Thing& thing, std::int64_t) {
                        binder.text_or_null(pack(member<path...>(thing)));
                      },
                      [](const Row& row, std::size_t at, Thing& thing, SourceNames*) -> Status {
                        MUSTER_TRY(member<path...>(thing), unpack(row.text(at)));
                        return {};
                      }};
}

// The same in a column that is never null.
template <auto pack, auto unpack, auto... path>
constexpr auto packed_not_null(std::string_view column) {
  using Thing = Owner<path...>;
  auto field = packed<pack, unpack, path...>(column);
  field.write = [](Binder& binder, const Thing& thing, std::int64_t) {
    binder.text(pack(member<path...>(thing)));
  };
  return field;
}

// The name of a source, kept as its number, which the writer brings.
template <auto... path>
constexpr auto source_name(std::string_view column) {
  using Thing = Owner<path...>;
  return Field<Thing>{
      {column, 'n'},
      [](Binder& binder, const Thing&, std::int64_t source) { binder.number(source); },
      [](const Row& row, std::size_t at, Thing& thing, SourceNames* names) -> Status {
        MUSTER_TRY(member<path...>(thing), names->catalog.name(names->session, row.number(at)));
        return {};
      }};
}

template <class Thing, std::size_t size>
constexpr std::array<Column, size> columns_of(const std::array<Field<Thing>, size>& fields) {
  std::array<Column, size> columns{};
  for (std::size_t i = 0; i < size; ++i) columns[i] = fields[i];
  return columns;
}

// Gives a statement all fields; `source` is the number of the thing's source, if it has one.
template <class Thing, std::size_t size>
void bind_fields(Binder& binder, const std::array<Field<Thing>, size>& fields, const Thing& thing,
                 std::int64_t source = 0) {
  for (const auto& field : fields) field.write(binder, thing, source);
}

// Those that change so.
template <class Thing, std::size_t size>
void bind_changes(Binder& binder, const std::array<Field<Thing>, size>& fields, Changes changes,
                  const Thing& thing) {
  for (const auto& field : fields) {
    if (field.changes == changes) field.write(binder, thing, 0);
  }
}

// Reads all fields from the columns that begin at `first`.
template <class Thing, std::size_t size>
Status read_fields(const Row& row, std::size_t first, const std::array<Field<Thing>, size>& fields,
                   Thing& thing, SourceNames* names = nullptr) {
  for (std::size_t i = 0; i < size; ++i) {
    MUSTER_CHECK(fields[i].read(row, first + i, thing, names));
  }
  return {};
}

}  // namespace muster::store
