// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <type_traits>
#include <utility>

namespace muster::store {

// Stands for a value of any member.
template <class Owner>
struct AnyMember {
  template <class Member>
  requires(!std::is_same_v<Member, Owner>) operator Member() const;
};

template <class Owner, std::size_t... member>
constexpr bool takes_members(std::index_sequence<member...>) {
  return requires { Owner{(static_cast<void>(member), AnyMember<Owner>{})...}; };
}

// How many members an aggregate has: what lists all of them says so with a static_assert, so that a
// new member is not forgotten there.
template <class Owner, std::size_t known = 0>
constexpr std::size_t member_count() {
  if constexpr (takes_members<Owner>(std::make_index_sequence<known + 1>())) {
    return member_count<Owner, known + 1>();
  } else {
    return known;
  }
}

}  // namespace muster::store
