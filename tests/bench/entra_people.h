// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace muster::bench {

// Person number `i` as Entra pushes people: about what entra.yaml reads. JSON. `roomy`: written
// with line breaks, with a fax and without a manager.
inline std::string entra_person(int i, bool roomy) {
  static constexpr const char* given[] = {"Anna",   "José ",        "Zoë",
                                          "Jürgen", "Maria  Luisa", "Piotr"};
  static constexpr const char* family[] = {"Müller", "García Márquez", "Smith", "O'Neill", "Groß"};
  static constexpr const char* towns[] = {"Berlin", "PARIS", "Madrid", "Oslo"};
  const auto n = std::to_string(i);
  const auto first = std::string(given[i % 6]);
  const auto last = std::string(family[i % 5]);
  const std::string gap = roomy ? "\n                        " : "";
  const auto begun = R"({"externalId":"7e1f)" + n + R"(","userName":"u)" + n +
                     R"(@acme.example","active":true,"displayName":")" +
                     (i % 3 == 0 ? "" : first + " " + last) + R"(","name":{"givenName":")" + first +
                     R"(","familyName":")" + last + R"("},)";
  const auto middle =
      R"("emails":[{"type":"work","value":"U)" + n +
      R"(@ACME.example"}],"title":"Engineer R&D; EMEA","preferredLanguage":"de-DE",)" +
      R"("addresses":[{)" + gap + R"("type":"work",)" + gap + R"("country":"de",)" + gap +
      R"("locality":")" + towns[i % 4] + R"("}],"phoneNumbers":[)" +
      R"({"type":"work","value":"+49 30 )" + n + R"("})";
  const auto fax = R"(,{"type":"fax","value":"+49 30 1"})";
  const auto company =
      R"(],"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User":{"employeeNumber":")" + n +
      R"(","department":"Research","costCenter":"C)" + std::to_string(i % 90) + "\"";
  return begun + middle + (roomy ? fax : "") + company +
         (roomy ? std::string()
                : R"(,"manager":{"value":"7e1f)" + std::to_string(i % 100) + R"("})") +
         "}}";
}

}  // namespace muster::bench
