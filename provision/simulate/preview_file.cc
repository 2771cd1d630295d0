// SPDX-License-Identifier: Apache-2.0
#include "provision/simulate/preview_file.h"

#include <span>

#include "provision/runs/bytes.h"

namespace muster::provision {
namespace {

void append_time(std::string& out, const std::optional<Timestamp>& time) {
  append_raw(out, time.has_value());
  append_raw(out, time ? time->time_since_epoch().count() : Timestamp::rep{0});
}

std::optional<Timestamp> read_time(Reading& reading) {
  const bool known = reading.raw<bool>();
  const Timestamp time{Timestamp::duration(reading.raw<Timestamp::rep>())};
  return known ? std::optional(time) : std::nullopt;
}

void append_facts(std::string& out, const Identity& identity) {
  append_each(out, identity.attributes, [&out](const IdentityAttribute& one) {
    append_text(out, one.name);
    append_value(out, one.value);
    append_text(out, one.source);
    append_text(out, one.rule);
    append_text(out, one.refers_to);
  });
  append_each(out, identity.groups, [&out](const GroupMembership& one) {
    append_text(out, one.path);
    append_text(out, one.role);
    append_text(out, one.rule);
    append_raw(out, one.create);
  });
  append_texts(out, identity.sources);
  append_each(out, identity.findings, [&out](const Finding& one) {
    append_raw(out, one.severity);
    append_text(out, one.code);
    append_text(out, one.attribute);
    append_text(out, one.message);
  });
}

void read_facts(Reading& reading, Identity& identity) {
  // Elements of a braced list are evaluated from left to right.
  identity.attributes = read_each<IdentityAttribute>(reading, [&reading] {
    return IdentityAttribute{reading.text(), reading.value(), reading.text(), reading.text(),
                             reading.text()};
  });
  identity.groups = read_each<GroupMembership>(reading, [&reading] {
    return GroupMembership{reading.text(), reading.text(), reading.text(), reading.raw<bool>()};
  });
  identity.sources = reading.texts();
  identity.findings = read_each<Finding>(reading, [&reading] {
    return Finding{reading.raw<Severity>(), reading.text(), reading.text(), reading.text()};
  });
}

void append_head(std::string& out, const store::RecordHead& head) {
  append_text(out, head.id);
  append_text(out, head.key.source);
  append_raw(out, head.key.type);
  append_text(out, head.key.key);
  append_text(out, head.link_key);
  append_raw(out, head.content_hash);
  append_raw(out, head.evaluated_with);
  append_text(out, head.identity_id);
  append_raw(out, head.state);
  append_raw(out, head.enabled);
  append_time(out, head.missing_since);
  append_raw(out, head.version);
  append_raw(out, head.row);
  append_time(out, head.created);
  append_time(out, head.modified);
}

store::RecordHead read_head(Reading& reading) {
  store::RecordHead head;
  head.id = reading.text();
  head.key.source = reading.text();
  head.key.type = reading.raw<ResourceType>();
  head.key.key = reading.text();
  head.link_key = reading.text();
  head.content_hash = reading.raw<std::int64_t>();
  head.evaluated_with = reading.raw<std::int64_t>();
  head.identity_id = reading.text();
  head.state = reading.raw<store::RecordState>();
  head.enabled = reading.raw<bool>();
  head.missing_since = read_time(reading);
  head.version = reading.raw<std::int64_t>();
  head.row = reading.raw<std::int64_t>();
  head.created = read_time(reading).value_or(Timestamp{});
  head.modified = read_time(reading).value_or(Timestamp{});
  return head;
}

void append_contribution(std::string& out, const Contribution& contribution) {
  append_text(out, contribution.tag);
  append_each(out, contribution.offers, [&out](const Offer& one) {
    append_text(out, one.attribute);
    append_raw(out, one.flow);
    append_value(out, one.value);
  });
  append_each(out, contribution.lapsed, [&out](const Lapsed& one) {
    append_text(out, one.attribute);
    append_value(out, one.value);
    append_time(out, one.since);
  });
  append_value(out, contribution.rank);
}

Contribution read_contribution(Reading& reading) {
  Contribution contribution;
  contribution.tag = reading.text();
  contribution.offers = read_each<Offer>(reading, [&reading] {
    return Offer{reading.text(), reading.raw<Flow>(), reading.value()};
  });
  contribution.lapsed = read_each<Lapsed>(reading, [&reading] {
    return Lapsed{reading.text(), reading.value(), read_time(reading).value_or(Timestamp{})};
  });
  contribution.rank = reading.value();
  return contribution;
}

tl::unexpected<Error> unreadable() {
  return fail(Fault::internal, "what a preview put aside cannot be read back: run again");
}

}  // namespace

Result<PreviewFile::Place> PreviewFile::put(const Identity& identity) {
  const auto begin = bytes_.size();
  append_text(bytes_, identity.id);
  append_text(bytes_, identity.user_name);
  append_text(bytes_, identity.email);
  append_raw(bytes_, identity.classification);
  append_text(bytes_, identity.classification_rule);
  append_raw(bytes_, identity.state);
  append_text(bytes_, identity.state_reason);
  append_facts(bytes_, identity);
  append_time(bytes_, identity.due);
  append_raw(bytes_, identity.version);
  append_time(bytes_, identity.created);
  append_time(bytes_, identity.modified);
  return put_end(begin);
}

Result<Identity> PreviewFile::identity(Place place) const {
  MUSTER_TRY(const auto bytes, bytes_at(place));
  Reading reading(bytes);
  Identity identity;
  identity.id = reading.text();
  identity.user_name = reading.text();
  identity.email = reading.text();
  identity.classification = reading.raw<Classification>();
  identity.classification_rule = reading.text();
  identity.state = reading.raw<IdentityState>();
  identity.state_reason = reading.text();
  read_facts(reading, identity);
  identity.due = read_time(reading);
  identity.version = reading.raw<std::int64_t>();
  identity.created = read_time(reading).value_or(Timestamp{});
  identity.modified = read_time(reading).value_or(Timestamp{});
  if (!reading.good()) return unreadable();
  return identity;
}

Result<PreviewFile::Place> PreviewFile::put(const store::RecordRow& row) {
  const auto begin = bytes_.size();
  append_head(bytes_, row.head);
  append_contribution(bytes_, row.contribution);
  append_text(bytes_, row.correlated_by);
  append_text(bytes_, row.state_reason);
  append_search(bytes_, row.search);
  append_texts(bytes_, row.aliases);
  return put_end(begin);
}

Result<store::RecordRow> PreviewFile::row(Place place) const {
  MUSTER_TRY(const auto bytes, bytes_at(place));
  Reading reading(bytes);
  store::RecordRow row;
  row.head = read_head(reading);
  row.contribution = read_contribution(reading);
  row.contribution.key = row.head.key;
  row.correlated_by = reading.text();
  row.state_reason = reading.text();
  row.search = read_search(reading);
  row.aliases = reading.texts();
  if (!reading.good()) return unreadable();
  return row;
}

// What was appended from `begin` on has this place from now on.
Result<PreviewFile::Place> PreviewFile::put_end(std::size_t begin) {
  const Place place{(file_ ? file_->size() : 0) + begin,
                    static_cast<std::uint32_t>(bytes_.size() - begin)};
  if (bytes_.size() < memory_) return place;
  if (!file_) {
    MUSTER_TRY(file_, NamelessFile::make({}));
  }
  MUSTER_CHECK(file_->append(bytes_));
  bytes_.clear();
  return place;
}

Result<std::string> PreviewFile::bytes_at(Place place) const {
  const auto in_file = file_ ? file_->size() : 0;
  if (place.offset >= in_file) return bytes_.substr(place.offset - in_file, place.size);
  std::string bytes(place.size, '\0');
  MUSTER_CHECK(file_->read(place.offset, std::span(bytes)));
  return bytes;
}

}  // namespace muster::provision
