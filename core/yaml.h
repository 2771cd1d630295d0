// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/diagnostic.h"

namespace muster {

// From byte `offset` of a scalar's text on, the characters stand one after the other in the file,
// beginning at that line and column.
struct YamlPiece {
  std::size_t offset = 0;
  int line = 0;
  int column = 0;
};

// A YAML document as text with places: every scalar stays the text that was written (typing `012`
// or `yes` is the reader's business). Plain value. Lines and columns start at 1; columns count
// characters, a tab is one.
struct YamlNode {
  enum class Kind { null, scalar, sequence, mapping };
  struct Entry;

  Kind kind = Kind::null;
  bool quoted = false;    // a quoted or block scalar
  bool block = false;     // a `|` or `>` scalar
  std::string text = {};  // scalar
  // Scalars whose text does not stand in the file as it is (block scalars, escapes, line breaks):
  // where its pieces stand, by offset. Empty: the text runs on from behind the quote, if there is
  // one.
  std::vector<YamlPiece> pieces = {};
  std::vector<YamlNode> items = {};
  std::vector<Entry> entries;  // no initialiser: clang would want Entry to be complete
  int line = 0;
  int column = 0;

  // The entry of that key, or nullptr.
  const YamlNode* find(std::string_view key) const;
};

struct YamlNode::Entry {
  std::string key;
  int line = 0;
  int column = 0;
  YamlNode value;
};

struct YamlFile {
  YamlNode root;
  std::vector<Diagnostic> diagnostics;  // when it has errors, `root` holds what could be read
};

// Found: syntax errors, more than one document (E-YAML), duplicate keys (E-DUP), keys that are
// missing or no scalar (E-KEY), anchors and aliases, depth beyond 64, more than 4 MiB (E-LIMIT),
// invalid UTF-8 (E-UTF8). Tags are ignored. Reading ends at a syntax error or after 100
// findings.
YamlFile read_yaml(std::string_view text, std::string file);

// As read_yaml; a file that cannot be read is the diagnostic E-FILE.
YamlFile read_yaml_file(const std::filesystem::path& path);

}  // namespace muster
