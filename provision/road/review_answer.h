// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace muster::provision {

// What somebody decides about a record that waits in review.
struct ReviewAnswer {
  enum class Kind {
    link,    // the record is about `person`
    create,  // the record is about somebody new
    ignore,  // the record stays out until its data changes
    reopen,  // the decision is taken back: the record leaves its person and waits again
  };
  Kind kind = Kind::ignore;
  std::string review = {};  // its id
  std::string person = {};  // identity id; link
  std::string by = {};      // who decides
  std::string note = {};
};

}  // namespace muster::provision
