// SPDX-License-Identifier: Apache-2.0
#include "provision/road/refusal.h"

#include <algorithm>
#include <span>

namespace muster::provision {
namespace {

// "ann.lee (idp record e1)"; of somebody who left, why the address is still theirs.
Result<std::string> title_of(People& people, const std::string& identity_id) {
  MUSTER_CHECK(people.load(std::span(&identity_id, 1)));
  const auto* person = people.find(identity_id);
  if (person == nullptr) return "person " + identity_id;
  const auto records = records_of(*person);
  return person->now.user_name + (records.empty()
                                      ? " (who left and keeps it for now: schema.release.email)"
                                      : " (" + records + ")");
}

}  // namespace

std::string records_of(const Person& person, std::string_view source) {
  std::string text;
  for (const auto& row : person.told) {
    if (!source.empty() && row.head.key.source != source) continue;
    text += (text.empty() ? "" : ", ") + row.head.key.source + " record " + row.head.key.key;
  }
  return text;
}

void tell_refusal(std::vector<Finding>& findings, const Identity& refused, const Identity& stands) {
  for (const auto& finding : refused.findings) {
    const auto same = [&](const Finding& one) { return same_facts(one, finding); };
    if (std::none_of(stands.findings.begin(), stands.findings.end(), same))
      findings.push_back(finding);
  }
}

Result<std::optional<Refusal>> refusal_of(People& people, const Person& person,
                                          const mappings::Settled& settled) {
  if (settled.quarantined) return std::optional(Refusal{"invalid", settled.reason, {}});
  if (settled.identity.email == person.now.email) return std::optional<Refusal>();
  MUSTER_TRY(auto holder, people.other_holder_of_mail(settled.identity.email, person.now.id));
  if (holder.empty()) return std::optional<Refusal>();
  MUSTER_TRY(const auto title, title_of(people, holder));
  return std::optional(Refusal{
      "mail", "the mail address belongs to " + title + "; what was known before stays", holder});
}

}  // namespace muster::provision
