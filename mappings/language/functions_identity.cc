// SPDX-License-Identifier: Apache-2.0
#include <string>

#include "core/text.h"
#include "mappings/language/code.h"
#include "mappings/language/email.h"
#include "mappings/language/function.h"
#include "mappings/language/natives.h"
#include "mappings/language/unicode.h"

namespace muster::mappings {
namespace {

using Arguments = std::span<const Datum>;
using Tag = Datum::Tag;

std::string_view domain_of(std::string_view address) {
  return address.substr(address.rfind('@') + 1);
}

// The domain of an address or the domain itself; none + failed() for what is neither.
Datum any_domain(Context& context, const Datum& value) {
  if (value.tag == Tag::domain) return value;
  if (value.tag == Tag::email) return text_datum(domain_of(value.text()), Tag::domain);
  if (value.text().find('@') == std::string_view::npos) return to_domain(context, value.text());
  const auto email = to_email(context, value.text());
  return text_datum(domain_of(email.text()), Tag::domain);
}

Datum email(Context& context, Arguments a) {
  if (a[0].tag == Tag::email) return a[0];
  const auto text = a[0].text();
  return to_email(context, solid_ends(text) ? text : trim_blanks(text));
}

Datum domain(Context& context, Arguments a) { return any_domain(context, a[0]); }

Datum local_part(Context& context, Arguments a) {
  const auto address = a[0].tag == Tag::email ? a[0] : to_email(context, trim_blanks(a[0].text()));
  return text_datum(address.text().substr(0, address.text().rfind('@')));
}

Datum dn(Context& context, Arguments a) {
  return a[0].tag == Tag::dn ? a[0] : to_dn(context, a[0].text());
}
Datum under(Context&, Arguments a) { return truth_datum(a[0].dn_key().starts_with(a[1].dn_key())); }
Datum rdn(Context&, Arguments a) { return text_datum(a[0].dn_->first_value); }

// The DN without its first RDN, as written.
Datum parent(Context& context, Arguments a) {
  const auto written = a[0].text();
  for (std::size_t i = 0; i < written.size(); ++i) {
    if (written[i] == '\\') {
      ++i;
    } else if (written[i] == ',') {
      return to_dn(context, trim_blanks(written.substr(i + 1)));
    }
  }
  return {};
}

Datum ref(Context&, Arguments a) {
  return a[0].tag == Tag::dn ? a[0] : text_datum(a[0].text(), Tag::ref);
}

// Looks like a domain of the set without being it: said with both names.
Datum confusable(Context& context, Arguments a) {
  const auto own = any_domain(context, a[0]);
  if (own.is_none()) return truth_datum(false);
  const auto& set = std::get<DomainSet>(*context.site().set);
  const auto* known = set.contains(own.text()) ? nullptr : set.looks_like(own.text());
  if (known == nullptr) return truth_datum(false);
  context.fail_with("W-LOOK-ALIKE", "the mail domain " + domain_to_unicode(own.text()) + " (" +
                                        std::string(own.text()) + ") looks like " + *known +
                                        " and is another one");
  context.note();
  return truth_datum(true);
}

// The value of a table for a key.
Datum lookup(Context& context, Arguments a) {
  const auto& site = context.site();
  const bool fold = site.table->match() == Table::Match::fold;
  const auto key = fold ? folded(context, a[0].text()) : a[0].text();
  const auto* value = site.table->find_folded(key, site.column);
  if (value != nullptr) return text_datum(*value);
  if (site.table->missing() == Table::Missing::error)
    return context.fail("W-LOOKUP", "the table has no row for this key");
  return {};
}

constexpr Function functions[] = {
    {"email(x: email|text) -> email", email},
    {"domain(x: email|domain|text) -> domain", domain},
    {"local_part(x: email|text) -> text", local_part},
    {"domain_in(x: email|domain|text, set: DOMAINS) -> bool", natives::in_domains},
    {"confusable(x: domain|email|text, set: DOMAINS) -> bool", confusable},
    {"dn(x: dn|text) -> dn", dn},
    {"under(x: dn, base: dn) -> bool", under},
    {"under_any(x: dn, set: DNS) -> bool", natives::in_dns_below},
    {"rdn(x: dn) -> text?", rdn},
    {"parent(x: dn) -> dn?", parent},
    {"ref(x: dn|text) -> ref", ref},
    {"lookup(table: TABLE, key: text, column: COLUMN = '') -> text?", lookup},
};

}  // namespace

namespace natives {

// What is no domain is in no set (fail closed).
Datum in_domains(Context& context, std::span<const Datum> a) {
  const auto domain = any_domain(context, a[0]);
  if (context.failed()) {
    context.note();
    return truth_datum(false);
  }
  return truth_datum(std::get<DomainSet>(*context.site().set).contains(domain.text()));
}

Datum in_dns(Context& context, std::span<const Datum> a) {
  return truth_datum(std::get<DnSet>(*context.site().set).contains(a[0].dn_key()));
}

Datum in_dns_below(Context& context, std::span<const Datum> a) {
  return truth_datum(std::get<DnSet>(*context.site().set).covers(a[0].dn_key()));
}

Datum in_texts(Context& context, std::span<const Datum> a) {
  const auto& set = std::get<TextSet>(*context.site().set);
  const bool fold = set.match() == Table::Match::fold;
  return truth_datum(set.contains_folded(fold ? folded(context, a[0].text()) : a[0].text()));
}

}  // namespace natives

std::span<const Function> identity_functions() { return functions; }

}  // namespace muster::mappings
