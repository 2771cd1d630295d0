// SPDX-License-Identifier: Apache-2.0
#include "core/text.h"

#include <gtest/gtest.h>
#include <unicode/utf8.h>

namespace muster {
namespace {

TEST(Text, Utf8IsCheckedToTheByte) {
  struct Case {
    const char* story;
    std::string text;
    std::size_t offset;
  };
  const Case refused[] = {
      {"lone continuation", "ab\x80", 2},
      {"Latin-1", "M\xFCller", 1},
      {"overlong slash", "a\xC0\xAF", 1},
      {"overlong in three bytes", "\xE0\x80\xAF", 0},
      {"overlong in four bytes", "x\xF0\x80\x80\x80", 1},
      {"surrogate", "é\xED\xA0\x80", 2},
      {"beyond Unicode", "\xF4\x90\x80\x80", 0},
      {"cut short", "é\xE2\x82", 2},
      {"five bytes", "\xF8\x88\x80\x80\x80", 0},
      {"far behind", std::string(1000, 'a').append("\xFF"), 1000},
  };
  for (const auto& c : refused) {
    SCOPED_TRACE(c.story);
    EXPECT_FALSE(is_utf8(c.text));
    EXPECT_EQ(first_invalid_utf8(c.text), c.offset);
  }
  for (const std::string text : {"", "abc", "é€😀", "\xED\x9F\xBF\xEE\x80\x80\xF4\x8F\xBF\xBF"}) {
    EXPECT_TRUE(is_utf8(text));
    EXPECT_EQ(first_invalid_utf8(text), std::nullopt);
  }
  EXPECT_TRUE(is_utf8(std::string(1, '\0')));
}

TEST(Text, AsciiIsToldFromTheRest) {
  EXPECT_TRUE(is_ascii(""));
  EXPECT_TRUE(is_ascii(std::string(100, 'a')));
  for (std::size_t at = 0; at < 20; ++at) {
    std::string text(20, 'a');
    text[at] = '\x80';
    EXPECT_FALSE(is_ascii(text)) << at;
  }
  EXPECT_EQ(ascii_lower("UserName Ä"), "username Ä");
  EXPECT_TRUE(ascii_equal_fold("userName", "USERNAME"));
  EXPECT_FALSE(ascii_equal_fold("userName", "userNam"));
  EXPECT_FALSE(ascii_equal_fold("@", "`"));
  EXPECT_FALSE(ascii_equal_fold("ä", "Ä"));
}

TEST(Text, NfcComposes) {
  EXPECT_EQ(nfc("e\u0301"), "é");
  EXPECT_EQ(nfc("é"), "é");
  EXPECT_EQ(nfc("plain"), "plain");
  EXPECT_EQ(nfc("\uFB01"), "\uFB01") << "compatibility forms stay";
  EXPECT_EQ(nfc("\u1100\u1161\u11A8"), "각");
}

TEST(Text, FoldKeyMakesEqualWhatPeopleTakeForEqual) {
  const std::pair<const char*, const char*> equal[] = {
      {"Mara@Example.COM", "mara@example.com"},
      {"STRASSE", "straße"},
      {"É", "e\u0301"},
      {"Ｍａｒａ", "mara"},
      {"ﬁn", "FIN"},
      {"ΣΊΣΥΦΟΣ", "σίσυφος"},
      {"\u212B", "å"},
      {"\u1E9E", "ss"},
      {"ⅷ", "VIII"},
  };
  for (const auto& [a, b] : equal) EXPECT_EQ(fold_key(a), fold_key(b)) << a;
  EXPECT_NE(fold_key("ı"), fold_key("i")) << "no Turkish folding";
  EXPECT_NE(fold_key("e"), fold_key("é"));
  EXPECT_EQ(fold_key(""), "");
}

// Keys are stored folded and folded again when they are looked up.
TEST(Text, FoldKeyOfAKeyIsTheKey) {
  for (UChar32 c = 0; c <= 0x1FFFF; ++c) {
    if (U_IS_SURROGATE(c)) continue;
    char bytes[U8_MAX_LENGTH];
    std::size_t length = 0;
    U8_APPEND_UNSAFE(bytes, length, c);
    const auto key = fold_key({bytes, length});
    ASSERT_EQ(fold_key(key), key) << std::hex << c;
  }
}

TEST(Text, BlanksAreUnicodeBlanks) {
  EXPECT_EQ(trim_blanks(" \t\r\n\u00A0\u2003\u3000a b\u2028\u0085 "), "a b");
  EXPECT_EQ(trim_blanks("a"), "a");
  EXPECT_EQ(trim_blanks(""), "");
  EXPECT_EQ(trim_blanks("\u200Ba\uFEFF"), "\u200Ba\uFEFF") << "zero width is no blank";
  EXPECT_EQ(trim_blanks(" \x80 "), "\x80") << "malformed bytes stay";
  EXPECT_TRUE(is_blank(" \u3000"));
  EXPECT_TRUE(is_blank(""));
  EXPECT_FALSE(is_blank(" . "));
}

TEST(Text, EditDistanceIsCutOff) {
  EXPECT_EQ(edit_distance("kitten", "sitting", 5), 3);
  EXPECT_EQ(edit_distance("kitten", "sitting", 3), 3);
  EXPECT_EQ(edit_distance("kitten", "sitting", 2), 3);
  EXPECT_EQ(edit_distance("", "abc", 5), 3);
  EXPECT_EQ(edit_distance("abc", "", 1), 2);
  EXPECT_EQ(edit_distance("same", "same", 0), 0);
  EXPECT_EQ(edit_distance("same", "some", 0), 1);
  EXPECT_EQ(edit_distance("mail", "mial", 2), 1) << "two letters that changed places are one slip";
  EXPECT_EQ(edit_distance("ab", "ba", 0), 1);
  EXPECT_EQ(edit_distance("clena", "clean", 1), 1);
}

TEST(Text, NearestIsWhatWasMeant) {
  const std::vector<std::string> names = {"country", "county", "email", "id"};
  EXPECT_EQ(nearest("contry", names), "country");
  EXPECT_EQ(nearest("county", names), "county");
  EXPECT_EQ(nearest("EMAIL", names), "email");
  EXPECT_EQ(nearest("emial", names), "email");
  EXPECT_EQ(nearest("department", names), "");
  EXPECT_EQ(nearest("x", names), "") << "a letter resembles nothing";
  EXPECT_EQ(nearest("ie", names), "id");
  EXPECT_EQ(nearest("uid", {"id", "dn"}), "id");
  EXPECT_EQ(nearest("iif", {"bit", "if"}), "if") << "three letters are one slip away, not two";
  EXPECT_EQ(nearest("clena", {"len", "clean"}), "clean");
  EXPECT_EQ(nearest("", names), "");
  EXPECT_EQ(nearest("word", {}), "");
}

}  // namespace
}  // namespace muster
