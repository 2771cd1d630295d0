// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"
#include "mappings/engine.h"
#include "provision/road/people.h"

namespace muster::provision {

// Why what the engine made of a person is not taken; the person then stays as it was.
struct Refusal {
  std::string code = {};    // "invalid": a rule refuses it; "mail": somebody else has the address
  std::string reason = {};  // a sentence an administrator understands
  std::string holder = {};  // "mail": identity id of the one who has the address
};

// The one judgement of a settled state, whatever settled it: what a rule refuses, and a mail
// address that another person has, for addresses are unique among people. `person` is as it was
// before. Loads the holder of the address into `people`.
Result<std::optional<Refusal>> refusal_of(People& people, const Person& person,
                                          const mappings::Settled& settled);

// Adds what a refused state was found to have, as far as it is not found about the person as it
// stands: then it is about the records, which wait.
void tell_refusal(std::vector<Finding>& findings, const Identity& refused, const Identity& stands);

// "dir record u1, hr record 7": the live records of a person; `source`: of that one alone, unless
// empty.
std::string records_of(const Person& person, std::string_view source = {});

}  // namespace muster::provision
