// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace muster::scim {

// What real clients send beside the letter of RFC 7643 and RFC 7644, one switch each. The set that
// a default-made value holds serves every known client and breaks no SHALL; a switch turned off
// gives the strict reading.
struct ClientQuirks {
  // Entra, OneLogin and others leave `schemas` out or forget the extension's URN in it.
  bool accept_missing_schemas = true;
  // Entra, OneLogin: booleans as "True", "false"; also in filters: roles[primary eq "True"].
  bool text_booleans = true;
  // PingFederate marks two mails primary: the first one stays primary, instead of invalidValue.
  bool first_primary_stays = true;
  // [{"value":"id"}] or ["x"] for a single value, an object or a text for a list (Entra's manager,
  // OneLogin's emails).
  bool unwrap_values = true;
  // Entra names `manager` without its URN.
  bool bare_extension_names = true;
  // Entra replaces `emails[type eq "work"].value` where there is no such mail yet: made from the
  // filter, instead of noTarget.
  bool make_missing_elements = true;
  // Entra and JumpCloud remove by `"path":"members","value":[...]`: only these go, instead of all.
  bool remove_listed_values = true;
  // Keycloak clients rename a group by a PUT without members: they stay (RFC 7644, 3.5.1: the
  // service MAY clear what is left out; an emptied group is the greater harm). [] or null clears.
  bool put_without_members_keeps_them = true;
  // Entra prefers 204 for a group PATCH, and members need not be read back. Asking for `attributes`
  // gives 200 and a body as RFC 7644, 3.5.2 demands.
  bool group_patch_without_body = true;
};

}  // namespace muster::scim
