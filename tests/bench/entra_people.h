// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace muster::bench {

// Person number `i` as Entra pushes people: about what entra.yaml reads. JSON.
inline std::string entra_person(int i) {
  static constexpr const char* given[] = {"Anna",   "José ",        "Zoë",
                                          "Jürgen", "Maria  Luisa", "Piotr"};
  static constexpr const char* family[] = {"Müller", "García Márquez", "Smith", "O'Neill", "Groß"};
  static constexpr const char* towns[] = {"Berlin", "PARIS", "Madrid", "Oslo"};
  const auto n = std::to_string(i);
  const auto first = std::string(given[i % 6]);
  const auto last = std::string(family[i % 5]);
  return R"({"externalId":"7e1f)" + n + R"(","userName":"u)" + n +
         R"(@acme.example","active":true,"displayName":")" +
         (i % 3 == 0 ? "" : first + " " + last) + R"(","name":{"givenName":")" + first +
         R"(","familyName":")" + last + R"("},"emails":[{"type":"work","value":"U)" + n +
         R"(@ACME.example","primary":true}],"title":"Engineer R&D; EMEA","preferredLanguage":"de-DE","addresses":[{
    "type" : "work",
             "country" : "de",
                         "locality"
        : ")" +
         towns[i % 4] + R"("}],"phoneNumbers":[{"type":"work","value":"+49 30 )" + n +
         R"("},{"type":"fax","value":"+49 30 1"}],"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User":{"employeeNumber":")" +
         n + R"(","department":"Research","costCenter":"C)" + std::to_string(i % 90) + R"("}})";
}

}  // namespace muster::bench
