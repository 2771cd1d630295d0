// SPDX-License-Identifier: Apache-2.0
#include "store/sql/batch.h"

#include <charconv>

namespace muster::store {
namespace {

void separate(std::string& array) {
  if (array.size() > 1) array += ',';
}

std::string input_table(std::string_view types, bool numbered) {
  std::string arrays;
  std::string names;
  for (std::size_t i = 0; i < types.size(); ++i) {
    std::string position = std::to_string(i + 1);
    arrays += (i == 0 ? "$" : ", $") + position + (types[i] == 't' ? "::text[]" : "::bigint[]");
    names += (i == 0 ? "p" : ", p") + position;
  }
  if (numbered) return "unnest(" + arrays + ") with ordinality as input(" + names + ", n)";
  return "unnest(" + arrays + ") as input(" + names + ")";
}

std::string with_input_columns(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    bool parameter =
        text[i] == '$' && i + 1 < text.size() && text[i + 1] >= '0' && text[i + 1] <= '9';
    if (parameter) {
      out += "input.p";
    } else {
      out += text[i];
    }
  }
  return out;
}

// `values (...)` with its closing parenthesis, and what follows it.
std::string insert_text(const std::string& text, const std::string& input) {
  auto start = text.find(" values (");
  auto open = start + 8;
  int depth = 0;
  auto close = open;
  for (; close < text.size(); ++close) {
    if (text[close] == '(') ++depth;
    if (text[close] == ')' && --depth == 0) break;
  }
  return text.substr(0, start) + " select " + text.substr(open + 1, close - open - 1) + " from " +
         input + text.substr(close + 1);
}

}  // namespace

std::string batch_text(const Sql& sql) {
  std::string text = with_input_columns(sql.text);
  std::string verb = sql.text.substr(0, 6);
  if (verb == "select") {
    return "select input.n - 1, found.* from " + input_table(sql.in, true) + ", lateral (" + text +
           ") found order by input.n";
  }
  std::string input = input_table(sql.in, false);
  if (verb == "insert") return insert_text(text, input);
  auto where = text.find(" where ");
  return text.substr(0, where) + (verb == "update" ? " from " : " using ") + input +
         text.substr(where);
}

void append_array_text(std::string& array, std::string_view value) {
  separate(array);
  array += '"';
  for (std::size_t done = 0; done < value.size();) {
    auto special = value.find_first_of("\"\\", done);
    array.append(value, done, special - done);
    if (special == value.npos) break;
    array += '\\';
    array += value[special];
    done = special + 1;
  }
  array += '"';
}

void append_array_number(std::string& array, long long value) {
  separate(array);
  char digits[24];
  auto end = std::to_chars(digits, digits + sizeof digits, value).ptr;
  array.append(digits, end);
}

void append_array_null(std::string& array) {
  separate(array);
  array += "NULL";
}

}  // namespace muster::store
