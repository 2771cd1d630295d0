// SPDX-License-Identifier: Apache-2.0
#include "core/yaml.h"

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <sstream>
#include <unordered_map>

#include "core/text.h"
#include "core/yaml_pieces.h"
#include "core/yaml_text.h"

namespace muster {
namespace {

constexpr std::size_t most_bytes = 4 << 20;
constexpr std::size_t most_depth = 64;
constexpr std::size_t most_problems = 100;

// Thrown through yaml-cpp to end its work: what follows would not be worth reading.
struct Abandoned {};

constexpr const char* alias_refused = "aliases (*name) are not supported; write the value out";

// Builds the tree from yaml-cpp's events. One document.
class Builder : public YAML::EventHandler {
 public:
  Builder(std::string_view text, YamlFile& out, const std::string& file)
      : text_(text), out_(out), file_(file) {}

  // yaml-cpp's own words, put better where they are frequent and hard to understand.
  void report_syntax(const YAML::Exception& problem) {
    if (problem.mark.is_null()) return add(text_.at(0), "E-YAML", problem.msg);
    const YamlPlace place = place_of(problem.mark);
    const std::string_view words = problem.msg;
    const std::size_t tab = text_.indenting_tab(place);
    if (tab != std::string_view::npos) {
      add(text_.at(tab), "E-YAML", "a tab cannot indent a line; use blanks");
    } else if (words.starts_with(YAML::ErrorMsg::UNKNOWN_ANCHOR)) {
      add(place, "E-LIMIT", alias_refused);
    } else if (words == YAML::ErrorMsg::MAP_VALUE) {
      add(place, "E-YAML", "a ':' cannot be here; put a text that holds ': ' in quotes");
    } else if (words == YAML::ErrorMsg::UNKNOWN_TOKEN) {
      add(place, "E-YAML", "a text cannot begin with this character; put it in quotes");
    } else {
      add(place, "E-YAML", problem.msg);
    }
  }

  // What is open when reading breaks off is kept as far as it came.
  void close_all() {
    while (!open_.empty()) close();
  }

  void OnDocumentStart(const YAML::Mark& mark) override {
    if (documents_++ == 0) return;
    const YamlPlace place = place_of(mark);
    report(place, "E-YAML",
           text_.starts_with(place, "---")
               ? "a second document begins here; the file must hold one"
               : "this does not belong to what is before it; is a blank missing behind a ':'?");
    throw Abandoned();
  }
  void OnDocumentEnd() override {}

  void OnNull(const YAML::Mark& mark, YAML::anchor_t) override {
    add_null(text_.content(place_of(mark)));
  }

  void OnAlias(const YAML::Mark& mark, YAML::anchor_t) override {
    last_ = place_of(mark);
    report(last_, "E-LIMIT", alias_refused);
    if (awaits_key()) {
      skip_key();
    } else {
      attach(node_at(last_, YamlNode::Kind::null));
    }
  }

  void OnAnchor(const YAML::Mark& mark, const std::string& name) override {
    if (name.empty()) return;
    report(place_of(mark), "E-LIMIT", "anchors (&" + name + ") are not supported; remove it");
  }

  void OnScalar(const YAML::Mark& mark, const std::string&, YAML::anchor_t,
                const std::string& text) override {
    const YamlPlace place = text_.content(place_of(mark));
    const char first = text_.peek(place);
    const bool block = first == '|' || first == '>';
    const bool quoted = first == '"' || first == '\'';
    if (quoted && !text_.closes_quote(place)) {
      report(place, "E-YAML", "the quote that begins here is not closed");
      throw Abandoned();
    }
    // A plain null that has a tag comes as a scalar.
    if (!block && !quoted && (text.empty() || text == text_.null_word(place)))
      return add_null(place);
    last_ = place;
    if (awaits_key()) return add_key(place, text);
    YamlNode node = node_at(place, YamlNode::Kind::scalar);
    node.block = block;
    node.quoted = block || quoted;
    node.text = text;
    node.pieces = scalar_pieces(text_.text(), place, text);
    attach(std::move(node));
  }

  void OnSequenceStart(const YAML::Mark& mark, const std::string&, YAML::anchor_t,
                       YAML::EmitterStyle::value) override {
    open(mark, YamlNode::Kind::sequence);
  }
  void OnSequenceEnd() override { close(); }
  void OnMapStart(const YAML::Mark& mark, const std::string&, YAML::anchor_t,
                  YAML::EmitterStyle::value) override {
    open(mark, YamlNode::Kind::mapping);
  }
  void OnMapEnd() override { close(); }

 private:
  // A sequence or mapping that is being read.
  struct Open {
    YamlNode node = {};
    bool has_key = false;  // mapping: the next node is the value of `key`
    bool is_key = false;   // stands where a key should: read, then dropped
    bool keeps = true;     // the next value is kept: its key is a good one
    YamlNode::Entry key = {};
    std::unordered_map<std::string, int> lines = {};  // of the keys so far
  };

  YamlPlace place_of(const YAML::Mark& mark) {
    return text_.at(static_cast<std::size_t>(std::max(mark.pos, 0)));
  }

  void add(const YamlPlace& place, std::string code, std::string message) {
    out_.diagnostics.push_back(
        {Severity::error, file_, place.line, place.column, std::move(code), std::move(message)});
  }

  // For events: nobody reads on behind so many problems, and their list must not outgrow the file.
  void report(const YamlPlace& place, std::string code, std::string message) {
    add(place, std::move(code), std::move(message));
    if (out_.diagnostics.size() >= most_problems) throw Abandoned();
  }

