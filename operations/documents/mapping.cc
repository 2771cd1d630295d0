// SPDX-License-Identifier: Apache-2.0
#include "operations/documents/mapping.h"

#include "operations/documents/diagnostic.h"

namespace muster::operations {
namespace {

Value number(std::size_t count) { return Value(static_cast<std::int64_t>(count)); }

Value summary_of(const CheckedMapping& checked) {
  const auto& loaded = checked.loaded;
  Value tests{Value::Object{}};
  tests.set("run", number(loaded.tests.run));
  tests.set("failed", number(loaded.tests.failed));
  Value coverage{Value::Object{}};
  coverage.set("rules", number(loaded.rules));
  coverage.set("covered", number(loaded.tests.covered));
  Value out{Value::Object{}};
  out.set("file", checked.file.string());
  out.set("good", checked.good);
  out.set("sha256", loaded.sha256);
  out.set("sources", number(loaded.sources));
  out.set("rules", number(loaded.rules));
  out.set("tests", std::move(tests));
  out.set("coverage", std::move(coverage));
  return out;
}

Value as_document(Finding finding, const mappings::Engine& engine) {
  if (engine.sensitive(finding.attribute)) {
    finding.message = "its value is sensitive";
    finding.value.clear();
  }
  return document_of(finding);
}

}  // namespace

Value as_document(const CheckedMapping& checked) {
  Value::List diagnostics;
  for (const auto& diagnostic : checked.loaded.diagnostics) {
    auto one = as_document(diagnostic);
    if (auto suggestion = suggestion_of(diagnostic); !suggestion.empty())
      one.set("suggestion", std::move(suggestion));
    diagnostics.push_back(std::move(one));
  }
  Value out{Value::Object{}};
  out.set("diagnostics", std::move(diagnostics));
  out.set("summary", summary_of(checked));
  return out;
}

Value as_document(const mappings::Mapped& mapped, const mappings::Engine& engine,
                  const auth::Veil& veil) {
  Value document;
  document.set("inScope", mapped.in_scope);
  if (!mapped.in_scope) document.set("skippedBy", mapped.scope_rule);
  document.set("quarantined", mapped.quarantined);
  document.set("linkKey", mapped.link_key);
  document.set("enabled", mapped.enabled);
  Value attributes{Value::Object{}}, flows{Value::Object{}};
  for (const auto& offer : mapped.contribution.offers) {
    const bool hidden = engine.sensitive(offer.attribute);
    if (offer.flow == Flow::value)
      attributes.set(offer.attribute, hidden ? veil(offer.value) : offer.value);
    else
      flows.set(offer.attribute, offer.flow == Flow::clear ? "clear" : "keep");
  }
  document.set("attributes", std::move(attributes));
  document.set("flows", std::move(flows));
  Value::List findings;
  for (const auto& finding : mapped.findings) findings.push_back(as_document(finding, engine));
  document.set("findings", std::move(findings));
  return document;
}

Value as_document(const Preset& preset) {
  Value document;
  document.set("name", std::string(preset.name));
  document.set("about", about(preset));
  return document;
}

}  // namespace muster::operations
