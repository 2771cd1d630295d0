// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <type_traits>

namespace muster::store {

template <class Signature>
class Callback;

// A function that is called only while the one it is given to runs: it is neither copied nor kept.
// Where a Status is wanted, one that returns nothing is taken for one that cannot fail.
template <class Return, class... In>
class Callback<Return(In...)> {
 public:
  Callback() = default;  // none

  template <class Function>
  requires(!std::is_same_v<std::remove_cvref_t<Function>, Callback> &&
           std::is_invocable_v<Function&, In...>) Callback(Function&& function)
      : function_(const_cast<void*>(static_cast<const void*>(std::addressof(function)))),
        call_([](void* kept, In... in) -> Return {
          auto& callee = *static_cast<std::remove_reference_t<Function>*>(kept);
          using Returned = std::invoke_result_t<Function&, In...>;
          if constexpr (std::is_void_v<Returned> && !std::is_void_v<Return>) {
            callee(in...);
            return Return{};
          } else {
            return callee(in...);
          }
        }) {}

  explicit operator bool() const { return call_ != nullptr; }
  Return operator()(In... in) const { return call_(function_, in...); }

 private:
  void* function_ = nullptr;
  Return (*call_)(void*, In...) = nullptr;
};

}  // namespace muster::store
