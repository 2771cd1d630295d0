// SPDX-License-Identifier: Apache-2.0
#include "mappings/language/transliterate_east_asia.h"

#include <unicode/normalizer2.h>
#include <unicode/translit.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>

#include <memory>
#include <span>

#include "mappings/language/transliterate_tables.h"

namespace muster::mappings::east_asia {
namespace {

constexpr char32_t first_syllable = 0xAC00;
constexpr char32_t last_syllable = 0xD7A3;
constexpr unsigned medials = 21;
constexpr unsigned finals = 28;
constexpr unsigned silent = 11;  // the initial that only carries a vowel
constexpr unsigned rieul_initial = 5;
constexpr unsigned rieul_final = 8;

constexpr std::string_view initial[] = {"g",  "kk", "n", "d",  "tt", "r", "m", "b", "pp", "s",
                                        "ss", "",   "j", "jj", "ch", "k", "t", "p", "h"};
constexpr std::string_view medial[] = {"a",  "ae", "ya", "yae", "eo", "e",  "yeo",
                                       "ye", "o",  "wa", "wae", "oe", "yo", "u",
                                       "wo", "we", "wi", "yu",  "eu", "ui", "i"};
constexpr std::string_view closed[] = {"",  "k",  "k", "k", "n", "n", "n", "t", "l", "k",
                                       "m", "l",  "l", "l", "p", "l", "m", "p", "p", "t",
                                       "t", "ng", "t", "t", "k", "t", "p", "t"};
// The same finals before a vowel.
constexpr std::string_view open[] = {"",   "g",  "kk", "ks", "n",  "nj", "n", "d", "r",  "lg",
                                     "lm", "lb", "ls", "lt", "lp", "r",  "m", "b", "ps", "s",
                                     "ss", "ng", "j",  "ch", "k",  "t",  "p", ""};

constexpr char32_t long_mark = 0x30FC;
constexpr char32_t doubling = U'っ';

bool vowel(char c) { return std::string_view("aiueo").find(c) != std::string_view::npos; }

std::string_view sound_of(char32_t c) {
  for (const auto& [letter, ascii] : tables::kana())
    if (letter == c) return ascii;
  return {};
}

char small_vowel(char32_t c) {
  switch (c) {
    case U'ぁ':
      return 'a';
    case U'ぃ':
      return 'i';
    case U'ぅ':
      return 'u';
    case U'ぇ':
      return 'e';
    case U'ぉ':
      return 'o';
    default:
      return 0;
  }
}

char small_y(char32_t c) { return c == U'ゃ' ? 'a' : c == U'ゅ' ? 'u' : c == U'ょ' ? 'o' : '\0'; }

// Reads hiragana sound by sound.
class KanaReader {
 public:
  explicit KanaReader(std::u32string text) : text_(std::move(text)) {}

  std::optional<std::string> read() {
    while (at_ < text_.size()) {
      if (!step()) return std::nullopt;
    }
    if (doubled_) return std::nullopt;
    return std::move(out_);
  }

 private:
  char32_t peek(std::size_t distance) const {
    return at_ + distance < text_.size() ? text_[at_ + distance] : 0;
  }

  bool step() {
    const auto c = text_[at_];
    if (c == doubling) {
      doubled_ = true;
      ++at_;
      return true;
    }
    if (c == long_mark) {
      ++at_;
      return !out_.empty() && !doubled_;
    }
    if (lengthens(c)) {
      ++at_;
      may_lengthen_ = false;
      return true;
    }
    if (c == U'ん') return nasal();
    return sound();
  }

  // う behind o or u, お behind o: the mark of a long vowel, not a sound. Not in うえ (井上 Inoue),
  // nor a last お (妹尾 Senoo).
  bool lengthens(char32_t c) const {
    if (!may_lengthen_ || out_.empty() || doubled_) return false;
    if (c == U'う') return (out_.back() == 'o' && peek(1) != U'え') || out_.back() == 'u';
    return c == U'お' && out_.back() == 'o' && at_ + 1 < text_.size();
  }

  bool nasal() {
    if (doubled_) return false;
    const auto next = sound_of(peek(1));
    out_ += !next.empty() && std::string_view("bmp").find(next[0]) != std::string_view::npos ? 'm'
                                                                                             : 'n';
    ++at_;
    return true;
  }

