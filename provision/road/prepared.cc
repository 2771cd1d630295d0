// SPDX-License-Identifier: Apache-2.0
#include "provision/road/prepared.h"

#include <algorithm>

#include "core/json.h"
#include "core/text.h"

namespace muster::provision {
namespace {

bool same_value(const Value& a, const Value& b) {
  return a.is_text() && b.is_text() && fold_key(a.as_text()) == fold_key(b.as_text());
}

// A directory's values have no order of their own: each list of an attribute of which one value is
// read begins with the value that spoke before, while it is among them.
Status keep_first(std::string& document, std::string_view before,
                  const std::vector<std::string>& single) {
  MUSTER_TRY(Value now, parse_json(document));
  MUSTER_TRY(const Value told, parse_json(before));
  bool moved = false;
  for (const auto& name : single) {
    auto* values = now.find_fold(name);
    const auto* earlier = told.find_fold(name);
    if (values == nullptr || earlier == nullptr || !values->is_list()) continue;
    const bool several = earlier->is_list() && !earlier->as_list().empty();
    const Value& spoke = several ? earlier->as_list().front() : *earlier;
    auto& list = values->as_list();
    const auto at =
        std::ranges::find_if(list, [&](const Value& value) { return same_value(value, spoke); });
    if (at == list.end() || at == list.begin()) continue;
    std::rotate(list.begin(), at, at + 1);
    moved = true;
  }
  if (moved) document = write_json(now);
  return {};
}

}  // namespace

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
  // Of the record as it was told: the stored one may have its values in another order.
  prepared.hash = row.head.content_hash;
  const auto said = std::move(row.contribution);
  auto& record = prepared.submission.record = record_of(std::move(row));
  MUSTER_TRY(prepared.mapped, mapper.map_document(record.key, record.document, run_time, &said));
  return prepared;
}

bool reads_one_of_several(const mappings::Mapped& mapped) {
  return std::ranges::any_of(mapped.findings,
                             [](const Finding& finding) { return finding.code == "W-MULTI"; });
}

Result<Prepared> prepare_knowing(const Prepared& item, const store::RecordRow& before,
                                 const mappings::Engine& engine, Timestamp run_time) {
  Prepared prepared{.submission = item.submission, .hash = item.hash};
  auto& record = prepared.submission.record;
  const auto* source = engine.source(record.key.source);
  if (source != nullptr && source->kind == "ldap")
    MUSTER_CHECK(keep_first(record.document, before.document, source->reads_one));
  prepared.mapped = engine.map(record, run_time, {&before.contribution, before.document});
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
