// SPDX-License-Identifier: Apache-2.0
#include "operations/sources/read.h"

#include "connectors/csv/csv_source.h"

namespace muster::operations {
namespace {

std::unique_ptr<Source> directory(const SourceSettings& source, const mappings::SourceInfo& info) {
  auto options = source.ldap;
  for (const auto& name : info.reads) {
    if (name != "dn" && name != info.key) options.users.attributes.push_back(name);
  }
  options.users.single = info.reads_one;
  if (options.key_attribute.empty() && info.key != "dn") options.key_attribute = info.key;
  options.key_match = info.key_match(options.key_attribute);
  return std::make_unique<connectors::ldap::LdapSource>(std::move(options));
}

}  // namespace

Result<std::unique_ptr<Source>> make_source(const SourceSettings& source,
                                            const mappings::Engine& engine,
                                            const std::string& file) {
  const auto* info = engine.source(source.name);
  if (source.kind == SourceKind::scim) {
    return fail(Fault::invalid,
                "source '" + source.name +
                    "' is of kind scim: its identity provider pushes, nobody reads it");
  }
  if (source.kind == SourceKind::ldap) return directory(source, *info);
  connectors::csv::CsvOptions options;
  options.path = file.empty() ? source.file : file;
  if (options.path.empty()) {
    return fail(Fault::invalid,
                "source '" + source.name + "' has no file: configure 'file' or name one");
  }
  options.source = source.name;
  options.key = info->key;
  options.key_match = info->match;
  options.expected = info->reads;
  options.required = info->reads;
  options.delimiter = source.delimiter;
  return std::unique_ptr<Source>(std::make_unique<connectors::csv::CsvSource>(std::move(options)));
}

}  // namespace muster::operations
