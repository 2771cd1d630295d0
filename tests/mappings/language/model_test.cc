// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>
#include <unicode/bytestream.h>
#include <unicode/casemap.h>
#include <unicode/locid.h>
#include <unicode/normalizer2.h>

#include <cstdio>
#include <map>
#include <random>

#include "core/text.h"
#include "language_world.h"
#include "mappings/language/unicode.h"

namespace muster::mappings {
namespace {

// The output of the model in Python: one case a line.
std::vector<Value> modelled(int seed, int rounds) {
  const auto command = "python3 " MUSTER_SOURCE_DIR "/tests/mappings/language/model.py " +
                       std::to_string(seed) + " " + std::to_string(rounds);
  std::vector<Value> cases;
  auto* pipe = popen(command.c_str(), "r");
  if (pipe == nullptr) return cases;
  std::string line;
  for (int c = std::fgetc(pipe); c != EOF; c = std::fgetc(pipe)) {
    if (c != '\n') {
      line += static_cast<char>(c);
      continue;
    }
    auto parsed = parse_json(line);
    EXPECT_TRUE(parsed) << line;
    if (parsed) cases.push_back(*std::move(parsed));
    line.clear();
  }
  EXPECT_EQ(pclose(pipe), 0);
  return cases;
}

TEST(Model, functions_say_what_the_model_in_python_says) {
  World world;
  const auto cases = modelled(20261122, 60);
  ASSERT_GT(cases.size(), 3000U);
  int wrong = 0;
  for (const auto& one : cases) {
    const auto line = one.find("line")->as_text();
    const auto record = write_json(*one.find("record"));
    const auto expected = one.find("expected")->as_text();
    const auto found = world.evaluate(line, record);
    EXPECT_EQ(found, expected) << line << " on " << record;
    wrong += found != expected;
    if (wrong > 20) break;
  }
}

std::string any_text(std::mt19937& random) {
  // Letters with odd casing, marks, full-width forms, Greek, Cyrillic, Turkish, ligatures.
  static constexpr char32_t letters[] = {
      U'a',   U'B',   U'I',   U'i', U' ',  U'ß',   U'ẞ', U'ﬁ',  U'ŉ',   U'ǰ', U'Σ', U'ς',
      U'ά',   U'İ',   U'ı',   U'é', U'Å',  U'Å',   U'ｶ', U'Ａ', U'①',   U'Щ', U'ё', 0x0301,
      0x0323, 0x0345, 0x1E9B, U'ǅ', U'가', 0x1F88, U'-', U'.',  0xFB03, U'ſ', U'K'};
  std::string out;
  for (auto n = 1 + random() % 10; n > 0; --n) {
    char bytes[4];
    out.append(bytes, static_cast<std::size_t>(
                          put_code_point(bytes, letters[random() % std::size(letters)]) - bytes));
  }
  return out;
}

std::string normalised(const icu::Normalizer2* normalizer, const std::string& text) {
  UErrorCode failure = U_ZERO_ERROR;
  std::string out;
  normalizer->normalize(icu::UnicodeString::fromUTF8(text), failure).toUTF8String(out);
  return out;
}

// Casing and normalisation against ICU, called in its other (UTF-16) way.
TEST(Model, casing_and_normal_forms_are_those_of_unicode) {
  World world;
  std::mt19937 random(7);
  UErrorCode failure = U_ZERO_ERROR;
  const auto* nfc_form = icu::Normalizer2::getNFCInstance(failure);
  const std::map<std::string, const icu::Normalizer2*> forms = {
      {"NFC", nfc_form},
      {"NFD", icu::Normalizer2::getNFDInstance(failure)},
      {"NFKC", icu::Normalizer2::getNFKCInstance(failure)},
      {"NFKD", icu::Normalizer2::getNFKDInstance(failure)}};
  ASSERT_TRUE(U_SUCCESS(failure));
  for (int i = 0; i < 500; ++i) {
    const auto text = normalised(nfc_form, any_text(random));
    Value record;
    record.set("a", Value(text));
    const auto json = write_json(record);
    if (world.evaluate("a", json) == "none") continue;
    const auto wide = icu::UnicodeString::fromUTF8(text);
    const auto narrow = [&](icu::UnicodeString mapped) {
      std::string out;
      mapped.toUTF8String(out);
      return normalised(nfc_form, out);
    };
    const auto& root = icu::Locale::getRoot();
    EXPECT_EQ(world.evaluate("lower(a)", json), narrow(icu::UnicodeString(wide).toLower(root)));
    EXPECT_EQ(world.evaluate("upper(a)", json), narrow(icu::UnicodeString(wide).toUpper(root)));
    EXPECT_EQ(world.evaluate("upper(a, \"tr\")", json),
              narrow(icu::UnicodeString(wide).toUpper(icu::Locale("tr"))));
    for (const auto& [name, normalizer] : forms) {
      EXPECT_EQ(world.evaluate("normalize(a, \"" + name + "\")", json),
                normalised(normalizer, text))
          << name << " of " << text;
    }
    for (const char* line : {"lower(a)", "fold(a)", "name_case(a)", "title(a)"}) {
      const std::string twice = "a | " + std::string(line).substr(0, std::string(line).size() - 3) +
                                " | " + std::string(line).substr(0, std::string(line).size() - 3);
      EXPECT_EQ(world.evaluate(twice, json), world.evaluate(line, json)) << line << " of " << text;
    }
  }
}

}  // namespace
}  // namespace muster::mappings
