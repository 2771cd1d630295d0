// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "core/result.h"
#include "core/value.h"

namespace muster::scim {

// Walks over the text of a filter or a path. `text` must outlive it. Errors carry the code given at
// construction and `where` = "column N", counted in characters from 1.
class Scanner {
 public:
  Scanner(std::string_view text, std::string_view code) : text_(text), code_(code) {}

  bool ended() const { return at_ >= text_.size(); }
  std::size_t position() const { return at_; }
  void skip_blanks();
  bool at(char c) const { return !ended() && text_[at_] == c; }
  bool is_digit() const { return !ended() && text_[at_] >= '0' && text_[at_] <= '9'; }
  bool take(char c);
  void move_to(std::size_t position) { at_ = position; }
  // The next word is this one, in any case: taken.
  bool take_word(std::string_view word);
  // Letters, digits and _ $ - : . as attribute paths are made of; may be empty.
  std::string_view word();
  // A JSON text in quotes, number, true, false or null (RFC 7644, figure 1: compValue).
  Result<Value> literal();

  tl::unexpected<Error> refuse(std::string detail) const {
    return refuse_at(at_, std::move(detail));
  }
  tl::unexpected<Error> refuse_at(std::size_t position, std::string detail) const;
  // "'x' is found" or "the text ends", for messages.
  std::string found() const;

 private:
  Result<Value> quoted();
  Result<Value> number_or_name();

  std::string_view text_;
  std::string_view code_;
  std::size_t at_ = 0;
};

}  // namespace muster::scim
