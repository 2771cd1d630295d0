// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/diagnostic.h"

namespace muster {

// A YAML document as text with places: every scalar stays the text that was written (typing `012`
// or `yes` is the reader's business). Plain value. Lines and columns start at 1.
struct YamlNode {
  enum class Kind { null, scalar, sequence, mapping };
  struct Entry;

  Kind kind = Kind::null;
  bool quoted = false;    // a quoted or block scalar
  bool block = false;     // a `|` or `>` scalar: positions inside it are those of its first line
  std::string text = {};  // scalar
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
// missing or no scalar (E-KEY), anchors and aliases (E-ALIAS), depth beyond 64, more than 4 MiB
// (E-LIMIT), invalid UTF-8 (E-UTF8). Tags are ignored. Reading ends at a syntax error or after 100
// findings.
YamlFile read_yaml(std::string_view text, std::string file);

// As read_yaml; a file that cannot be read is the diagnostic E-FILE.
YamlFile read_yaml_file(const std::filesystem::path& path);

}  // namespace muster
