// SPDX-License-Identifier: Apache-2.0
#include "provision/road/prepared.h"

#include "core/content_hash.h"
#include "core/json.h"
#include "core/text.h"

namespace muster::provision {

std::int64_t hash_of(const SourceRecord& record, std::string_view document) {
  if (!record.members && record.aliases.empty()) return content_hash(document);
  std::string text(document);
  for (const auto& alias : record.aliases) text.append("\n@").append(alias);
  if (record.members) {
    text += "\n#";
    for (const auto& member : *record.members) {
      text.append("\n").append(name_of(member.type)).append(":").append(member.key);
    }
  }
  return content_hash(text);
}

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

SourceRecord record_of(const store::RecordRow& row) {
  SourceRecord record;
  record.key = row.head.key;
  record.search = row.search;
  record.aliases = row.aliases;
  record.where = row.aliases.empty() ? row.head.key.key : row.aliases.front();
  return record;
}

Result<Prepared> prepare_again(store::RecordRow row, mappings::RecordMapper& mapper,
                               Timestamp run_time) {
  Prepared prepared;
  prepared.submission.record = record_of(row);
  MUSTER_TRY(prepared.mapped, mapper.map_document(row.head.key, row.document, run_time));
  prepared.hash = hash_of(prepared.submission.record, row.document);
  prepared.document = std::move(row.document);
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
    prepared.document = write_json(record.attributes);
    prepared.hash = hash_of(record, prepared.document);
    if (record.key.type == ResourceType::user) prepared.mapped = engine.map(record, run_time);
  }
  prepared.submission = std::move(submission);
  return prepared;
}

}  // namespace muster::provision
