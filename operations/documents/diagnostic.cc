// SPDX-License-Identifier: Apache-2.0
#include "operations/documents/diagnostic.h"

namespace muster::operations {

Value as_document(const Diagnostic& diagnostic) {
  Value document;
  document.set("severity", name_of(diagnostic.severity));
  document.set("file", diagnostic.file);
  document.set("line", diagnostic.line);
  document.set("column", diagnostic.column);
  document.set("code", diagnostic.code);
  document.set("message", diagnostic.message);
  return document;
}

}  // namespace muster::operations
