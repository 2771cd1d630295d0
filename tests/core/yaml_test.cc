// SPDX-License-Identifier: Apache-2.0
#include "core/yaml.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

namespace muster {
namespace {

using Kind = YamlNode::Kind;

std::string place(int line, int column) {
  return std::to_string(line) + ":" + std::to_string(column);
}
std::string place(const YamlNode& node) { return place(node.line, node.column); }

// "2:1 E-DUP; 3:4 E-LIMIT"
std::string found(const YamlFile& file) {
  std::string out;
  for (const auto& d : file.diagnostics) {
    if (!out.empty()) out += "; ";
    out += place(d.line, d.column) + ' ' + d.code;
  }
  return out;
}

TEST(Yaml, EveryNodeHasItsPlace) {
  const auto file = read_yaml(
      "# people\n"
      "name: Mara\n"
      "list:\n"
      "  - one\n"
      "  - \"two\"\n"
      "  - 'é': |\n"
      "      first\n"
      "      second\n"
      "    z: >-\n"
      "      folded\n"
      "flow: {é: [1, 2]}\n",
      "people.yaml");
  ASSERT_EQ(found(file), "");
  const auto& root = file.root;
  EXPECT_EQ(root.kind, Kind::mapping);
  EXPECT_EQ(place(root), "2:1");

  EXPECT_EQ(root.find("name")->text, "Mara");
  EXPECT_EQ(place(*root.find("name")), "2:7");
  EXPECT_FALSE(root.find("name")->quoted);
  EXPECT_EQ(root.find("nam"), nullptr);

  const auto& list = *root.find("list");
  ASSERT_EQ(list.items.size(), 3u);
  EXPECT_EQ(place(list), "4:3");
  EXPECT_EQ(place(list.items[0]), "4:5");
  EXPECT_EQ(place(list.items[1]), "5:5") << "of the opening quote";
  EXPECT_TRUE(list.items[1].quoted);
  EXPECT_FALSE(list.items[1].block);

  const auto& block = list.items[2];
  EXPECT_EQ(block.entries[0].key, "é");
  EXPECT_EQ(place(block.entries[0].line, block.entries[0].column), "6:5");
  EXPECT_EQ(block.entries[0].value.text, "first\nsecond\n");
  EXPECT_EQ(place(block.entries[0].value), "6:10") << "columns count characters";
  EXPECT_TRUE(block.entries[0].value.block);
  EXPECT_EQ(block.entries[1].value.text, "folded");

  EXPECT_EQ(place(*root.find("flow")), "11:7");
  EXPECT_EQ(place(root.find("flow")->find("é")->items[1]), "11:15");
}

TEST(Yaml, ScalarsStayAsWritten) {
  const auto file = read_yaml("[012, yes, 1.50, 0x1F, 2026-11-22, 'it''s', \"a\\tb\"]", "f");
  ASSERT_EQ(found(file), "");
  std::vector<std::string> texts;
  for (const auto& item : file.root.items) texts.push_back(item.text);
  EXPECT_EQ(texts,
            (std::vector<std::string>{"012", "yes", "1.50", "0x1F", "2026-11-22", "it's", "a\tb"}));
}

TEST(Yaml, OnlyPlainNothingIsNull) {
  const auto file = read_yaml(
      "empty:\ntilde: ~\nword: null\ntagged: !!str\nquoted: \"null\"\nnothing: ''\nnullable: "
      "nullable\n",
      "f");
  ASSERT_EQ(found(file), "");
  for (const auto* name : {"empty", "tilde", "word", "tagged"}) {
    EXPECT_EQ(file.root.find(name)->kind, Kind::null) << name;
  }
  for (const auto* name : {"quoted", "nothing", "nullable"}) {
    EXPECT_EQ(file.root.find(name)->kind, Kind::scalar) << name;
  }
  EXPECT_EQ(place(*file.root.find("empty")), "1:1") << "of the key, for want of a place of its own";
  EXPECT_EQ(place(*file.root.find("tilde")), "2:8");
  EXPECT_EQ(place(*file.root.find("word")), "3:7");
}

TEST(Yaml, ATextWithNothingIsNull) {
  for (const auto* text : {"", "\n", "# only a comment\n", "---\n", "~"}) {
    const auto file = read_yaml(text, "f");
    EXPECT_EQ(found(file), "") << text;
    EXPECT_EQ(file.root.kind, Kind::null) << text;
  }
}

TEST(Yaml, TagsAreIgnored) {
  const auto file =
      read_yaml("a: !!str 12\nb: !!str \"x\"\nc: !own\n  'y'\nd: !!map {e: f}\n", "f");
  ASSERT_EQ(found(file), "");
  EXPECT_EQ(file.root.find("a")->text, "12");
  EXPECT_EQ(place(*file.root.find("a")), "1:10");
  EXPECT_FALSE(file.root.find("a")->quoted);
  EXPECT_TRUE(file.root.find("b")->quoted);
  EXPECT_TRUE(file.root.find("c")->quoted);
  EXPECT_EQ(place(*file.root.find("c")), "4:3");
  EXPECT_EQ(file.root.find("d")->find("e")->text, "f");
}

TEST(Yaml, WhatIsNotUnderstoodIsSaidWithItsPlace) {
  struct Case {
    const char* story;
    std::string text;
    const char* found;
  };
  const Case cases[] = {
      {"duplicate key", "a: 1\nb: 2\na: 3\n", "3:1 E-DUP"},
      {"duplicate in another spelling", "a: 1\n\"a\": 2\n", "2:1 E-DUP"},
      {"duplicates in two places", "x: {a: 1, a: 2}\nx:\n  b: 1\n", "1:11 E-DUP; 2:1 E-DUP"},
      {"the same key elsewhere", "x: {a: 1}\ny: {a: 1}\n", ""},
      {"anchor", "a: &here 1\n", "1:4 E-LIMIT"},
      {"anchor and alias", "a: &here 1\nb: *here\n", "1:4 E-LIMIT; 2:4 E-LIMIT"},
      {"alias to nothing", "a: *here\n", "1:4 E-LIMIT"},
      {"billion laughs", "a: &a [x,x]\nb: &b [*a,*a]\n",
       "1:4 E-LIMIT; 2:4 E-LIMIT; 2:8 E-LIMIT; 2:11 E-LIMIT"},
      {"merge key", "a: {<<: *b}\n", "1:9 E-LIMIT"},
      {"two documents", "a: 1\n---\nb: 2\n", "2:1 E-YAML"},
      {"an empty second document", "a: 1\n---\n", "2:1 E-YAML"},
      {"one marked document", "---\na: 1\n...\n", ""},
      {"a missing blank", "\"a\":1\n", "1:4 E-YAML"},
      {"list as key", "? [a, b]\n: 1\nx: 2\n", "1:3 E-KEY"},
      {"mapping as key", "{a: 1}: c\n", "1:1 E-KEY"},
      {"missing key", "a: 1\n: 3\n", "2:1 E-KEY"},
      {"keys that look like null", "null: 1\n~: 2\n", ""},
      {"tab as indentation", "a:\n\tb: 1\n", "2:1 E-YAML"},
      {"two colons", "a: b: c\n", "1:5 E-YAML"},
      {"wrong indentation", "key: value\n  bad: x\n", "2:6 E-YAML"},
      {"unclosed list", "a: [1\n", "2:1 E-YAML"},
      {"unclosed double quote", "a: \"text\nb: 1\n", "1:4 E-YAML"},
      {"unclosed single quote", "a: 'it''s\n", "1:4 E-YAML"},
      {"an escaped quote does not close", "a: \"text\\\"\n", "1:4 E-YAML"},
      {"reserved character", "a: @here\n", "1:4 E-YAML"},
      {"not UTF-8", "a: 1\nb: M\xFCller\n", "2:5 E-UTF8"},
      {"byte order mark",
       "\xEF\xBB\xBF"
       "a: 1\na: 2\n",
       "2:1 E-DUP"},
      {"Windows line ends", "a: 1\r\nb: 2\r\na: 3\r\n", "3:1 E-DUP"},
      {"too deep", std::string(65, '[') + std::string(65, ']'), "1:65 E-LIMIT"},
      {"deep", std::string(64, '[') + std::string(64, ']'), ""},
      {"very deep and unclosed", std::string(100'000, '{'), "1:1 E-KEY; 1:64 E-LIMIT"},
      {"too large", std::string((4 << 20) + 1, '#'), "0:0 E-LIMIT"},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.story);
    const auto file = read_yaml(c.text, "acme.yaml");
    EXPECT_EQ(found(file), c.found);
    for (const auto& d : file.diagnostics) {
      EXPECT_EQ(d.file, "acme.yaml");
      EXPECT_FALSE(d.message.empty());
    }
  }
}

TEST(Yaml, AFileWithErrorsIsReadAsFarAsItGoes) {
  const auto file = read_yaml("a: 1\na: 2\nb: &x 3\nc: [4, 5\n", "f");
  EXPECT_EQ(file.root.find("a")->text, "1") << "the first of two keys counts";
  EXPECT_EQ(file.root.find("b")->text, "3");
  EXPECT_EQ(file.root.entries.size(), 3u);
}

TEST(Yaml, ManyProblemsEndTheReading) {
  std::string keys = "a: 1\n";
  std::string anchors;
  for (int i = 0; i < 1000; ++i) {
    keys += "a: 1\n";
    anchors += "- &x 1\n";
  }
  EXPECT_EQ(read_yaml(keys, "f").diagnostics.size(), 100u);
  EXPECT_EQ(read_yaml(anchors, "f").diagnostics.size(), 100u);
}

TEST(Yaml, TheDuplicateNamesTheFirst) {
  const auto file = read_yaml("a: 1\nb: 2\na: 3\n", "acme.yaml");
  ASSERT_EQ(file.diagnostics.size(), 1u);
  EXPECT_EQ(describe(file.diagnostics[0]),
            "acme.yaml:3:1 E-DUP the key 'a' is already given in line 1");
}

// Places are found while walking forward: one long line must not take quadratic time.
TEST(Yaml, LongLinesAndManyKeysAreReadInGoodTime) {
  std::string list = "[";
  std::string map = "{";
  for (int i = 0; i < 50'000; ++i) {
    list += "1,";
    map += "k" + std::to_string(i) + ": 1, ";
  }
  EXPECT_EQ(read_yaml(list + "1]", "f").root.items.size(), 50'001u);
  EXPECT_EQ(read_yaml(map + "}", "f").root.entries.size(), 50'000u);
}

TEST(YamlFile, IsReadFromDisk) {
  std::string pattern = std::filesystem::temp_directory_path() / "muster-yaml-XXXXXX";
  ASSERT_NE(mkdtemp(pattern.data()), nullptr);
  const std::filesystem::path folder = pattern;
  const auto path = folder / "acme.yaml";
  std::ofstream(path) << "a: 1\na: 2\n";

  const auto file = read_yaml_file(path);
  EXPECT_EQ(found(file), "2:1 E-DUP");
  EXPECT_EQ(file.diagnostics[0].file, path.string());

  EXPECT_EQ(found(read_yaml_file(folder / "none.yaml")), "0:0 E-FILE");
  EXPECT_EQ(found(read_yaml_file(folder)), "0:0 E-FILE");
  std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace muster
