// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>
#include <unicode/uchar.h>

#include <chrono>
#include <random>

#include "core/dn.h"
#include "core/text.h"
#include "language_world.h"
#include "mappings/language/ast.h"
#include "mappings/language/email.h"
#include "mappings/language/unicode.h"

namespace muster::mappings {
namespace {

// Random expressions from the grammar; many do not type-check, which is half of the point.
class Sentences {
 public:
  explicit Sentences(unsigned seed) : random_(seed) {}

  std::string expression(int depth = 4) {
    switch (depth <= 0 ? pick(6) : pick(20)) {
      case 0:
        return choose({"a", "b", "userName", "phones", "emails", "uac", "active", "end", "entry",
                       "mail", "groups"});
      case 1:
        return choose({"\"x\"", "'it'", "\"\"", "\"a\\n\\{\\}\\\"\"", "\"ü\"", "12", "7d",
                       "2026-11-22", "true", "none"});
      case 2:
        return choose(
            {"out.country", "from.ldap.mail", "name.givenName", "sources", "run_date", "run_time"});
      case 3:
        return choose(
            {"clear", "keep", "[]", "attr(\"postalCode;lang-de\")", "emails.value", "-3"});
      case 4:
        return choose(
            {"phones | first", "emails[type == \"work\"].value", "count(phones)", "present(a)"});
      case 5:
        return "\"x{a}\"";
      case 6:
        return "(" + expression(depth - 1) + ")";
      case 7:
        return "if " + expression(depth - 1) + " then " + expression(depth - 1) + " else " +
               expression(depth - 1);
      case 8:
        return "switch(" + expression(depth - 1) + ", " + expression(depth - 2) + " => " +
               expression(depth - 2) + ", else => " + expression(depth - 2) + ")";
      case 9:
        return "not " + expression(depth - 1);
      case 10:
        return "\"x{" + expression(depth - 1) + choose({"}", "?}", "}y", "?} {b}"}) + "\"";
      case 11:
        return expression(depth - 1) + " ~ \"^a{1,3}\\\\.[b]\"";
      case 12:
        return "[" + expression(depth - 1) + ", " + expression(depth - 1) + "]";
      case 13:
        return expression(depth - 1) + " | " + choose({"map", "filter", "any", "all"}) + "(x => " +
               expression(depth - 1) + ")";
      case 14:
        return expression(depth - 1) + " | " +
               choose({"trim",  "lower", "first",   "unique",    "email",           "dn",   "slug",
                       "int",   "clean", "flatten", "name_case", "round",           "iso2", "phone",
                       "bcp47", "sort",  "sha256",  "primary",   "start_of(\"M\")", "date"});
      case 15:
        return choose({"join", "mailbox", "replace", "before", "under", "split", "starts"}) + "(" +
               expression(depth - 1) + ", " + expression(depth - 1) + ")";
      default:
        return "(" + expression(depth - 1) + ") " +
               choose({"??", "and", "or", "==", "!=", "<", ">=", "in", "not in", "++", "+", "-"}) +
               " " + expression(depth - 1);
    }
  }

  std::string junk() {
    static constexpr std::string_view pieces[] = {
        "a",  "(",  ")",  "\"", "'", "{",    "}",  "?",   "??",   "|",  "if ", "then ",
        "=>", "in", " ",  ".",  "[", "]",    "~",  "\\",  "12",   "7d", ",",   "not ",
        "x",  ":",  "++", "-",  "ü", "\xff", "\n", "map", "else", "\t", "#",   "attr("};
    std::string out;
    for (int i = pick(30); i > 0; --i)
      out += pieces[static_cast<std::size_t>(pick(std::size(pieces)))];
    return out;
  }

  std::string choose(std::initializer_list<const char*> options) {
    return *(options.begin() + pick(options.size()));
  }
  int pick(std::size_t options) { return static_cast<int>(random_() % options); }

