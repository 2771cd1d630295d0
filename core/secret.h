// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <utility>

namespace muster {

// A password, token or key. It cannot be printed or compared by accident, and its memory is wiped
// when it goes.
class Secret {
 public:
  Secret() = default;
  explicit Secret(std::string text) : text_(std::move(text)) {}
  Secret(const Secret&) = default;
  Secret& operator=(const Secret& other) { return *this = Secret(other); }
  Secret(Secret&& other) noexcept : text_(std::move(other.text_)) { other.wipe(); }
  Secret& operator=(Secret&& other) noexcept {
    wipe();
    text_ = std::move(other.text_);
    other.wipe();
    return *this;
  }
  ~Secret() { wipe(); }

  bool empty() const { return text_.empty(); }
  const std::string& reveal() const { return text_; }

 private:
  void wipe();
  std::string text_;
};

}  // namespace muster