  bool awaits_key() const {
    return !open_.empty() && open_.back().node.kind == YamlNode::Kind::mapping &&
           !open_.back().has_key;
  }

  static YamlNode node_at(const YamlPlace& place, YamlNode::Kind kind) {
    YamlNode node;
    node.kind = kind;
    node.line = place.line;
    node.column = place.column;
    return node;
  }

  void add_null(const YamlPlace& place) {
    const auto word = text_.null_word(place);
    // yaml-cpp puts a value that is not written to the next thing that is.
    const YamlPlace shown = word.empty() ? last_ : place;
    if (!awaits_key()) return attach(node_at(shown, YamlNode::Kind::null));
    last_ = place;
    if (!word.empty()) return add_key(place, std::string(word));
    report_key(place, "a key is missing here");
    skip_key();
  }

  void add_key(const YamlPlace& place, std::string key) {
    Open& mapping = open_.back();
    const auto [held, is_new] = mapping.lines.emplace(key, place.line);
    if (!is_new) {
      report(place, "E-DUP",
             "the key '" + key + "' is already given in line " + std::to_string(held->second));
      return skip_key();
    }
    mapping.has_key = true;
    mapping.keeps = true;
    mapping.key = {std::move(key), place.line, place.column, {}};
  }

  // The value that follows is read and dropped.
  void skip_key() {
    open_.back().has_key = true;
    open_.back().keeps = false;
  }

  // One report for keys within keys.
  void report_key(const YamlPlace& place, std::string message) {
    const bool is_within =
        std::any_of(open_.begin(), open_.end(), [](const Open& o) { return o.is_key; });
    if (!is_within) report(place, "E-KEY", std::move(message));
  }

  void open(const YAML::Mark& mark, YamlNode::Kind kind) {
    const YamlPlace place = text_.content(place_of(mark));
    if (open_.size() >= most_depth) {
      report(place, "E-LIMIT", "nested deeper than " + std::to_string(most_depth) + " levels");
      throw Abandoned();
    }
    const bool is_key = awaits_key();
    if (is_key)
      report_key(place, "a list or mapping cannot be a key; quote it if it is meant as text");
    last_ = place;
    Open& opened = open_.emplace_back();
    opened.node = node_at(place, kind);
    opened.is_key = is_key;
  }

  void close() {
    Open closed = std::move(open_.back());
    open_.pop_back();
    if (closed.is_key) {
      skip_key();
    } else {
      attach(std::move(closed.node));
    }
  }

  void attach(YamlNode node) {
    if (open_.empty()) {
      out_.root = std::move(node);
      return;
    }
    Open& parent = open_.back();
    if (parent.node.kind == YamlNode::Kind::sequence) {
      parent.node.items.push_back(std::move(node));
      return;
    }
    if (parent.keeps) {
      parent.key.value = std::move(node);
      parent.node.entries.push_back(std::move(parent.key));
      parent.key = {};
    }
    parent.has_key = false;
  }

  YamlText text_;
  YamlFile& out_;
  const std::string& file_;
  std::vector<Open> open_ = {};
  YamlPlace last_ = {};  // of the last thing that was written out
  int documents_ = 0;
};

void read_events(std::string_view text, YamlFile& out, const std::string& file) {
  Builder builder(text, out, file);
  try {
    std::istringstream stream{std::string(text)};
    YAML::Parser parser(stream);
    while (parser.HandleNextDocument(builder)) {
    }
  } catch (const Abandoned&) {
    builder.close_all();
  } catch (const YAML::Exception& problem) {
    builder.report_syntax(problem);
    builder.close_all();
  }
}

Diagnostic error(const std::string& file, int line, int column, std::string code,
                 std::string message) {
  return {Severity::error, file, line, column, std::move(code), std::move(message)};
}

}  // namespace

const YamlNode* YamlNode::find(std::string_view key) const {
  const auto entry = std::find_if(entries.begin(), entries.end(),
                                  [&](const Entry& candidate) { return candidate.key == key; });
  return entry == entries.end() ? nullptr : &entry->value;
}

YamlFile read_yaml(std::string_view text, std::string file) {
  YamlFile out;
  out.root.line = 1;
  out.root.column = 1;
  if (text.size() > most_bytes) {
    out.diagnostics.push_back(error(file, 0, 0, "E-LIMIT", "the file has more than 4 MiB"));
    return out;
  }
  if (const auto offset = first_invalid_utf8(text)) {
    const YamlPlace place = YamlText(text).at(*offset);
    out.diagnostics.push_back(
        error(file, place.line, place.column, "E-UTF8",
              "the file is not UTF-8 from here on; save it with that encoding"));
    return out;
  }
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  read_events(text, out, file);
  return out;
}

YamlFile read_yaml_file(const std::filesystem::path& path) {
  const auto unreadable = [&] {
    YamlFile out;
    const std::string why = errno == 0 ? "it is not a file" : std::strerror(errno);
    out.diagnostics.push_back(error(path.string(), 0, 0, "E-FILE", "cannot be read: " + why));
    return out;
  };
  errno = 0;
  std::ifstream stream(path, std::ios::binary);
  if (!stream) return unreadable();
  std::string text(most_bytes + 1, '\0');
  stream.read(text.data(), static_cast<std::streamsize>(text.size()));
  if (stream.bad()) return unreadable();
  text.resize(static_cast<std::size_t>(stream.gcount()));
  return read_yaml(text, path.string());
}

}  // namespace muster
