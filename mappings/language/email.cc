// SPDX-License-Identifier: Apache-2.0
#include "mappings/language/email.h"

#include <unicode/idna.h>
#include <unicode/normalizer2.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>
#include <unicode/uspoof.h>
#include <unicode/utf8.h>

#include <memory>

#include "core/text.h"

namespace muster::mappings {
namespace {

constexpr std::size_t longest_domain = 253;
constexpr std::size_t longest_label = 63;
constexpr std::size_t longest_local = 64;  // RFC 5321 4.5.3.1.1

const icu::IDNA* idna() {
  static const std::unique_ptr<const icu::IDNA> instance = [] {
    UErrorCode failure = U_ZERO_ERROR;
    return std::unique_ptr<const icu::IDNA>(
        icu::IDNA::createUTS46Instance(UIDNA_USE_STD3_RULES | UIDNA_CHECK_BIDI |
                                           UIDNA_CHECK_CONTEXTJ | UIDNA_NONTRANSITIONAL_TO_ASCII,
                                       failure));
  }();
  return instance.get();
}

tl::unexpected<Error> no_domain(const char* why) {
  return fail(Fault::invalid, std::string("this is no mail domain: ") + why, {}, "W-DOMAIN");
}

tl::unexpected<Error> no_email(const char* why) {
  return fail(Fault::invalid, std::string("this is no e-mail address: ") + why, {}, "W-EMAIL");
}

bool letter_or_digit(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

// RFC 1123 2.1 host names: the fast way for nearly everybody.
Result<std::string> ascii_domain(std::string_view text) {
  std::size_t label = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '.') {
      if (label == 0) return no_domain("it has an empty label");
      if (text[i - 1] == '-') return no_domain("a label ends with '-'");
      label = 0;
      continue;
    }
    if (!letter_or_digit(c) && c != '-')
      return no_domain("it has a character that domains cannot have");
    if (c == '-' && label == 0) return no_domain("a label begins with '-'");
    if (++label > longest_label) return no_domain("a label is longer than 63 characters");
  }
  if (label == 0) return no_domain("it has an empty label");
  if (text.back() == '-') return no_domain("a label ends with '-'");
  return ascii_lower(text);
}

// Whether there is a character that is not seen, or that changes how others are seen.
bool hides(std::string_view text) {
  if (is_ascii(text)) return false;
  const auto* bytes = reinterpret_cast<const std::uint8_t*>(text.data());
  const auto size = static_cast<std::int32_t>(text.size());
  for (std::int32_t i = 0; i < size;) {
    UChar32 c = 0;
    U8_NEXT(bytes, i, size, c);
    if (u_hasBinaryProperty(c, UCHAR_DEFAULT_IGNORABLE_CODE_POINT) || u_iscntrl(c) ||
        u_isUWhiteSpace(c))
      return true;
  }
  return false;
}

// RFC 5321 4.1.2 Dot-string, RFC 6531 3.3 with UTF-8.
Status check_local(std::string_view local) {
  if (local.empty()) return no_email("nothing stands before the '@'");
  if (local.size() > longest_local)
    return no_email("the part before the '@' is longer than 64 bytes");
  if (local.front() == '.' || local.back() == '.' || local.find("..") != std::string_view::npos) {
    return no_email("a dot stands at an end or next to another before the '@'");
  }
  for (const char c : local) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte >= 0x80 || letter_or_digit(c)) continue;
    if (std::string_view("!#$%&'*+-/=?^_`{|}~.").find(c) == std::string_view::npos) {
      return no_email(
          "it has a character before the '@' that addresses cannot have without quotes");
    }
  }
  if (!is_utf8(local)) return no_email("it is not UTF-8");
  if (hides(local))
    return no_email(
        "it has an invisible character before the '@', which makes it look like another");
  return {};
}

// True for a character outside ASCII that UTS 46 turns into ASCII only or into nothing: in a name
// it can only serve to make it look different from, or equal to, another one.
bool odd(std::string_view text) {
  UErrorCode failure = U_ZERO_ERROR;
  const auto* mapping = icu::Normalizer2::getInstance(nullptr, "uts46", UNORM2_COMPOSE, failure);
  if (U_FAILURE(failure)) return true;
  const auto* bytes = reinterpret_cast<const std::uint8_t*>(text.data());
  const auto size = static_cast<std::int32_t>(text.size());
  for (std::int32_t i = 0; i < size;) {
    UChar32 c = 0;
    U8_NEXT(bytes, i, size, c);
    if (c < 0x80) continue;
    const auto mapped = mapping->normalize(icu::UnicodeString(c), failure);
    bool ascii = true;
    for (std::int32_t k = 0; k < mapped.length(); ++k) ascii = ascii && mapped[k] < 0x80;
    if (U_FAILURE(failure) || ascii) return true;
  }
  return false;
}

}  // namespace

