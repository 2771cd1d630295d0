// SPDX-License-Identifier: Apache-2.0
#include "mappings/language/foreign_words.h"

#include <span>
#include <utility>

#include "core/text.h"

namespace muster::mappings {
namespace {

using Word = std::pair<std::string_view, std::string_view>;

constexpr Word functions[] = {
    {"append", "\"{a}{b}\""},
    {"bitand", "bits_and"},
    {"cbool", "fold(x) in [\"true\", \"1\"]"},
    {"cdate", "date"},
    {"cint", "int"},
    {"coalesce", "a ?? b"},
    {"concat", "\"{a}{b}\""},
    {"converttobase64", "base64_utf16"},
    {"cstr", "text"},
    {"dateadd", "d + 7d"},
    {"datediff", "diff"},
    {"dateformat", "format_date"},
    {"datefromnum", "filetime"},
    {"distinct", "unique"},
    {"e164phone", "phone"},
    {"endswith", "ends"},
    {"extract", "find_re"},
    {"find_regex", "find_re"},
    {"firstvalid", "a ?? b"},
    {"formatdatetime", "format_date"},
    {"get", "at"},
    {"guid", "uuid5"},
    {"ifnull", "a ?? b"},
    {"ignoreflowifnullorempty", "x ?? keep"},
    {"iif", "if ... then ... else ..."},
    {"includes", "contains"},
    {"indexof", "index_of"},
    {"instr", "index_of"},
    {"isblank", "absent"},
    {"isempty", "absent"},
    {"isnull", "absent"},
    {"isnullorempty", "absent"},
    {"ispresent", "present"},
    {"item", "at"},
    {"lastindexof", "last_index_of"},
    {"length", "len"},
    {"match", "x ~ \"...\""},
    {"matches", "x ~ \"...\""},
    {"namenormalizer", "name_case"},
    {"normalizediacritics", "ascii"},
    {"now", "run_time"},
    {"nvl", "a ?? b"},
    {"pcase", "title"},
    {"regex", "x ~ \"...\""},
    {"regex_extract", "find_re"},
    {"regex_match", "x ~ \"...\""},
    {"regex_replace", "replace_re"},
    {"regexextract", "find_re"},
    {"regexmatch", "x ~ \"...\""},
    {"regexp_extract", "find_re"},
    {"regexp_replace", "replace_re"},
    {"regexreplace", "replace_re"},
    {"removeduplicates", "unique"},
    {"removespaces", "drop_chars"},
    {"replace_regex", "replace_re"},
    {"replaceall", "replace"},
    {"replaceregex", "replace_re"},
    {"size", "count"},
    {"startswith", "starts"},
    {"stringcontains", "contains"},
    {"stripspaces", "drop_chars"},
    {"substr", "slice"},
    {"substring", "slice"},
    {"substringafter", "after"},
    {"substringbefore", "before"},
    {"titlecase", "title"},
    {"today", "run_date"},
    {"tolower", "lower"},
    {"tolowercase", "lower"},
    {"tostring", "text"},
    {"toupper", "upper"},
    {"touppercase", "upper"},
    {"uuid", "uuid5"},
};

constexpr Word names[] = {
    {"false", "false"},    {"iif", "if ... then ... else ..."},
    {"nil", "none"},       {"none", "none"},
    {"now", "run_time"},   {"null", "none"},
    {"today", "run_date"}, {"true", "true"},
    {"undefined", "none"},
};

std::string_view find(std::span<const Word> words, std::string_view foreign) {
  for (const auto& [word, ours] : words)
    if (ascii_equal_fold(word, foreign)) return ours;
  return {};
}

}  // namespace

std::string_view word_for_function(std::string_view foreign) { return find(functions, foreign); }
std::string_view word_for_name(std::string_view foreign) { return find(names, foreign); }

}  // namespace muster::mappings
