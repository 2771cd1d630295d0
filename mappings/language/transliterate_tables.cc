// SPDX-License-Identifier: Apache-2.0
#include "mappings/language/transliterate_tables.h"

namespace muster::mappings::tables {
namespace {

constexpr Entry latin_entries[] = {
    {U'ß', "ss"}, {U'ẞ', "ss"}, {U'æ', "ae"}, {U'œ', "oe"}, {U'ø', "o"}, {U'þ', "th"}, {U'ð', "d"},
    {U'đ', "d"},  {U'ɖ', "d"},  {U'ɗ', "d"},  {U'ł', "l"},  {U'ı', "i"}, {U'ħ', "h"},  {U'ŧ', "t"},
    {U'ŋ', "n"},  {U'ĸ', "q"},  {U'ŀ', "l"},  {U'ŉ', "n"},  {U'ƒ', "f"}, {U'ɓ', "b"},  {U'ƀ', "b"},
    {U'ɔ', "o"},  {U'ɛ', "e"},  {U'ə', "e"},  {U'ǝ', "e"},  {U'ɨ', "i"}, {U'ɩ', "i"},  {U'ɲ', "n"},
    {U'ƙ', "k"},  {U'ƴ', "y"},  {U'ʋ', "v"},  {U'ɣ', "g"},  {U'ǥ', "g"}, {U'ɠ', "g"},  {U'ƶ', "z"},
    {U'ɵ', "o"},  {U'ʊ', "u"},  {U'ʉ', "u"},  {U'ɹ', "r"},  {U'ɾ', "r"}, {U'ĳ', "ij"}, {U'ǆ', "dz"},
    {U'ǉ', "lj"}, {U'ǌ', "nj"}, {U'ǳ', "dz"}, {U'ȷ', "j"},  {U'ƞ', "n"}, {U'ƭ', "t"},  {U'ʈ', "t"},
    {U'ⱥ', "a"},  {U'ⱦ', "t"},  {U'ȼ', "c"},  {U'ɇ', "e"},  {U'ɉ', "j"}, {U'ɍ', "r"},  {U'ɏ', "y"},
};

constexpr Entry german_entries[] = {
    {U'ä', "ae"}, {U'ö', "oe"}, {U'ü', "ue"}, {U'ß', "ss"}, {U'ẞ', "ss"}};

constexpr Entry icao_latin_entries[] = {
    {U'ä', "ae"}, {U'å', "aa"}, {U'ö', "oe"}, {U'ø', "oe"}, {U'ü', "ue"},
};

constexpr Entry cyrillic_entries[] = {
    {U'а', "a"},  {U'б', "b"},  {U'в', "v"},    {U'г', "g"},  {U'д', "d"},  {U'е', "e"},
    {U'ё', "e"},  {U'ж', "zh"}, {U'з', "z"},    {U'и', "i"},  {U'й', "i"},  {U'к', "k"},
    {U'л', "l"},  {U'м', "m"},  {U'н', "n"},    {U'о', "o"},  {U'п', "p"},  {U'р', "r"},
    {U'с', "s"},  {U'т', "t"},  {U'у', "u"},    {U'ф', "f"},  {U'х', "kh"}, {U'ц', "ts"},
    {U'ч', "ch"}, {U'ш', "sh"}, {U'щ', "shch"}, {U'ъ', "ie"}, {U'ы', "y"},  {U'ь', ""},
    {U'э', "e"},  {U'ю', "iu"}, {U'я', "ia"},   {U'ґ', "g"},  {U'є', "ie"}, {U'і', "i"},
    {U'ї', "i"},  {U'ў', "u"},  {U'ђ', "d"},    {U'ј', "j"},  {U'љ', "lj"}, {U'њ', "nj"},
    {U'ћ', "c"},  {U'џ', "dz"}, {U'ѓ', "g"},    {U'ѕ', "dz"}, {U'ќ', "k"},  {U'ѫ', "u"},
    {U'ѵ', "y"},  {U'ѣ', "ie"}, {U'һ', "c"},
};

constexpr Entry ukrainian_entries[] = {
    {U'г', "h"}, {U'ґ', "g"}, {U'и', "y"},  {U'є', "ie"},
    {U'ї', "i"}, {U'й', "i"}, {U'ю', "iu"}, {U'я', "ia"},
};

constexpr Entry ukrainian_start_entries[] = {
    {U'є', "ye"}, {U'ї', "yi"}, {U'й', "y"}, {U'ю', "yu"}, {U'я', "ya"},
};

constexpr Entry bulgarian_entries[] = {
    {U'й', "y"}, {U'х', "h"}, {U'щ', "sht"}, {U'ъ', "a"}, {U'ь', "y"}, {U'ю', "yu"}, {U'я', "ya"},
};

constexpr Entry greek_entries[] = {
    {U'α', "a"},  {U'β', "v"},  {U'γ', "g"},  {U'δ', "d"}, {U'ε', "e"}, {U'ζ', "z"}, {U'η', "i"},
    {U'θ', "th"}, {U'ι', "i"},  {U'κ', "k"},  {U'λ', "l"}, {U'μ', "m"}, {U'ν', "n"}, {U'ξ', "x"},
    {U'ο', "o"},  {U'π', "p"},  {U'ρ', "r"},  {U'σ', "s"}, {U'ς', "s"}, {U'τ', "t"}, {U'υ', "y"},
    {U'φ', "f"},  {U'χ', "ch"}, {U'ψ', "ps"}, {U'ω', "o"},
};

constexpr Entry georgian_entries[] = {
    {U'ა', "a"},  {U'ბ', "b"},  {U'გ', "g"},  {U'დ', "d"},  {U'ე', "e"},  {U'ვ', "v"},
    {U'ზ', "z"},  {U'თ', "t"},  {U'ი', "i"},  {U'კ', "k"},  {U'ლ', "l"},  {U'მ', "m"},
    {U'ნ', "n"},  {U'ო', "o"},  {U'პ', "p"},  {U'ჟ', "zh"}, {U'რ', "r"},  {U'ს', "s"},
    {U'ტ', "t"},  {U'უ', "u"},  {U'ფ', "p"},  {U'ქ', "k"},  {U'ღ', "gh"}, {U'ყ', "q"},
    {U'შ', "sh"}, {U'ჩ', "ch"}, {U'ც', "ts"}, {U'ძ', "dz"}, {U'წ', "ts"}, {U'ჭ', "ch"},
    {U'ხ', "kh"}, {U'ჯ', "j"},  {U'ჰ', "h"},
};

constexpr Entry kana_entries[] = {
    {U'あ', "a"},  {U'い', "i"},  {U'う', "u"},  {U'え', "e"},  {U'お', "o"},   {U'か', "ka"},
    {U'き', "ki"}, {U'く', "ku"}, {U'け', "ke"}, {U'こ', "ko"}, {U'さ', "sa"},  {U'し', "shi"},
    {U'す', "su"}, {U'せ', "se"}, {U'そ', "so"}, {U'た', "ta"}, {U'ち', "chi"}, {U'つ', "tsu"},
    {U'て', "te"}, {U'と', "to"}, {U'な', "na"}, {U'に', "ni"}, {U'ぬ', "nu"},  {U'ね', "ne"},
    {U'の', "no"}, {U'は', "ha"}, {U'ひ', "hi"}, {U'ふ', "fu"}, {U'へ', "he"},  {U'ほ', "ho"},
    {U'ま', "ma"}, {U'み', "mi"}, {U'む', "mu"}, {U'め', "me"}, {U'も', "mo"},  {U'や', "ya"},
    {U'ゆ', "yu"}, {U'よ', "yo"}, {U'ら', "ra"}, {U'り', "ri"}, {U'る', "ru"},  {U'れ', "re"},
    {U'ろ', "ro"}, {U'わ', "wa"}, {U'ゐ', "i"},  {U'ゑ', "e"},  {U'を', "o"},   {U'が', "ga"},
    {U'ぎ', "gi"}, {U'ぐ', "gu"}, {U'げ', "ge"}, {U'ご', "go"}, {U'ざ', "za"},  {U'じ', "ji"},
    {U'ず', "zu"}, {U'ぜ', "ze"}, {U'ぞ', "zo"}, {U'だ', "da"}, {U'ぢ', "ji"},  {U'づ', "zu"},
    {U'で', "de"}, {U'ど', "do"}, {U'ば', "ba"}, {U'び', "bi"}, {U'ぶ', "bu"},  {U'べ', "be"},
    {U'ぼ', "bo"}, {U'ぱ', "pa"}, {U'ぴ', "pi"}, {U'ぷ', "pu"}, {U'ぺ', "pe"},  {U'ぽ', "po"},
    {U'ゔ', "vu"}, {U'ぁ', "a"},  {U'ぃ', "i"},  {U'ぅ', "u"},  {U'ぇ', "e"},   {U'ぉ', "o"},
};

constexpr Entry symbol_entries[] = {
    {0x2010, "-"}, {0x2011, "-"},  {0x2012, "-"},  {0x2013, "-"}, {0x2014, "-"},  {0x2212, "-"},
    {0x2018, "'"}, {0x2019, "'"},  {0x02BC, "'"},  {0x02BB, "'"}, {0x02B9, "'"},  {0x02C8, "'"},
    {0x30FB, " "}, {0x201C, "\""}, {0x201D, "\""}, {0x2044, "/"}, {0x00AB, "\""}, {0x00BB, "\""},
};

}  // namespace

std::span<const Entry> latin() { return latin_entries; }
std::span<const Entry> german() { return german_entries; }
std::span<const Entry> icao_latin() { return icao_latin_entries; }
std::span<const Entry> cyrillic() { return cyrillic_entries; }
std::span<const Entry> ukrainian() { return ukrainian_entries; }
std::span<const Entry> ukrainian_start() { return ukrainian_start_entries; }
std::span<const Entry> bulgarian() { return bulgarian_entries; }
std::span<const Entry> greek() { return greek_entries; }
std::span<const Entry> georgian() { return georgian_entries; }
std::span<const Entry> kana() { return kana_entries; }
std::span<const Entry> symbols() { return symbol_entries; }

}  // namespace muster::mappings::tables
