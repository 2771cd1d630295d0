// SPDX-License-Identifier: Apache-2.0
#include "core/encoding.h"

#include <gtest/gtest.h>

#include "core/random.h"

namespace muster {
namespace {

using namespace std::string_view_literals;

std::string base64_of(std::string_view bytes) {
  std::string out(base64_size(bytes.size()), '\0');
  EXPECT_EQ(write_base64(bytes, out.data()), out.data() + out.size());
  return out;
}

TEST(Encoding, HexHasTwoLowerCaseDigitsForAByte) {
  EXPECT_EQ(hex_of(""), "");
  EXPECT_EQ(hex_of("\x00\x0F\xF0\xFF"sv), "000ff0ff");
}

TEST(Encoding, AUuidHasItsDashes) {
  std::string out(36, ' ');
  EXPECT_EQ(
      write_uuid("\x01\x23\x45\x67\x89\xAB\xCD\xEF\xFE\xDC\xBA\x98\x76\x54\x32\x10"sv, out.data()),
      out.data() + 36);
  EXPECT_EQ(out, "01234567-89ab-cdef-fedc-ba9876543210");
}

TEST(Encoding, HexDigitsHaveValues) {
  EXPECT_EQ(hex_value('0'), 0);
  EXPECT_EQ(hex_value('9'), 9);
  EXPECT_EQ(hex_value('a'), 10);
  EXPECT_EQ(hex_value('F'), 15);
  for (const char c : "/:@G`g"sv) EXPECT_EQ(hex_value(c), -1) << c;
}

// RFC 4648 section 10.
TEST(Encoding, Base64IsThatOfTheRfc) {
  EXPECT_EQ(base64_of(""), "");
  EXPECT_EQ(base64_of("f"), "Zg==");
  EXPECT_EQ(base64_of("fo"), "Zm8=");
  EXPECT_EQ(base64_of("foo"), "Zm9v");
  EXPECT_EQ(base64_of("foobar"), "Zm9vYmFy");
  std::string long_one;
  for (int i = 0; i < 3000; ++i) long_one += "foo";
  EXPECT_EQ(base64_of(long_one).substr(4096, 8), "Zm9vZm9v") << "blocks join without a seam";
}

TEST(Encoding, Base64ForUrlsHasItsOwnLettersAndNoPadding) {
  EXPECT_EQ(base64url_of("\xFB\xFF\xFE"sv), "-__-");
  EXPECT_EQ(base64url_of("f"), "Zg");
  EXPECT_EQ(base64url_of(std::string(32, '\0')).size(), 43u);
}

TEST(Encoding, TheCheckSumIsThatOfZlib) {
  EXPECT_EQ(crc32_of(""), 0u);
  EXPECT_EQ(crc32_of("123456789"), 0xCBF43926u);
}

TEST(Random, BytesAreAsManyAsWantedAndNeverTheSame) {
  EXPECT_EQ(random_bytes(0)->size(), 0u);
  EXPECT_EQ(random_bytes(33)->size(), 33u);
  EXPECT_NE(*random_bytes(16), *random_bytes(16));
}

}  // namespace
}  // namespace muster
