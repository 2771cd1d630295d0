// SPDX-License-Identifier: Apache-2.0
// Whatever is written in a mapping file: it is refused with places, or it never fails at run time
// other than by the conversions that are documented to fail.
#include <fstream>
#include <iterator>
#include <random>

#include "core/yaml.h"
#include "mappings/language/ast.h"
#include "tests/mappings/fixtures.h"
#include "tests/support/records.h"

namespace muster::mappings {
namespace {

using Random = std::mt19937;

std::size_t below(Random& random, std::size_t limit) { return random() % limit; }

std::string content_of(const std::string& name) {
  std::ifstream in(std::string(MUSTER_SOURCE_DIR) + "/" + name);
  return std::string(std::istreambuf_iterator<char>(in), {});
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

std::string text_of(const std::vector<std::string>& lines) {
  std::string text;
  for (const auto& line : lines) text += line + "\n";
  return text;
}

// An expression from the grammar, about attributes that acme's entra and the identity have.
class Grammar {
 public:
  explicit Grammar(Random& random) : random_(random) {}

  std::string expression(int depth = 3) {
    if (depth == 0) return leaf();
    const auto inner = [&] { return expression(depth - 1); };
    switch (below(random_, 12)) {
      case 0:
        return inner() + " ?? " + inner();
      case 1:
        return "if " + inner() + " then " + inner() + " else " + inner();
      case 2:
        return "(" + inner() +
               one_of(
                   {" == ", " != ", " < ", " in ", " ~ ", " and ", " or ", " + ", " - ", " ++ "}) +
               inner() + ")";
      case 3:
        return "\"{" + leaf() + "} {" + leaf() + "?}\"";
      case 4:
        return "switch(" + inner() + ", \"a\" => " + inner() + ", else => " + inner() + ")";
      case 5:
        return inner() + " | map(x => x | trim)";
      case 6:
        return "not (" + inner() + ")";
      case 7:
        return "[" + inner() + ", " + inner() + "]";
      default:
        return inner() + " | " +
               one_of({"trim",
                       "lower",
                       "len",
                       "first",
                       "count",
                       "present",
                       "left(3)",
                       "slice(-5, 99)",
                       "pad_left(9, \"ab\")",
                       "email",
                       "int",
                       "date(\"yyyy-MM-dd\")",
                       "domain",
                       "local_part",
                       "split(\",\")",
                       "join(\"-\", displayName)",
                       "lookup(iso2, c)",
                       "replace_re(\"[a-z]+\", \"\")",
                       "required(\"why\")",
                       "unique",
                       "at(2)",
                       "rdn",
                       "bit(2)",
                       "filetime",
                       "slug",
                       "title",
                       "word(1, \" \")",
                       "hex",
                       "clean"});
    }
  }

 private:
  std::string leaf() {
    return one_of({"userName",
                   "displayName",
                   "active",
                   "emails",
                   "emails[type == \"work\"].value",
                   "name.givenName",
                   "out.country",
                   "none",
                   "keep",
                   "clear",
                   "true",
                   "7",
                   "\"text\"",
                   "''",
                   "7d",
                   "2026-11-22",
                   "run_date",
                   "enterprise.employeeNumber",
                   "own_domains",
                   "email",
                   "phones",
                   "department",
                   "from.ldap.memberOf",
                   "item",
                   "missing"});
  }
  std::string one_of(const std::vector<std::string>& choices) {
    return choices[below(random_, choices.size())];
  }
  Random& random_;
};

// One random change of a good file.
void mutate(Random& random, std::vector<std::string>& lines) {
  const auto i = below(random, lines.size());
  const auto j = below(random, lines.size());
  switch (below(random, 6)) {
    case 0:
      lines.erase(lines.begin() + static_cast<std::ptrdiff_t>(i));
      return;
    case 1:
      lines.insert(lines.begin() + static_cast<std::ptrdiff_t>(j), lines[i]);
      return;
    case 2:
      std::swap(lines[i], lines[j]);
      return;
    case 3: {  // a misspelt word
      if (lines[i].empty()) return;
      lines[i].erase(below(random, lines[i].size()), 1);
      return;
    }
    default: {  // another expression
      const auto begin = lines[i].find('\'');
      const auto end = lines[i].rfind('\'');
      if (begin == std::string::npos || begin == end) return;
      std::string quoted;
      for (const char c : Grammar(random).expression()) {
        quoted += c;
        if (c == '\'') quoted += c;
      }
      lines[i].replace(begin + 1, end - begin - 1, quoted);
    }
  }
}

Value random_value(Random& random, int depth) {
  switch (below(random, depth > 0 ? 9 : 6)) {
    case 0:
      return Value();
    case 1:
      return random() % 2 == 0;
    case 2:
      return static_cast<std::int64_t>(random()) - (std::int64_t{1} << 31);
    case 3:
      return "";
    case 4:
      return "Jürgen von der Groß-Ὀδυσσεύς";
    case 5:
      return "a.b@acme.example, 2026-11-22";
    case 6: {
      Value::List items;
      for (std::size_t i = 0; i < below(random, 4); ++i)
        items.push_back(random_value(random, depth - 1));
      return items;
    }
    default: {
      Value object{Value::Object{}};
      for (const char* name : {"value", "type", "primary", "givenName", "familyName", "country",
                               "employeeNumber", "manager"})
        if (random() % 2 == 0) object.set(name, random_value(random, depth - 1));
      return object;
    }
  }
}

SourceRecord random_record(Random& random, const SourceInfo& source) {
  SourceRecord record;
  record.key.source = source.name;
  Value attributes{Value::Object{}};
  for (const auto& name : source.reads)
    if (random() % 4 != 0) attributes.set(name, random_value(random, 2));
  record.document = write_json(attributes);
  return record;
}

// Findings that a loaded file may make of records: conversions, limits, and its own rules.
bool is_documented(const std::string& code) { return !code.starts_with("E-"); }

TEST(Configurations, AreRefusedWithPlacesOrNeverFailOtherThanByConversions) {
  Random random(20'261'122);
  const auto good = lines_of(content_of("etc/examples/acme-mapping.yaml"));
  ASSERT_GT(good.size(), 100u);
  KnownPeople held;
  LoadOptions options;
  options.run_tests = false;
  const std::string name = std::string(MUSTER_SOURCE_DIR) + "/etc/examples/m.yaml";
  int loaded_files = 0;
  int refused = 0;
  for (int round = 0; round < 150; ++round) {
    auto lines = good;
    for (std::size_t i = 0; i <= below(random, 3); ++i) mutate(random, lines);
    const auto text = text_of(lines);
    SCOPED_TRACE(text);
    const auto loaded = Engine::load_text(text, name, options);
    ASSERT_EQ(loaded.engine == nullptr, has_errors(loaded.diagnostics));
    for (const auto& one : loaded.diagnostics) {
      ASSERT_FALSE(one.message.empty());
      ASSERT_GT(one.line, 0) << describe(one);
      ASSERT_LE(one.line, static_cast<int>(lines.size()) + 1) << describe(one);
    }
    ++(loaded.engine ? loaded_files : refused);
    if (!loaded.engine) continue;
    for (const auto& source : loaded.engine->sources()) {
      for (int i = 0; i < 5; ++i) {
        Told told;
        auto record = random_record(random, source);
        auto mapped = loaded.engine->map(record, at(noon));
        for (const auto& finding : mapped.findings) ASSERT_TRUE(is_documented(finding.code));
        if (!mapped.in_scope) continue;
        told.contribution = std::move(mapped.contribution);
        told.record = support::attributes_of(record);
        auto settled = loaded.engine->settle({&told, 1}, nullptr, held, at(noon));
        ASSERT_TRUE(settled.has_value()) << describe(settled.error());
        for (const auto& finding : settled->identity.findings)
          ASSERT_TRUE(is_documented(finding.code)) << finding.code;
      }
    }
  }
  EXPECT_GT(loaded_files, 15);
  EXPECT_GT(refused, 50);
}

}  // namespace
}  // namespace muster::mappings
