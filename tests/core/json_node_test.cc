// SPDX-License-Identifier: Apache-2.0
#include "core/json_node.h"

#include <gtest/gtest.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cstring>

namespace muster {
namespace {

TEST(JsonNode, every_kind_is_read_in_place) {
  JsonReader reader;
  const auto root = reader.read(
      R"({"none":null,"yes":true,"int":-12,"decimal":0.5,"text":"\u00e9","list":[1,[2,3],{}],"object":{"a":{"b":""}}})");
  ASSERT_TRUE(root) << describe(root.error());
  EXPECT_EQ(root->size(), 7u);
  EXPECT_TRUE(root->find("none").is_none());
  EXPECT_TRUE(root->find("not there").is_none());
  EXPECT_TRUE(root->find("yes").is_bool() && root->find("yes").as_bool());
  EXPECT_EQ(root->find("int").as_int(), -12);
  EXPECT_EQ(root->find("decimal").as_double(), 0.5);
  EXPECT_EQ(root->find("text").as_text(), "é");
  EXPECT_EQ(root->find("list").size(), 3u);
  EXPECT_EQ(write_json(root->find("list").value()), "[1,[2,3],{}]");
  EXPECT_TRUE(root->find("object").absent());
  EXPECT_FALSE(root->find("list").absent());
}

TEST(JsonNode, an_exact_name_comes_before_a_similar_one) {
  JsonReader reader;
  const auto root = reader.read(R"({"Mail":1,"MAIL":2,"mail":3,"Cn":null,"CN":4})");
  ASSERT_TRUE(root);
  EXPECT_EQ(root->find_fold("mail").as_int(), 3);
  EXPECT_EQ(root->find_fold("mAIL").as_int(), 1);
  EXPECT_TRUE(root->find_fold("cn").is_none());
  EXPECT_TRUE(root->find("mAIL").is_none());
}

TEST(JsonNode, one_that_belongs_to_no_text_is_null) {
  EXPECT_TRUE(JsonNode().is_none());
  EXPECT_TRUE(JsonNode().absent());
}

TEST(JsonReader, goes_on_after_refused_and_after_large_texts) {
  JsonReader reader;
  EXPECT_FALSE(reader.read("{"));
  EXPECT_FALSE(reader.read(R"({"a":{"b":1,"b":2}})"));
  const std::string large = "[\"" + std::string(JsonReader::usual_bytes, 'x') + "\"]";
  auto root = reader.read(large);
  ASSERT_TRUE(root);
  EXPECT_EQ(write_json(root->value()), large);
  root = reader.read("[1]");
  ASSERT_TRUE(root);
  EXPECT_EQ(write_json(root->value()), "[1]");
}

// A column without a value is a text that lies nowhere; the sanitizers see whether it is read.
TEST(JsonReader, refuses_a_text_that_lies_nowhere) {
  JsonReader reader;
  const auto refused = reader.read(std::string_view());
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().fault, Fault::invalid);
}

TEST(JsonReader, duplicates_are_found_among_few_and_among_many_members) {
  JsonReader reader;
  for (const int count : {2, 20, 64, 65, 300}) {
    std::string members;
    for (int i = 0; i < count; ++i) members += "\"name" + std::to_string(i * 7) + "\":0,";
    EXPECT_TRUE(reader.read("{" + members + "\"other\":0}")) << count;
    EXPECT_FALSE(reader.read("{" + members + "\"name7\":0}")) << count;
  }
}

// Behind the last page that may be read lies one that may not.
TEST(JsonReader, reads_a_text_at_the_end_of_what_can_be_read) {
  const auto page = static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
  void* memory =
      ::mmap(nullptr, 2 * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  ASSERT_NE(memory, MAP_FAILED);
  ASSERT_EQ(::mprotect(static_cast<char*>(memory) + page, page, PROT_NONE), 0);
  const std::string text = R"({"a":[1,2,3],"b":"some text"})";
  JsonReader reader;
  for (std::size_t gap = 0; gap < 100; ++gap) {
    char* at = static_cast<char*>(memory) + page - gap - text.size();
    std::memset(memory, '"', page);
    std::memcpy(at, text.data(), text.size());
    const auto root = reader.read({at, text.size()});
    ASSERT_TRUE(root) << gap;
    EXPECT_EQ(write_json(root->value()), text);
  }
  ::munmap(memory, 2 * page);
}

}  // namespace
}  // namespace muster