 private:
  std::mt19937 random_;
};

TEST(Properties, what_is_printed_parses_to_the_same_tree) {
  Sentences sentences(1);
  int parsed = 0;
  for (int i = 0; i < 5000; ++i) {
    const auto text = i % 4 == 0 ? sentences.junk() : sentences.expression();
    SyntaxError error;
    const auto tree = parse(text, error);
    if (!tree) {
      EXPECT_FALSE(error.code.empty()) << text;
      EXPECT_LE(error.offset, text.size()) << text;
      continue;
    }
    ++parsed;
    const auto printed = print(*tree);
    if (printed.size() > 4096) continue;
    const auto again = parse(printed, error);
    // The printed form has more parentheses, so a tree near the limit may be too deep the second
    // time.
    if (!again && error.code == "E-LIMIT") continue;
    ASSERT_TRUE(again) << text << "\n" << printed << "\n" << error.message;
    EXPECT_TRUE(same(*tree, *again)) << text << "\n" << printed;
  }
  EXPECT_GT(parsed, 2000);
}

TEST(Properties, every_line_is_refused_with_a_reason_or_gives_its_type) {
  Sentences sentences(2);
  World world;
  const auto record =
      *parse_json(R"({"a":"x","b":"Jürgen","phones":["1","+2"],"uac":514,"active":true,
      "end":"2026-01-01","entry":"cn=a,dc=x","mail":"a@b.example","groups":["cn=a,dc=x"],
      "emails":[{"type":"work","value":"a@b.example"}],"name":{"givenName":"Anna"}})");
  const Value empty = Value::Object{};
  int compiled = 0;
  for (int i = 0; i < 20'000; ++i) {
    const auto text = sentences.expression(3);
    const auto program = world.compiled(text, {.flow = true});
    if (!program) {
      ASSERT_TRUE(has_errors(world.diagnostics)) << text;
      continue;
    }
    ++compiled;
    for (const auto* input : {&record, &empty}) {
      world.machine.start(world.layout,
                          {.record = input, .from = world.from, .sources = world.sources});
      const auto outcome = world.machine.run(*program);
      std::vector<Step> steps;
      EXPECT_EQ(World::shown(world.machine.trace(*program, steps)), World::shown(outcome)) << text;
      const auto& type = program->type();
      const bool gave_nothing = outcome.kind == Outcome::Kind::none;
      EXPECT_FALSE(gave_nothing && !type.optional && type.kind != Type::Kind::nothing)
          << text << " is " << name_of(type);
      if (outcome.kind != Outcome::Kind::value) continue;
      const auto tag = outcome.value.tag;
      EXPECT_EQ(tag == Datum::Tag::list, type.kind == Type::Kind::list) << text;
      EXPECT_EQ(tag == Datum::Tag::boolean, type.kind == Type::Kind::boolean) << text;
      EXPECT_EQ(tag == Datum::Tag::integer, type.kind == Type::Kind::integer) << text;
      EXPECT_EQ(tag == Datum::Tag::dn, type.kind == Type::Kind::dn) << text;
    }
  }
  EXPECT_GT(compiled, 1000);
}

// What trim, collapse and the door take as they are, without looking closely, is what Unicode says.
TEST(Properties, every_character_of_the_basic_plane_is_a_blank_or_composed_as_icu_has_it) {
  World world;
  const auto trimmed = world.compiled("a | trim");
  const auto collapsed = world.compiled("a | collapse");
  ASSERT_TRUE(trimmed && collapsed);
  const auto run = [&](const Program& program, const std::string& text) {
    Value record;
    record.set("a", text);
    world.machine.start(world.layout, {.record = &record});
    const auto outcome = world.machine.run(program);
    return std::string(outcome.kind == Outcome::Kind::value ? outcome.value.text() : "");
  };
  for (char32_t c = 1; c <= 0xFFFF; ++c) {
    if (c >= 0xD800 && c <= 0xDFFF) continue;
    char bytes[4];
    const std::string one(bytes, put_code_point(bytes, c));
    const bool blank = u_isUWhiteSpace(static_cast<UChar32>(c)) != 0;
    const bool unseen = trim_invisible(one).empty();
    ASSERT_TRUE(unseen || !blank) << static_cast<unsigned>(c);
    const auto inner = nfc("x" + one + "y");
    ASSERT_EQ(run(*trimmed, one + "x" + one + "y" + one),
              unseen ? inner : nfc(one + "x" + one + "y" + one))
        << static_cast<unsigned>(c);
    ASSERT_EQ(run(*collapsed, "x" + one + "y"), blank ? "x y" : inner) << static_cast<unsigned>(c);
    ASSERT_EQ(run(*collapsed, "x " + one + "y"), blank ? "x y" : nfc("x " + one + "y"))
        << static_cast<unsigned>(c);
  }
}

TEST(Properties, evaluation_never_fails_badly_on_odd_records) {
  World world;
  std::vector<Program> programs;
  for (const char* line :
       {"clean(displayName) ?? userName",
        "mailbox(emails[type == \"work\"].value | first, userName)",
        "groups | map(g => rdn(g)) | map(g => slug(g))", "\"{a | slug}-{uac}\"",
        "domain_in(mail, own_domains)",
        "if bit(uac ?? 0, 2) then ascii(a, \"german\") else left(a, 3)",
        "a | title | collapse | right(2)", "under_any(entry, staff_ous)",
        "phones | unique | sort | join", "a | fold | before(\"@\") | pad_left(5, \"ü\")",
        "replace_re(a, \"[^a-z]+\", \"-\")", "find_re(b, \"(.)(.)\", 2)", "slice(a, 1, -1)",
        "start ?? end ?? run_date", "strip_marks(a)", "a | split(\",\") | count", "parent(entry)",
        "name.givenName ?? a | upper"}) {
    auto program = world.compiled(line);
    ASSERT_TRUE(program) << line << " " << describe(world.diagnostics.at(0));
    programs.push_back(*std::move(program));
  }
  std::mt19937 random(3);
  const std::vector<std::string> names = {"displayName", "userName", "emails", "groups", "a",
                                          "b",           "uac",      "mail",   "entry",  "phones",
                                          "start",       "end",      "name"};
  const auto text = [&] {
    static constexpr std::string_view pieces[] = {
        "a",    "Z",    " ",           "ü",   "\u0301", "@",      ".",
        ",",    "=",    "\\",          "cn=", "ß",      "中",     "\xff",
        "\xc3", "\r\n", "👨‍👧", "1",   "-",      "\u200b", std::string_view("\0", 1),
        "+",    "dc",   "\u3002"};
    std::string out;
    for (auto i = random() % 12; i > 0; --i) out += pieces[random() % std::size(pieces)];
    return out;
  };
  const auto value = [&](auto& self, int depth) -> Value {
    switch (random() % (depth > 0 ? 8 : 5)) {
      case 0:
        return {};
      case 1:
        return Value(static_cast<std::int64_t>(random()));
      case 2:
        return Value(random() % 2 == 0);
      case 3:
        return Value(1.5);
      case 4:
        return Value(text());
      case 5: {
        Value::List list;
        for (auto i = random() % 4; i > 0; --i) list.push_back(self(self, depth - 1));
        return Value(std::move(list));
      }
      default: {
        Value object;
        for (const char* name : {"type", "value", "givenName", "primary"})
          object.set(name, self(self, depth - 1));
        return object;
      }
    }
  };
  for (int i = 0; i < 3000; ++i) {
    Value record;
    for (const auto& name : names) record.set(name, value(value, 2));
    world.machine.start(world.layout, {.record = &record});
    for (const auto& program : programs) {
      const auto outcome = world.machine.run(program);
      if (outcome.kind == Outcome::Kind::value) static_cast<void>(to_value(outcome.value));
      EXPECT_EQ(outcome.kind == Outcome::Kind::error || outcome.left_out(), !outcome.code.empty())
          << program.text();
    }
  }
}

// The fast ways for plain DNs and addresses must say what the whole parsers say.
TEST(Properties, fast_conversions_agree_with_the_parsers) {
  World world;
  const auto dn_line = world.compiled("dn(a)");
  const auto email_line = world.compiled("email(a)");
  ASSERT_TRUE(dn_line && email_line);
  std::mt19937 random(5);
  static constexpr std::string_view dn_pieces[] = {
      "cn=", "OU=",  "dc=",  "a",      "B c",     " ",        ",", ", ",
      "+",   "\\,",  "\\2c", "=",      "userid=", "2.5.4.3=", "ü", "#",
      "#04", "x  y", ";",    "email=", "\u3000",  "cn =",     "-"};
  static constexpr std::string_view mail_pieces[] = {
      "a", "B", "@", ".", "-",  "--", "xn--",      "example", "acme.",     "ü",
      " ", "_", "+", "'", "\"", "1",  "bcher-kva", "\u200b",  "@x.example"};
  int dns = 0;
  int emails = 0;
  for (int i = 0; i < 20'000; ++i) {
    std::string dn_text_in;
    std::string mail;
    for (auto n = 1 + random() % 9; n > 0; --n)
      dn_text_in += dn_pieces[random() % std::size(dn_pieces)];
    for (auto n = 1 + random() % 7; n > 0; --n)
      mail += mail_pieces[random() % std::size(mail_pieces)];
    const auto run = [&world](const Program& program, const std::string& text) {
      world.record = Value();
      world.record.set("a", Value(nfc(text)));
      world.machine.start(world.layout, {.record = &world.record});
      return world.machine.run(program);
    };
    if (const auto outcome = run(*dn_line, dn_text_in); outcome.kind != Outcome::Kind::none) {
      const auto dn = parse_dn(nfc(dn_text_in));
      ASSERT_EQ(outcome.kind == Outcome::Kind::value, dn.has_value()) << dn_text_in;
      if (dn) {
        ++dns;
        EXPECT_EQ(outcome.value.dn_key(), dn->key) << dn_text_in;
        EXPECT_EQ(outcome.value.dn_->first_value, dn->first_value) << dn_text_in;
        EXPECT_EQ(parse_dn(dn_text(dn->key))->key, dn->key) << dn_text_in;
      }
    }
    if (const auto outcome = run(*email_line, mail); outcome.kind != Outcome::Kind::none) {
      const auto email = parse_email(nfc(mail));
      EXPECT_EQ(World::shown(outcome), email ? email->text() : email.error().code) << mail;
      emails += email.has_value();
    }
  }
  EXPECT_GT(dns, 500);
  EXPECT_GT(emails, 500);
}

TEST(Properties, junk_never_gets_through_unexplained) {
  Sentences sentences(4);
  World world;
  for (int i = 0; i < 20'000; ++i) {
    const auto text = sentences.junk();
    const bool good = world.compiled(text).has_value();
    ASSERT_NE(good, has_errors(world.diagnostics)) << text;
  }
}

// Instructions cannot be counted portably, so time stands for work: eight times the input may not
// cost more than 32 times as much (a quadratic function would need 64 times).
TEST(Properties, time_is_linear_in_the_input) {
  World world;
  const auto seconds = [&world](const Program& program, std::size_t size) {
    Value record;
    record.set("a", Value(std::string(size, 'a') + " ."));
    auto best = std::chrono::nanoseconds::max();
    for (int i = 0; i < 15; ++i) {
      const auto start = std::chrono::steady_clock::now();
      world.machine.start(world.layout, {.record = &record});
      static_cast<void>(world.machine.run(program));
      best = std::min(best, std::chrono::duration_cast<std::chrono::nanoseconds>(
                                std::chrono::steady_clock::now() - start));
    }
    return static_cast<double>(best.count()) + 2000.0;
  };
  for (const char* line :
       {"collapse(a)", "lower(a)", "slug(a)", "a ~ \"(a*)*b\"", "replace(a, \"b\", \"c\")",
        "split(a, \"b\")", "before(a, \"ab\")", "word(a, 3)", "len(a)",
        "replace_re(a, \"(a|aa)+$\", \"\")", "title(a)", "hex(a) | len", "name_case(a)",
        "sha256(a)", "base64_utf16(a) | len", "phone(a, \"DE\")", "bcp47(a)"}) {
    const auto program = world.compiled(line);
    ASSERT_TRUE(program) << line;
    EXPECT_LT(seconds(*program, 24'000), 32 * seconds(*program, 3'000)) << line;
  }
}

}  // namespace
}  // namespace muster::mappings
