// SPDX-License-Identifier: Apache-2.0
#include "provision/road/prepared.h"

#include "core/text.h"

namespace muster::provision {

bool is_current(const store::RecordHead& head, std::int64_t hash, std::int64_t fingerprint) {
  const bool settled =
      head.state == store::RecordState::linked || head.state == store::RecordState::skipped;
  return settled && !head.missing_since && head.evaluated_with == fingerprint &&
         head.content_hash == hash;
}

std::string scope_reason(const mappings::Mapped& mapped) {
  return "out of scope by rule '" + mapped.scope_rule + "'";
}

std::string refusal_reason(const mappings::Mapped& mapped) {
  std::string reason = "a mapping rule refused a value";
  for (const auto& finding : mapped.findings) {
    if (finding.severity == Severity::error) reason = finding.message;
  }
  return reason;
}

std::optional<mappings::MatchKey> mail_key(const Contribution& contribution) {
  const auto* mail = contribution.find("email");
  if (mail == nullptr || mail->flow != Flow::value || !mail->value.is_text()) return std::nullopt;
  return mappings::MatchKey{"email", fold_key(mail->value.as_text())};
}

SourceRecord record_of(store::RecordRow row) {
  SourceRecord record;
  record.where = row.aliases.empty() ? row.head.key.key : row.aliases.front();
  record.key = std::move(row.head.key);
  record.document = std::move(row.document);
  record.search = std::move(row.search);
  record.aliases = std::move(row.aliases);
  return record;
}

Result<Prepared> prepare_again(store::RecordRow row, mappings::RecordMapper& mapper,
                               Timestamp run_time) {
  Prepared prepared;
  auto& record = prepared.submission.record = record_of(std::move(row));
  MUSTER_TRY(prepared.mapped, mapper.map_document(record.key, record.document, run_time));
  prepared.hash = hash_of(record);
  return prepared;
}

Result<Prepared> prepare(Submission submission, const mappings::Engine& engine,
                         Timestamp run_time) {
  Prepared prepared;
  const auto& record = submission.record;
  if (engine.source(record.key.source) == nullptr) {
    return fail(
        Fault::invalid,
        "the mapping file has no source '" + record.key.source + "'; add it under `sources:` there",
        record.where);
  }
  if (submission.kind == Submission::Kind::put) {
    prepared.hash = hash_of(record);
    if (record.key.type == ResourceType::user) prepared.mapped = engine.map(record, run_time);
  }
  prepared.submission = std::move(submission);
  return prepared;
}

}  // namespace muster::provision
