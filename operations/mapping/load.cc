// SPDX-License-Identifier: Apache-2.0
#include "operations/mapping/load.h"

#include "core/text.h"
#include "operations/mapping/embedded.h"

namespace muster::operations {
namespace {

mappings::Loaded load(const MappingFile& file) {
  using mappings::Engine;
  if (file.path.empty()) return Engine::load_text(generic_mapping, "built-in mapping");
  if (!file.draft) return Engine::load_file(file.path);
  auto loaded = Engine::load_text(file.draft->text, file.path.string());
  for (auto& diagnostic : loaded.diagnostics)
    if (diagnostic.file == file.path) diagnostic.file = file.draft->file.string();
  return loaded;
}

void check_sources(const MappingFile& file, const std::vector<SourceSettings>& sources,
                   const std::string& configuration, const mappings::Engine& engine,
                   std::vector<Diagnostic>& diagnostics) {
  std::vector<std::string> names;
  for (const auto& info : engine.sources()) names.push_back(info.name);
  const auto mapping = file.path.empty() ? std::string("the built-in mapping") : file.path.string();
  for (const auto& source : sources) {
    const auto* info = engine.source(source.name);
    if (info == nullptr) {
      diagnostics.push_back({Severity::error, configuration, source.line, 3, "E-NAME",
                             "source '" + source.name + "' has no rules in " + mapping +
                                 did_you_mean(source.name, names)});
    } else if (info->kind != name_of(source.kind)) {
      diagnostics.push_back({Severity::error, configuration, source.line, 3, "E-KIND",
                             "source '" + source.name + "' is of kind " +
                                 std::string(name_of(source.kind)) + " here and of kind " +
                                 info->kind + " in " + mapping});
    }
  }
}

}  // namespace

LoadedMapping load_mapping(const MappingFile& file, const std::vector<SourceSettings>& sources,
                           const std::string& configuration) {
  auto loaded = load(file);
  LoadedMapping mapping{std::move(loaded.engine), std::move(loaded.diagnostics)};
  if (!mapping.engine) return mapping;
  check_sources(file, sources, configuration, *mapping.engine, mapping.diagnostics);
  if (has_errors(mapping.diagnostics)) mapping.engine.reset();
  return mapping;
}

}  // namespace muster::operations
