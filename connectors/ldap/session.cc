// SPDX-License-Identifier: Apache-2.0
#include "connectors/ldap/session.h"

#include <ldap.h>

#include "connectors/ldap/result_code.h"
#include "core/text.h"

namespace muster::connectors::ldap {
namespace {

struct FreeControl {
  void operator()(LDAPControl* control) const { ldap_control_free(control); }
};
struct FreeControls {
  void operator()(LDAPControl** controls) const { ldap_controls_free(controls); }
};
using Controls = std::unique_ptr<LDAPControl*, FreeControls>;

std::string doing(const Search& search) { return "The search below '" + search.base + "'"; }

// libldap takes the names as a null-terminated array of char*; it does not change them.
std::vector<char*> attribute_array(const std::vector<std::string>& names) {
  std::vector<char*> array;
  array.reserve(names.size() + 1);
  for (const std::string& name : names) array.push_back(const_cast<char*>(name.c_str()));
  array.push_back(nullptr);
  return array;
}

bool names(const EntryAttribute& attribute, std::string_view wanted) {
  return ascii_equal_fold(attribute.description, wanted);
}

void collect(const EntryAttribute& attribute, RootDse& root) {
  const std::vector<std::string> values(attribute.values.begin(), attribute.values.end());
  if (names(attribute, "objectClass")) root.object_classes = values;
  if (names(attribute, "supportedControl")) root.controls = values;
  if (names(attribute, "supportedCapabilities")) root.capabilities = values;
  if (names(attribute, "subschemaSubentry") && !values.empty()) root.schema = values.front();
  if (names(attribute, "vendorName") && !values.empty()) root.vendor_name = values.front();
  if (names(attribute, "vendorVersion") && !values.empty()) root.vendor_version = values.front();
}

void collect_references(::ldap* handle, ::ldapmsg* message, std::vector<std::string>& references) {
  char** uris = nullptr;
  if (ldap_parse_reference(handle, message, &uris, nullptr, 0) != LDAP_SUCCESS || uris == nullptr) {
    references.emplace_back("(unreadable)");
    return;
  }
  if (uris[0] != nullptr) references.emplace_back(uris[0]);
  ber_memvfree(reinterpret_cast<void**>(uris));
}

}  // namespace

Session::Session(const LdapOptions& options, std::string uri, Connection connection,
                 Patience patience)
    : options_(options),
      uri_(std::move(uri)),
      connection_(std::move(connection)),
      patience_(std::move(patience)) {}

Session::~Session() = default;

Result<std::unique_ptr<Session>> Session::open(const LdapOptions& options, Patience patience) {
  std::string failures;
  for (const std::string& uri : options.uris) {
    auto connection = sign_in(options, uri, patience);
    Status status = connection ? Status{} : Status{fail(connection.error())};
    if (connection) {
      std::unique_ptr<Session> session(new Session(options, uri, *std::move(connection), patience));
      status = session->probe();
      if (status) return session;
    }
    Error& error = status.error();
    MUSTER_CHECK(patience.check());
    if (error.fault != Fault::unavailable) {
      error.detail = uri + ": " + error.detail;
      return fail(std::move(error));
    }
    if (!failures.empty()) failures += ' ';
    failures.append(uri).append(": ").append(error.detail);
  }
  const std::string_view head = options.uris.size() == 1
                                    ? "The directory server could not be used. "
                                    : "None of the directory servers could be used. ";
  return fail(Fault::unavailable, std::string(head) + failures);
}

Status Session::probe() {
  RootDse root;
  const Search search{.depth = Depth::base, .attributes = root_dse_attributes()};
  const auto page_of_root = page(search, {}, [&](EntryReader& entry) -> Status {
    EntryAttribute attribute;
    while (entry.next(attribute)) collect(attribute, root);
    return {};
  });
  // A rootDSE that may not be read tells nothing; a server that does not answer is not used.
  if (!page_of_root && broken_) return fail(page_of_root.error());
  server_ = profile_of(root);
  return {};
}

Error Session::lost() const {
  return {.fault = Fault::unavailable,
          .detail = "The connection to " + uri_ + " was lost.",
          .code = std::to_string(LDAP_SERVER_DOWN)};
}

Result<int> Session::send(const Search& search, const std::string& cookie) {
  // libldap would silently connect again, unauthenticated, and the cookie would mean nothing there.
  int descriptor = -1;
  ldap_get_option(handle(), LDAP_OPT_DESC, &descriptor);
  if (broken_ || descriptor < 0) return fail(lost());

  std::unique_ptr<LDAPControl, FreeControl> paging;
  if (search.page_size > 0) {
    berval token{.bv_len = cookie.size(), .bv_val = const_cast<char*>(cookie.data())};
    LDAPControl* raw = nullptr;
    const int critical = 1;  // a server that ignored it would answer with less than everything
    if (const int code =
            ldap_create_page_control(handle(), search.page_size, &token, critical, &raw);
        code != LDAP_SUCCESS) {
      return fail(wire_error(handle(), code, doing(search)));
    }
    paging.reset(raw);
  }
  LDAPControl* controls[] = {paging.get(), nullptr};
  std::vector<char*> attributes = attribute_array(search.attributes);
  const int scope = search.depth == Depth::base ? LDAP_SCOPE_BASE : LDAP_SCOPE_SUBTREE;
  int id = 0;
  const int code =
      ldap_search_ext(handle(), search.base.c_str(), scope, search.filter.c_str(),
                      attributes.data(), 0, controls, nullptr, nullptr, LDAP_NO_LIMIT, &id);
  if (code == LDAP_SUCCESS) return id;
  broken_ = code != LDAP_FILTER_ERROR;
  Error error = wire_error(handle(), code, doing(search));
  error.where = code == LDAP_FILTER_ERROR ? search.filter : search.base;
  return fail(std::move(error));
}

Status Session::deliver(::ldapmsg* message, const OnEntry& on_entry) {
  EntryReader entry(handle(), message);
  Status status = on_entry(entry);
  if (status && entry.malformed()) {
    status =
        fail(Fault::unavailable, "The server sent an entry that is not LDAP; look into its log.",
             std::string(entry.dn()));
  }
  if (!status)
    // The rest of the answer is still on its way: this connection is of no more use.
    broken_ = true;
  return status;
}

Result<Page> Session::finish(::ldapmsg* message, const Search& search, Page page) {
  int code = 0;
  char* text = nullptr;
  LDAPControl** raw = nullptr;
  const int parsed = ldap_parse_result(handle(), message, &code, nullptr, &text, nullptr, &raw, 0);
  const Controls controls(raw);
  ldap_memfree(text);
  if (parsed != LDAP_SUCCESS || code != LDAP_SUCCESS) {
    Error error = wire_error(handle(), parsed != LDAP_SUCCESS ? parsed : code, doing(search));
    error.where = search.base;
    return fail(std::move(error));
  }
  if (search.page_size == 0) return page;
  LDAPControl* control = ldap_control_find(LDAP_CONTROL_PAGEDRESULTS, raw, nullptr);
  ber_int_t estimate = 0;
  berval cookie{};
  if (control == nullptr ||
      ldap_parse_pageresponse_control(handle(), control, &estimate, &cookie) != LDAP_SUCCESS) {
    return fail(
        Fault::unavailable,
        doing(search) +
            " ended a page without saying whether more follow (RFC 2696); entries may be missing.");
  }
  page.cookie.assign(cookie.bv_val != nullptr ? cookie.bv_val : "", cookie.bv_len);
  ber_memfree(cookie.bv_val);
  return page;
}

Result<Page> Session::page(const Search& search, const std::string& cookie,
                           const OnEntry& on_entry) {
  MUSTER_TRY(const int id, send(search, cookie));
  const std::string what = doing(search);
  Page page;
  for (;;) {
    auto message = next_message(handle(), id, options_.timeouts.operation, patience_, what);
    if (!message) {
      broken_ = true;
      return fail(std::move(message).error());
    }
    switch (ldap_msgtype(message->get())) {
      case LDAP_RES_SEARCH_ENTRY:
        MUSTER_CHECK(deliver(message->get(), on_entry));
        break;
      case LDAP_RES_SEARCH_REFERENCE:
        collect_references(handle(), message->get(), page.references);
        break;
      case LDAP_RES_SEARCH_RESULT:
        return finish(message->get(), search, std::move(page));
      default:
        break;  // intermediate responses mean nothing in a plain search
    }
  }
}

}  // namespace muster::connectors::ldap
