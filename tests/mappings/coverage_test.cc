// SPDX-License-Identifier: Apache-2.0
#include <fstream>
#include <sstream>

#include "core/yaml.h"
#include "tests/mappings/fixtures.h"

namespace muster::mappings {
namespace {

// The part of the reference that says what other products' functions are called here.
std::string chapter() {
  std::ifstream in(MUSTER_SOURCE_DIR "/docs/mapping-language.md");
  std::ostringstream text;
  text << in.rdbuf();
  const auto all = text.str();
  const auto start = all.find("\n## From Entra");
  const auto end = all.find("\n## ", start + 1);
  return start == std::string::npos ? std::string() : all.substr(start, end - start);
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

// The cells of a row of a table; `\|` is a bar inside one.
std::vector<std::string> cells_of(const std::string& line) {
  std::vector<std::string> cells(1);
  for (std::size_t i = 2; i < line.size(); ++i) {
    if (line[i] == '\\' && i + 1 < line.size() && line[i + 1] == '|') {
      cells.back() += line[++i];
    } else if (line[i] == '|') {
      cells.emplace_back();
    } else {
      cells.back() += line[i];
    }
  }
  cells.pop_back();
  for (auto& cell : cells) {
    cell.erase(0, cell.find_first_not_of(' '));
    cell.erase(cell.find_last_not_of(' ') + 1);
  }
  return cells;
}

std::string unquoted(const std::string& cell) {
  return cell.size() > 1 && cell.front() == '`' && cell.back() == '`'
             ? cell.substr(1, cell.size() - 2)
             : cell;
}

struct Row {
  std::string theirs;
  std::string line;
  std::string record;
  std::string gives;
  std::string example;  // instead of a line
};

std::vector<Row> rows() {
  std::vector<Row> all;
  for (const auto& line : lines_of(chapter())) {
    if (!line.starts_with("| ") || line.ends_with("| Gives |")) continue;
    const auto cells = cells_of(line);
    EXPECT_EQ(cells.size(), 4U) << line;
    if (cells.size() != 4) continue;
    constexpr std::string_view word = "example ";
    Row row{cells[0], unquoted(cells[1]), unquoted(cells[2]), unquoted(cells[3]), {}};
    if (cells[1].starts_with(word)) row.example = unquoted(cells[1].substr(word.size()));
    all.push_back(std::move(row));
  }
  return all;
}

// The files of the chapter: the first is the rows' own, the others begin with "# name".
std::vector<std::string> files() {
  const auto text = chapter();
  std::vector<std::string> all;
  constexpr std::string_view fence = "```yaml\n";
  for (auto at = text.find(fence); at != std::string::npos; at = text.find(fence, at)) {
    at += fence.size();
    all.push_back(text.substr(at, text.find("```", at) - at));
  }
  return all;
}

std::string with(std::string text, const std::string& word, const std::string& value) {
  text.replace(text.find(word), word.size(), value);
  return text;
}

// As a scalar in single quotes.
std::string quoted(const std::string& line) {
  std::string out;
  for (const char c : line) out += c == '\'' ? "''" : std::string(1, c);
  return out;
}

bool reads_scim(const Row& row) { return row.record.find("roles:") != std::string::npos; }

std::string file_of(const Row& row, const std::string& type) {
  const bool scim = reads_scim(row);
  auto text = with(files().at(0), "TYPE", type);
  text = with(std::move(text), "FLAT", scim ? "none" : quoted(row.line));
  return with(std::move(text), "SCIM", scim ? quoted(row.line) : "none");
}

Value value_of(const YamlNode& node) {
  if (node.kind == YamlNode::Kind::scalar) return Value(node.text);
  Value out;
  if (node.kind == YamlNode::Kind::mapping) {
    out = Value::Object{};
    for (const auto& entry : node.entries) out.set(entry.key, value_of(entry.value));
  } else if (node.kind == YamlNode::Kind::sequence) {
    Value::List items;
    for (const auto& item : node.items) items.push_back(value_of(item));
    out = std::move(items);
  }
  return out;
}

bool is_code(const std::string& text) {
  return text.size() > 2 && text[1] == '-' && (text[0] == 'E' || text[0] == 'W');
}

// The types of attribute that can hold what the row gives.
std::vector<std::string> types_of(const Row& row) {
  const auto& gives = row.gives;
  if (gives.starts_with('"')) return {"text"};
  if (gives.starts_with('[')) return {"list<text>"};
  if (gives == "true" || gives == "false") return {"bool"};
  if (is_code(gives) || gives == "none" || gives == "keep" || gives == "clear")
    return {"text", "list<text>", "int", "date"};
  return gives.size() > 8 && gives[4] == '-' ? std::vector<std::string>{"date"}
                                             : std::vector<std::string>{"int"};
}

// What the row's line makes of its record, as the last column writes it.
std::string outcome_of(const Row& row, const std::string& type) {
  const auto loaded = Engine::load_text(file_of(row, type), "row.yaml");
  for (const auto& diagnostic : loaded.diagnostics) {
    if (diagnostic.severity == Severity::error) return diagnostic.code;
  }
  const auto record = read_yaml(row.record.empty() ? "{}" : row.record, "record");
  SourceRecord given;
  given.key = {reads_scim(row) ? "scim" : "flat", ResourceType::user, "1"};
  given.document = write_json(value_of(record.root));
  const auto mapped = loaded.engine->map(given, at(noon));
  for (const auto& finding : mapped.findings) {
    if (finding.code.starts_with("W-")) return finding.code;
  }
  for (const auto& offer : mapped.contribution.offers) {
    if (offer.flow != Flow::value) return offer.flow == Flow::clear ? "clear" : "keep";
    if (type == "date") return offer.value.as_text();
    if (type != "list<text>") return write_json(offer.value);
    std::string list;
    for (const auto& item : offer.value.as_list())
      list += (list.empty() ? "" : ", ") + write_json(item);
    return "[" + list + "]";
  }
  return "none";
}

TEST(Coverage, EveryRowGivesWhatItSays) {
  int run = 0;
  for (const auto& row : rows()) {
    if (!row.example.empty()) continue;
    std::string told;
    for (const auto& type : types_of(row)) {
      told = outcome_of(row, type);
      if (told == row.gives) break;
    }
    EXPECT_EQ(told, row.gives) << row.theirs << ": " << row.line << " on " << row.record;
    ++run;
  }
  EXPECT_GE(run, 150);
}

TEST(Coverage, ExamplesLoadAndTheirTestsPass) {
  const auto all = files();
  ASSERT_GT(all.size(), 3U);
  for (std::size_t i = 1; i < all.size(); ++i) {
    const auto name = all[i].substr(0, all[i].find('\n'));
    EXPECT_NE(all[i].find("\ntests:"), std::string::npos) << name;
    const auto loaded = Engine::load_text(all[i], "example.yaml");
    EXPECT_FALSE(has_errors(loaded.diagnostics)) << name << "\n" << printed(loaded.diagnostics);
    EXPECT_NE(loaded.engine, nullptr) << name;
  }
}

TEST(Coverage, RowsPointAtExamplesThatAreThere) {
  const auto all = files();
  int pointing = 0;
  for (const auto& row : rows()) {
    if (row.example.empty()) continue;
    ++pointing;
    const bool there = std::any_of(all.begin(), all.end(), [&](const std::string& file) {
      return file.starts_with("# " + row.example + "\n");
    });
    EXPECT_TRUE(there) << row.theirs << " points at " << row.example;
  }
  EXPECT_GE(pointing, 8);
}

// The 43 functions of Entra and the 39 transforms of SailPoint, by name.
TEST(Coverage, NobodyIsForgotten) {
  std::string theirs;
  for (const auto& row : rows()) theirs += row.theirs + "\n";
  for (const char* name : {"Append",
                           "AppRoleAssignmentsComplex",
                           "BitAnd",
                           "CBool",
                           "CDate",
                           "Coalesce",
                           "ConvertToBase64",
                           "ConvertToUTF8Hex",
                           "Count",
                           "CStr",
                           "DateAdd",
                           "DateDiff",
                           "DateFromNum",
                           "FormatDateTime",
                           "Guid",
                           "IgnoreFlowIfNullOrEmpty",
                           "IIF",
                           "InStr",
                           "IsNull",
                           "IsNullOrEmpty",
                           "IsPresent",
                           "IsString",
                           "Item",
                           "Join",
                           "Left",
                           "Mid",
                           "NormalizeDiacritics",
                           "Not",
                           "Now",
                           "NumFromDate",
                           "PCase",
                           "RandomString",
                           "Redact",
                           "RemoveDuplicates",
                           "Replace",
                           "SelectUniqueValue",
                           "SingleAppRoleAssignment",
                           "Split",
                           "StripSpaces",
                           "Switch",
                           "ToLower",
                           "ToUpper",
                           "Word"}) {
    EXPECT_NE(theirs.find(std::string("`") + name), std::string::npos) << name;
  }
  for (const char* name : {"accountAttribute",
                           "base64Decode",
                           "base64Encode",
                           "concat",
                           "conditional",
                           "dateCompare",
                           "dateFormat",
                           "dateMath",
                           "decomposeDiacriticalMarks",
                           "displayName",
                           "e164phone",
                           "firstValid",
                           "generateRandomString",
                           "getEndOfString",
                           "getReferenceIdentityAttribute",
                           "identityAttribute",
                           "indexOf",
                           "iso3166",
                           "join",
                           "lastIndexOf",
                           "leftPad",
                           "lookup",
                           "lower",
                           "nameNormalizer",
                           "randomAlphaNumeric",
                           "randomNumeric",
                           "reference",
                           "replace",
                           "replaceAll",
                           "rfc5646",
                           "rightPad",
                           "rule",
                           "split",
                           "static",
                           "substring",
                           "trim",
                           "upper",
                           "usernameGenerator",
                           "uuid"}) {
    EXPECT_NE(("\n" + theirs).find(std::string("\n") + name), std::string::npos) << name;
  }
}

}  // namespace
}  // namespace muster::mappings
