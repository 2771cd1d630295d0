// SPDX-License-Identifier: Apache-2.0
#include "store/overlay/overlay.h"

#include "store/overlay/refused.h"

namespace muster::store {

Overlay::Overlay(View& base, std::string only) : base_(base), only_(std::move(only)) {}

Result<MembershipChange> Overlay::Memberships::replace(std::string_view, std::span<const Member>) {
  return refused("change groups");
}

Result<MembershipChange> Overlay::Memberships::change(std::string_view, std::span<const Member>,
                                                      std::span<const std::string>) {
  return refused("change groups");
}

Result<std::vector<std::string>> Overlay::Memberships::member_records(
    std::string_view group_record_id) {
  return overlay_.ask([&](auto& tx) { return tx.memberships().member_records(group_record_id); });
}

Result<std::vector<std::vector<GroupRow>>> Overlay::Memberships::groups_of(
    std::span<const std::string> record_ids) {
  return overlay_.ask([&](auto& tx) { return tx.memberships().groups_of(record_ids); });
}

MembershipNews Overlay::Memberships::take_news() { return {}; }

Status Overlay::NoJournal::audit(std::span<const AuditEntry>) { return {}; }
Status Overlay::NoJournal::outbox(std::span<const Event>) { return {}; }

Result<std::optional<ReviewRow>> Overlay::Reviews::get(std::string_view id) {
  return overlay_.ask([&](auto& tx) { return tx.reviews().get(id); });
}

Result<std::vector<std::optional<ReviewRow>>> Overlay::Reviews::latest(
    std::span<const std::string> record_ids) {
  return overlay_.ask([&](auto& tx) { return tx.reviews().latest(record_ids); });
}

Status Overlay::Reviews::put(std::span<const ReviewRow>) { return {}; }

Result<std::vector<RunRow>> Overlay::Runs::running() {
  return overlay_.ask([](auto& view) { return view.runs().running(); });
}
Result<std::string> Overlay::Runs::cursor(std::string_view source) {
  return overlay_.ask([&](auto& view) { return view.runs().cursor(source); });
}
Result<std::int64_t> Overlay::Runs::live_people(std::string_view source) {
  return overlay_.ask([&](auto& view) { return view.runs().live_people(source); });
}
Result<std::vector<SourceRow>> Overlay::Runs::sources() {
  return overlay_.ask([](auto& view) { return view.runs().sources(); });
}
Result<AllStanding> Overlay::Runs::standing() { return overlay_.base_.runs().standing(); }
Status Overlay::Runs::put(const RunRow&) { return refused("write runs"); }
Status Overlay::Runs::add_items(std::string_view, std::span<const RunItem>) {
  return refused("write runs");
}
Status Overlay::Runs::put_cursor(std::string_view, std::string_view) {
  return refused("write runs");
}
Status Overlay::Runs::put_keyed_by(std::string_view, std::string_view) {
  return refused("write runs");
}
Status Overlay::Tokens::put(const TokenRow&) { return refused("change tokens"); }
Status Overlay::Tokens::touch(std::string_view, Timestamp) { return refused("change tokens"); }

}  // namespace muster::store
