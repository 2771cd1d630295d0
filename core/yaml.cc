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

namespace muster {
namespace {

constexpr std::size_t most_bytes = 4 << 20;
constexpr std::size_t most_depth = 64;

struct Place {
  std::size_t offset = 0;
  int line = 0;
  int column = 0;  // characters, not bytes
};

// Thrown through yaml-cpp to end its work: what follows would not be worth reading.
struct Abandoned {};

// The document's text with the places in it; yaml-cpp counts bytes, from 0.
class Source {
 public:
  explicit Source(std::string_view text) : text_(text) {}

  Place at(const YAML::Mark& mark) const {
    const auto offset = std::min(static_cast<std::size_t>(std::max(mark.pos, 0)), text_.size());
    return at(offset, mark.line + 1);
  }

  // Where the node's own text begins: behind a tag (`!!str "1"`) or an anchor (`&here`).
  Place content(const YAML::Mark& mark) const {
    Place place = at(mark);
    std::size_t offset = place.offset;
    while (offset < text_.size() && (text_[offset] == '!' || text_[offset] == '&')) {
      offset = std::min(text_.find_first_of(" \t\r\n", offset), text_.size());
      offset = std::min(text_.find_first_not_of(" \t", offset), text_.size());
    }
    return offset == place.offset ? place : at(offset, place.line);
  }

  char peek(const Place& place) const {
    return place.offset < text_.size() ? text_[place.offset] : '\0';
  }

  // The word for null that is written there (YAML 1.2, 10.2.1.1), or empty when nothing is.
  std::string_view null_word(const Place& place) const {
    for (const std::string_view word : {"~", "null", "Null", "NULL"}) {
      if (text_.substr(place.offset, word.size()) == word) return word;
    }
    return {};
  }

 private:
  Place at(std::size_t offset, int line) const {
    const auto before = text_.substr(0, offset);
    const auto start = before.rfind('\n') == before.npos ? 0 : before.rfind('\n') + 1;
    const auto characters = std::count_if(before.begin() + static_cast<std::ptrdiff_t>(start),
                                          before.end(), [](char c) { return (c & 0xC0) != 0x80; });
    return {offset, line, static_cast<int>(characters) + 1};
  }

  std::string_view text_;
};

// Builds the tree from yaml-cpp's events. One document.
class Builder : public YAML::EventHandler {
 public:
  Builder(std::string_view text, YamlFile& out, const std::string& file)
      : source_(text), out_(out), file_(file) {}

  void report(const Place& place, std::string code, std::string message) {
    out_.diagnostics.push_back(
        {Severity::error, file_, place.line, place.column, std::move(code), std::move(message)});
  }
  void report(const YAML::Mark& mark, std::string code, std::string message) {
    report(source_.at(mark), std::move(code), std::move(message));
  }

  // What is open when reading breaks off is kept as far as it came.
  void close_all() {
    while (!open_.empty()) close();
  }

  void OnDocumentStart(const YAML::Mark& mark) override {
    if (documents_++ == 0) return;
    report(mark, "E-YAML", "a second document begins here; the file must hold one");
    throw Abandoned();
  }
  void OnDocumentEnd() override {}

  void OnNull(const YAML::Mark& mark, YAML::anchor_t) override {
    const Place place = source_.content(mark);
    const auto word = source_.null_word(place);
    if (awaits_key()) {
      add_key(place, std::string(word), !word.empty());
      return;
    }
    YamlNode node;
    // yaml-cpp puts a value that is not written to the next thing that is.
    const Place shown = word.empty() ? last_ : place;
    node.line = shown.line;
    node.column = shown.column;
    attach(std::move(node));
  }

  void OnAlias(const YAML::Mark& mark, YAML::anchor_t) override {
    const Place place = source_.at(mark);
    report(place, "E-ALIAS", "aliases (*name) are not supported; write the value out");
    if (awaits_key()) {
      add_key(place, {}, false);
    } else {
      YamlNode node;
      node.line = place.line;
      node.column = place.column;
      attach(std::move(node));
    }
  }

  void OnAnchor(const YAML::Mark& mark, const std::string& name) override {
    if (!name.empty())
      report(mark, "E-ALIAS", "anchors (&" + name + ") are not supported; remove it");
  }

  void OnScalar(const YAML::Mark& mark, const std::string&, YAML::anchor_t,
                const std::string& text) override {
    const Place place = source_.content(mark);
    last_ = place;
    if (awaits_key()) {
      add_key(place, text, true);
      return;
    }
    const char first = source_.peek(place);
    YamlNode node;
    node.kind = YamlNode::Kind::scalar;
    node.block = first == '|' || first == '>';
    node.quoted = node.block || first == '"' || first == '\'';
    node.text = text;
    node.line = place.line;
    node.column = place.column;
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

  bool awaits_key() const {
    return !open_.empty() && open_.back().node.kind == YamlNode::Kind::mapping &&
           !open_.back().has_key;
  }

  void add_key(const Place& place, std::string key, bool is_written) {
    Open& mapping = open_.back();
    mapping.has_key = true;
    mapping.keeps = is_written;
    last_ = place;
    if (!is_written) {
      report(place, "E-KEY", "a key is missing here: keys are plain or quoted words");
      return;
    }
    const auto [held, is_new] = mapping.lines.emplace(key, place.line);
    if (!is_new) {
      mapping.keeps = false;
      report(place, "E-DUP",
             "the key '" + key + "' is already given in line " + std::to_string(held->second));
      return;
    }
    mapping.key = {std::move(key), place.line, place.column, {}};
  }

  void open(const YAML::Mark& mark, YamlNode::Kind kind) {
    const Place place = source_.content(mark);
    if (open_.size() >= most_depth) {
      report(place, "E-LIMIT", "nested deeper than " + std::to_string(most_depth) + " levels");
      throw Abandoned();
    }
    const bool is_key = awaits_key();
    if (is_key)
      report(place, "E-KEY", "a list or mapping cannot be a key; quote it if it is meant as text");
    last_ = place;
    Open& opened = open_.emplace_back();
    opened.node.kind = kind;
    opened.node.line = place.line;
    opened.node.column = place.column;
    opened.is_key = is_key;
  }

  void close() {
    Open closed = std::move(open_.back());
    open_.pop_back();
    if (closed.is_key) {
      open_.back().has_key = true;
      open_.back().keeps = false;
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

  Source source_;
  YamlFile& out_;
  const std::string& file_;
  std::vector<Open> open_ = {};
  Place last_ = {0, 1, 1};  // of the last thing that was written out
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
    if (problem.mark.is_null()) {
      builder.report(Place{}, "E-YAML", problem.msg);
    } else {
      builder.report(problem.mark, "E-YAML", problem.msg);
    }
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
    const auto line =
        std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(*offset), '\n') + 1;
    out.diagnostics.push_back(error(file, static_cast<int>(line), 0, "E-UTF8",
                                    "the file is not UTF-8; save it with that encoding"));
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
