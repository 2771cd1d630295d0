// SPDX-License-Identifier: Apache-2.0
#include "connectors/ldap/entry_reader.h"

#include <ldap.h>

namespace muster::connectors::ldap {

EntryReader::EntryReader(::ldap* handle, ::ldapmsg* message) : handle_(handle), message_(message) {
  berval dn{};
  malformed_ = ldap_get_dn_ber(handle_, message_, &cursor_, &dn) != LDAP_SUCCESS;
  if (!malformed_ && dn.bv_val != nullptr) dn_ = {dn.bv_val, dn.bv_len};
}

EntryReader::~EntryReader() {
  if (cursor_ != nullptr) ber_free(cursor_, 0);
}

bool EntryReader::next(EntryAttribute& attribute) {
  if (malformed_) return false;
  berval name{};
  BerVarray values = nullptr;
  if (ldap_get_attribute_ber(handle_, message_, cursor_, &name, &values) != LDAP_SUCCESS) {
    malformed_ = true;
    return false;
  }
  if (name.bv_val == nullptr) return false;
  attribute.description = {name.bv_val, name.bv_len};
  attribute.values.clear();
  for (const berval* value = values; value != nullptr && value->bv_val != nullptr; ++value) {
    attribute.values.emplace_back(value->bv_val, value->bv_len);
  }
  ber_memfree(values);  // the array only: the bytes belong to the message
  return true;
}

}  // namespace muster::connectors::ldap
