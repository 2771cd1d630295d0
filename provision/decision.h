// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "core/identity.h"
#include "core/record.h"
#include "store/rows.h"

namespace muster::provision {

// What follows from a record, in one word. The same words stand in reports, audit rows and answers.
enum class Verb {
  create,      // a new person (or group)
  link,        // a first word of this source about a person who was there already
  update,      // what is known of a person or group changes
  unchanged,   // nothing to write
  deactivate,  // the person was active and is not any more
  reactivate,  // the other way round
  end,     // the source's word ends; the person lives on by other sources, or was inactive already
  review,  // kept, but a person has to decide whom the record belongs to
  quarantine,  // kept, but a rule forbids to apply it; what was there stays
  skip,        // out of the source's scope
  remove,      // kept long enough: an id and a user name are left
};

std::string_view name_of(Verb verb);

// What was decided about one record, and why.
struct Decision {
  Verb verb = Verb::unchanged;
  SourceKey key = {};
  std::string where = {};                 // for messages: "line 12", a DN
  std::string reason = {};                // a sentence an administrator understands
  std::string identity_id = {};           // empty when no person is concerned
  std::vector<std::string> changed = {};  // names of identity attributes whose value changed
  // What was found about the record; with a refusal, what refuses it is among them.
  std::vector<Finding> findings = {};
  // What was found about the person, with one decision of those that settled the person together.
  std::vector<Finding> person_findings = {};
};

// Findings that went away and came when somebody was settled or decided again who follows from a
// change (road/wave.h).
struct FindingChange {
  std::string source = {};      // name, or tag of who owns the person
  std::string record_key = {};  // empty: about a person
  std::string subject = {};     // id of the record or the identity
  std::vector<Finding> before = {};
  std::vector<Finding> now = {};
};

// A decision that was carried out (or, when held or postponed, was not), and what stands in the
// store now.
struct Outcome {
  Decision decision = {};
  // Not applied: the guard decides about it (SubmitContext::hold_deactivations).
  bool held = false;
  // Not applied: somebody stands in its way, as yet (SubmitContext::postpone_clashes).
  bool postponed = false;

  bool applied() const { return !held && !postponed; }

  // The record waits as it did before, for the same reason; nothing was written.
  bool repeated = false;
  store::RecordHead head = {};
  std::string state_reason = {};
  Identity identity = {};  // version 0 when there is none
};

}  // namespace muster::provision
