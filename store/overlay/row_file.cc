// SPDX-License-Identifier: Apache-2.0
#include "store/overlay/row_file.h"

#include <span>

#include "store/codec.h"
#include "store/overlay/columns.h"
#include "store/sql/member_count.h"

namespace muster::store {
namespace {

// What is written and read below names every member but a record's document, which is told again,
// and what a person was settled by. A new member belongs there, too.
static_assert(member_count<SourceKey>() == 3 && member_count<SearchKeys>() == 6);
static_assert(member_count<RecordHead>() == 13 && member_count<RecordRow>() == 8);
static_assert(member_count<Identity>() == 16);

void write(ColumnWriter& out, const RecordHead& head) {
  out.text(head.id).text(head.key.source).code(head.key.type).text(head.key.key);
  out.text(head.link_key).number(head.content_hash).number(head.evaluated_with);
  out.text(head.identity_id).code(head.state).number(head.enabled).time(head.missing_since);
  out.number(head.version).number(head.row).time(head.created).time(head.modified);
}

RecordHead read_head(ColumnReader& in) {
  RecordHead head;
  head.id = in.text();
  head.key.source = in.text();
  head.key.type = in.code<ResourceType>();
  head.key.key = in.text();
  head.link_key = in.text();
  head.content_hash = in.number();
  head.evaluated_with = in.number();
  head.identity_id = in.text();
  head.state = in.code<RecordState>();
  head.enabled = in.flag();
  head.missing_since = in.time();
  head.version = in.number();
  head.row = in.number();
  head.created = in.time().value_or(Timestamp{});
  head.modified = in.time().value_or(Timestamp{});
  return head;
}

void write(ColumnWriter& out, const SearchKeys& search) {
  out.text(search.user_name).text(search.external_id).text(search.display_name);
  out.text(write_texts(search.emails));
  out.number(search.active.has_value()).number(search.active.value_or(false));
  out.text(search.display);
}

Result<SearchKeys> read_search(ColumnReader& in) {
  SearchKeys search;
  search.user_name = in.text();
  search.external_id = in.text();
  search.display_name = in.text();
  MUSTER_TRY(search.emails, read_texts(in.view()));
  const bool told = in.flag(), active = in.flag();
  if (told) search.active = active;
  search.display = in.text();
  return search;
}

Result<Identity> read_identity(ColumnReader& in) {
  Identity identity;
  identity.id = in.text();
  identity.user_name = in.text();
  identity.email = in.text();
  identity.classification = in.code<Classification>();
  identity.classification_rule = in.text();
  identity.state = in.code<IdentityState>();
  identity.state_reason = in.text();
  MUSTER_TRY(identity.attributes, read_attributes(in.view()));
  MUSTER_TRY(identity.groups, read_memberships(in.view()));
  MUSTER_TRY(identity.sources, read_texts(in.view()));
  MUSTER_TRY(identity.findings, read_findings(in.view()));
  identity.due = in.time();
  identity.version = in.number();
  identity.created = in.time().value_or(Timestamp{});
  identity.modified = in.time().value_or(Timestamp{});
  return identity;
}

Result<RecordRow> read_row(ColumnReader& in) {
  RecordRow row;
  row.head = read_head(in);
  MUSTER_TRY(row.contribution, read_contribution(in.view(), row.head.key));
  row.correlated_by = in.text();
  row.state_reason = in.text();
  MUSTER_TRY(row.search, read_search(in));
  MUSTER_TRY(row.aliases, read_texts(in.view()));
  MUSTER_TRY(row.findings, read_findings(in.view()));
  return row;
}

tl::unexpected<Error> unreadable() {
  return fail(Fault::internal, "what was put aside cannot be read back: run again");
}

}  // namespace

Result<RowFile::Place> RowFile::put(const Identity& identity) {
  const auto begin = bytes_.size();
  ColumnWriter out(bytes_);
  out.text(identity.id).text(identity.user_name).text(identity.email);
  out.code(identity.classification).text(identity.classification_rule);
  out.code(identity.state).text(identity.state_reason);
  out.text(write_attributes(identity.attributes)).text(write_memberships(identity.groups));
  out.text(write_texts(identity.sources)).text(write_findings(identity.findings));
  out.time(identity.due).number(identity.version);
  out.time(identity.created).time(identity.modified);
  return put_end(begin);
}

Result<Identity> RowFile::identity(Place place) const {
  MUSTER_TRY(const auto bytes, bytes_at(place));
  ColumnReader in(bytes);
  auto identity = read_identity(in);
  if (!identity || !in.good()) return unreadable();
  return identity;
}

Result<RowFile::Place> RowFile::put(const RecordRow& row) {
  const auto begin = bytes_.size();
  ColumnWriter out(bytes_);
  write(out, row.head);
  out.text(write_contribution(row.contribution)).text(row.correlated_by).text(row.state_reason);
  write(out, row.search);
  out.text(write_texts(row.aliases)).text(write_findings(row.findings));
  return put_end(begin);
}

Result<RecordRow> RowFile::row(Place place) const {
  MUSTER_TRY(const auto bytes, bytes_at(place));
  ColumnReader in(bytes);
  auto row = read_row(in);
  if (!row || !in.good()) return unreadable();
  return row;
}

// What was appended from `begin` on has this place from now on.
Result<RowFile::Place> RowFile::put_end(std::size_t begin) {
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

Result<std::string> RowFile::bytes_at(Place place) const {
  const auto in_file = file_ ? file_->size() : 0;
  if (place.offset >= in_file) return bytes_.substr(place.offset - in_file, place.size);
  std::string bytes(place.size, '\0');
  MUSTER_CHECK(file_->read(place.offset, std::span(bytes)));
  return bytes;
}

}  // namespace muster::store