Result<std::string> domain_to_ascii(std::string_view text) {
  if (text.ends_with('.')) text.remove_suffix(1);
  if (text.empty()) return no_domain("it is empty");
  if (text.ends_with('.')) return no_domain("it ends with more than one dot");
  if (is_ascii(text) && text.size() <= longest_domain) {
    MUSTER_TRY(auto lower, ascii_domain(text));
    if (lower.find("xn--") == std::string::npos) return lower;
    text = lower;  // an A-label must be a valid one
    UErrorCode failure = U_ZERO_ERROR;
    icu::IDNAInfo info;
    std::string checked;
    icu::StringByteSink<std::string> sink(&checked);
    idna()->nameToASCII_UTF8(lower, sink, info, failure);
    if (U_FAILURE(failure) || info.hasErrors() || checked != lower) {
      return no_domain("one of its xn-- labels is not valid");
    }
    return lower;
  }
  if (!is_utf8(text)) return no_domain("it is not UTF-8");
  if (odd(text)) {
    return fail(
        Fault::invalid,
        "the mail domain has characters that pass for others (full-width or invisible ones)", {},
        "W-ODD-DOMAIN");
  }
  UErrorCode failure = U_ZERO_ERROR;
  icu::IDNAInfo info;
  std::string ascii;
  icu::StringByteSink<std::string> sink(&ascii);
  idna()->nameToASCII_UTF8(icu::StringPiece(text.data(), static_cast<std::int32_t>(text.size())),
                           sink, info, failure);
  if (U_FAILURE(failure) || info.hasErrors()) return no_domain("it is not valid by UTS 46");
  if (ascii.size() > longest_domain) return no_domain("it is longer than 253 characters");
  return ascii;
}

Result<Email> parse_email(std::string_view text) {
  text = trim_blanks(text);
  const auto at = text.rfind('@');
  if (at == std::string_view::npos) return no_email("it has no '@'");
  const auto written = text.substr(0, at);
  MUSTER_CHECK(check_local(written));
  auto local = fold_key(written);
  // Folding may lengthen it or turn letters into signs ("\u2025" into "..").
  if (!is_ascii(written)) MUSTER_CHECK(check_local(local));
  auto domain = domain_to_ascii(text.substr(at + 1));
  if (!domain) {
    if (domain.error().code == "W-ODD-DOMAIN") return fail(std::move(domain).error());
    return fail(Fault::invalid, "this is no e-mail address: " + domain.error().detail, {},
                "W-EMAIL");
  }
  return Email{std::move(local), *std::move(domain)};
}

std::string domain_to_unicode(std::string_view ascii) {
  if (ascii.find("xn--") == std::string_view::npos) return std::string(ascii);
  UErrorCode failure = U_ZERO_ERROR;
  icu::IDNAInfo info;
  std::string unicode;
  icu::StringByteSink<std::string> sink(&unicode);
  idna()->nameToUnicodeUTF8(icu::StringPiece(ascii.data(), static_cast<std::int32_t>(ascii.size())),
                            sink, info, failure);
  return U_FAILURE(failure) ? std::string(ascii) : unicode;
}

std::string look_of_domain(std::string_view ascii) {
  UErrorCode failure = U_ZERO_ERROR;
  static USpoofChecker* const checker = uspoof_open(&failure);
  if (checker == nullptr) return std::string(ascii);
  failure = U_ZERO_ERROR;
  const auto shown = domain_to_unicode(ascii);
  std::string look(shown.size() * 4 + 16, '\0');
  const auto size =
      uspoof_getSkeletonUTF8(checker, 0, shown.data(), static_cast<std::int32_t>(shown.size()),
                             look.data(), static_cast<std::int32_t>(look.size()), &failure);
  if (U_FAILURE(failure)) return std::string(ascii);
  look.resize(static_cast<std::size_t>(size));
  return look;
}

bool domain_matches(std::string_view domain, std::string_view parent, bool subdomains) {
  if (domain == parent) return true;
  return subdomains && domain.size() > parent.size() && domain.ends_with(parent) &&
         domain[domain.size() - parent.size() - 1] == '.';
}

}  // namespace muster::mappings