  bool sound() {
    std::string sound(sound_of(text_[at_]));
    if (sound.empty()) return false;
    at_ += combine(sound) ? 2 : 1;
    if (doubled_ && vowel(sound[0])) return false;
    if (doubled_) out_ += sound.starts_with("ch") ? 't' : sound[0];
    doubled_ = false;
    may_lengthen_ = true;
    out_ += sound;
    return true;
  }

  // A small letter behind the sound changes it: きゃ kya, しゃ sha, ふぁ fa, てぃ ti.
  bool combine(std::string& sound) const {
    const auto next = peek(1);
    const auto stem = sound.substr(0, sound.size() - 1);
    const bool soft = stem == "sh" || stem == "ch" || stem == "j";
    if (const char y = small_y(next); y != 0) {
      if (stem.empty() ||
          (sound.back() != 'i' && sound != "de" && sound != "te" && sound != "fu" && sound != "vu"))
        return false;
      sound = stem + (soft ? "" : "y") + y;
      return true;
    }
    const char v = small_vowel(next);
    if (v == 0 || v == sound.back()) return false;
    if (sound == "u") {
      sound = std::string("w") + v;
    } else if (soft || sound == "fu" || sound == "vu" || sound == "tsu" ||
               (v == 'i' && (sound == "te" || sound == "de")) ||
               (v == 'u' && (sound == "to" || sound == "do"))) {
      sound = stem + v;
    } else {
      return false;
    }
    return true;
  }

  std::u32string text_;
  std::size_t at_ = 0;
  bool doubled_ = false;
  bool may_lengthen_ = false;
  std::string out_;
};

const icu::Transliterator* mandarin() {
  thread_local const std::unique_ptr<const icu::Transliterator> instance = [] {
    UErrorCode failure = U_ZERO_ERROR;
    return std::unique_ptr<const icu::Transliterator>(
        icu::Transliterator::createInstance("Han-Latin/Names", UTRANS_FORWARD, failure));
  }();
  return instance.get();
}

}  // namespace

bool is_syllable(char32_t c) { return c >= first_syllable && c <= last_syllable; }

bool is_kana(char32_t c) {
  return (c >= 0x3041 && c <= 0x3096) || (c >= 0x30A1 && c <= 0x30FA) || c == long_mark;
}

std::string hangul(std::u32string_view syllables) {
  std::string out;
  bool behind_rieul = false;
  for (std::size_t i = 0; i < syllables.size(); ++i) {
    const auto index = static_cast<unsigned>(syllables[i] - first_syllable);
    const auto first = index / (medials * finals);
    const auto last = index % finals;
    out += first == rieul_initial && behind_rieul ? std::string_view("l") : initial[first];
    out += medial[index % (medials * finals) / finals];
    const bool next_is_vowel = i + 1 < syllables.size() &&
                               (syllables[i + 1] - first_syllable) / (medials * finals) == silent;
    out += next_is_vowel ? open[last] : closed[last];
    behind_rieul = last == rieul_final;
  }
  return out;
}

std::optional<std::string> kana(std::u32string_view text) {
  std::u32string hiragana(text);
  for (auto& c : hiragana)
    if (c >= 0x30A1 && c <= 0x30F6) c -= 0x60;
  return KanaReader(std::move(hiragana)).read();
}

std::optional<std::string> han(std::u32string_view text) {
  const auto* readings = mandarin();
  UErrorCode failure = U_ZERO_ERROR;
  const auto* decompose = icu::Normalizer2::getNFDInstance(failure);
  if (readings == nullptr || U_FAILURE(failure)) return std::nullopt;
  auto wide = icu::UnicodeString::fromUTF32(reinterpret_cast<const UChar32*>(text.data()),
                                            static_cast<std::int32_t>(text.size()));
  readings->transliterate(wide);
  const auto parts = decompose->normalize(wide, failure);
  if (U_FAILURE(failure)) return std::nullopt;
  std::string out;
  for (std::int32_t i = 0; i < parts.length(); ++i) {
    const char16_t c = parts[i];
    if (c == 0x0308 && out.ends_with('u')) {
      out.insert(out.size() - 1, 1, 'y');
    } else if (c >= u'a' && c <= u'z') {
      out += static_cast<char>(c);
    } else if (c != u' ' && u_charType(c) != U_NON_SPACING_MARK) {
      return std::nullopt;
    }
  }
  return out;
}

}  // namespace muster::mappings::east_asia
