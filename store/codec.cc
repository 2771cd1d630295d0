// SPDX-License-Identifier: Apache-2.0
#include "store/codec.h"

#include <array>
#include <cstdint>
#include <initializer_list>
#include <utility>

#include "core/json.h"

namespace muster::store {
namespace {

tl::unexpected<Error> damaged(std::string_view what) {
  return fail(Fault::internal,
              "the store holds a damaged " + std::string(what) + ": restore a backup");
}

void append_texts(std::string& out, std::initializer_list<std::string_view> texts) {
  bool first = true;
  for (auto text : texts) {
    if (!first) out += ',';
    first = false;
    append_json_text(out, text);
  }
}

// "" for nothing, else [element,element...].
template <class Items, class Write>
std::string write_list(const Items& items, Write write) {
  std::string out;
  if (items.empty()) return out;
  out.reserve(items.size() * 64);
  out += '[';
  for (const auto& item : items) {
    if (out.size() > 1) out += ',';
    write(out, item);
  }
  out += ']';
  return out;
}

// Calls `read` with each element that is a list of at least `fields` elements.
template <class Read>
Status read_list(std::string_view json, std::size_t fields, std::string_view what, Read read) {
  if (json.empty()) return {};
  // What we wrote is within our own limits, however large.
  MUSTER_TRY(Value list, parse_json(json, JsonLimits{64, json.size()}));
  if (!list.is_list()) return damaged(what);
  for (auto& item : list.as_list()) {
    if (fields == 0) {
      if (!item.is_text()) return damaged(what);
    } else if (!item.is_list() || item.as_list().size() < fields) {
      return damaged(what);
    }
    if (!read(item)) return damaged(what);
  }
  return {};
}

// Takes the texts of a list, in order; false when one is not a text.
bool take_texts(Value::List& list, std::size_t first, std::initializer_list<std::string*> texts) {
  for (auto* text : texts) {
    if (!list[first].is_text()) return false;
    *text = std::move(list[first++].as_text());
  }
  return true;
}

// In a contribution, behind the codes of Flow: a lapsed offer, and the rank of the account.
constexpr int lapsed_code = 3;
constexpr int rank_code = 4;

// An element of a contribution that is no offer.
bool read_aside(Value::List& fields, Contribution& contribution) {
  if (fields[1].as_int() == rank_code && fields.size() == 3) {
    contribution.rank = std::move(fields[2]);
    return true;
  }
  if (fields[1].as_int() != lapsed_code || fields.size() != 4 || !fields[3].is_int()) return false;
  contribution.lapsed.push_back({std::move(fields[0].as_text()), std::move(fields[2]),
                                 Timestamp(std::chrono::milliseconds(fields[3].as_int()))});
  return true;
}

using Counter = std::int64_t RunCounts::*;
constexpr std::array<std::pair<const char*, Counter>, 13> kCounters{{
    {"read", &RunCounts::read},
    {"created", &RunCounts::created},
    {"linked", &RunCounts::linked},
    {"updated", &RunCounts::updated},
    {"unchanged", &RunCounts::unchanged},
    {"reactivated", &RunCounts::reactivated},
    {"deactivated", &RunCounts::deactivated},
    {"review", &RunCounts::review},
    {"quarantined", &RunCounts::quarantined},
    {"skipped", &RunCounts::skipped},
    {"problems", &RunCounts::problems},
    {"missing", &RunCounts::missing},
    {"held", &RunCounts::held},
}};

}  // namespace

std::string write_texts(const std::vector<std::string>& texts) {
  return write_list(texts,
                    [](std::string& out, const std::string& text) { append_json_text(out, text); });
}

Result<std::vector<std::string>> read_texts(std::string_view json) {
  std::vector<std::string> texts;
  // Every row of every page has such a list, and hardly ever with a character that is escaped.
  if (json.starts_with("[\"") && json.ends_with("\"]") && json.find('\\') == json.npos) {
    for (auto from = json.find('"'); from != json.npos; from = json.find('"', from)) {
      auto to = json.find('"', from + 1);
      if (to == json.npos) return damaged("list");
      texts.emplace_back(json.substr(from + 1, to - from - 1));
      from = to + 1;
    }
    return texts;
  }
  MUSTER_CHECK(read_list(json, 0, "list", [&](Value& item) {
    texts.push_back(std::move(item.as_text()));
    return true;
  }));
  return texts;
}

std::string write_contribution(const Contribution& contribution) {
  std::string out = "[";
  append_json_text(out, contribution.tag);
  for (const auto& offer : contribution.offers) {
    out += ",[";
    append_json_text(out, offer.attribute);
    out += ',';
    out += static_cast<char>('0' + static_cast<int>(offer.flow));
    if (offer.flow == Flow::value) {
      out += ',';
      append_json(out, offer.value);
    }
    out += ']';
  }
  for (const auto& lapsed : contribution.lapsed) {
    out += ",[";
    append_json_text(out, lapsed.attribute);
    out += "," + std::to_string(lapsed_code) + ",";
    append_json(out, lapsed.value);
    out += "," + std::to_string(lapsed.since.time_since_epoch().count()) + "]";
  }
  if (!contribution.rank.is_none()) {
    out += ",[\"\"," + std::to_string(rank_code) + ",";
    append_json(out, contribution.rank);
    out += ']';
  }
  out += ']';
  return out;
}

Result<Contribution> read_contribution(std::string_view json, SourceKey key) {
  Contribution contribution{.key = std::move(key)};
  MUSTER_TRY(Value whole, parse_json(json, JsonLimits{64, json.size()}));
  if (!whole.is_list() || whole.as_list().empty() || !whole.as_list()[0].is_text()) {
    return damaged("contribution");
  }
  auto& list = whole.as_list();
  contribution.tag = std::move(list[0].as_text());
  contribution.offers.reserve(list.size() - 1);
  for (std::size_t i = 1; i < list.size(); ++i) {
    if (!list[i].is_list() || list[i].as_list().size() < 2) return damaged("contribution");
    auto& fields = list[i].as_list();
    if (!fields[0].is_text() || !fields[1].is_int()) return damaged("contribution");
    if (fields[1].as_int() >= lapsed_code) {
      if (!read_aside(fields, contribution)) return damaged("contribution");
      continue;
    }
    Offer offer{.attribute = std::move(fields[0].as_text()),
                .flow = static_cast<Flow>(fields[1].as_int())};
    if (fields.size() > 2) offer.value = std::move(fields[2]);
    contribution.offers.push_back(std::move(offer));
  }
  return contribution;
}

std::string group_display(std::string_view document, std::string_view key) {
  auto parsed = parse_json(document, JsonLimits{64, document.size()});
  if (!parsed) return std::string(key);
  for (std::string_view name : {"displayName", "cn", "name"}) {
    const Value* value = parsed->find_fold(name);
    if (value != nullptr && value->is_list() && !value->as_list().empty())
      value = &value->as_list()[0];
    if (value != nullptr && value->is_text() && !value->absent()) return value->as_text();
  }
  return std::string(key);
}

std::string write_attributes(const std::vector<IdentityAttribute>& attributes) {
  return write_list(attributes, [](std::string& out, const IdentityAttribute& attribute) {
    out += '[';
    append_texts(out, {attribute.name, attribute.source, attribute.rule});
    out += ',';
    append_json(out, attribute.value);
    if (!attribute.refers_to.empty()) {
      out += ',';
      append_json_text(out, attribute.refers_to);
    }
    out += ']';
  });
}

Result<std::vector<IdentityAttribute>> read_attributes(std::string_view json) {
  std::vector<IdentityAttribute> attributes;
  MUSTER_CHECK(read_list(json, 4, "identity", [&](Value& item) {
    auto& fields = item.as_list();
    auto& attribute = attributes.emplace_back();
    attribute.value = std::move(fields[3]);
    if (fields.size() > 4 && !take_texts(fields, 4, {&attribute.refers_to})) return false;
    return take_texts(fields, 0, {&attribute.name, &attribute.source, &attribute.rule});
  }));
  return attributes;
}

std::string write_memberships(const std::vector<GroupMembership>& memberships) {
  return write_list(memberships, [](std::string& out, const GroupMembership& membership) {
    out += '[';
    append_texts(out, {membership.path, membership.role, membership.rule});
    out += ']';
  });
}

Result<std::vector<GroupMembership>> read_memberships(std::string_view json) {
  std::vector<GroupMembership> memberships;
  MUSTER_CHECK(read_list(json, 3, "list of groups", [&](Value& item) {
    auto& membership = memberships.emplace_back();
    return take_texts(item.as_list(), 0, {&membership.path, &membership.role, &membership.rule});
  }));
  return memberships;
}

std::string write_findings(const std::vector<Finding>& findings) {
  return write_list(findings, [](std::string& out, const Finding& finding) {
    out += '[';
    append_texts(out, {finding.code, finding.attribute, finding.message});
    out += ',';
    out += static_cast<char>('0' + static_cast<int>(finding.severity));
    out += ']';
  });
}

Result<std::vector<Finding>> read_findings(std::string_view json) {
  std::vector<Finding> findings;
  MUSTER_CHECK(read_list(json, 4, "list of findings", [&](Value& item) {
    auto& fields = item.as_list();
    auto& finding = findings.emplace_back();
    if (!fields[3].is_int()) return false;
    finding.severity = static_cast<Severity>(fields[3].as_int());
    return take_texts(fields, 0, {&finding.code, &finding.attribute, &finding.message});
  }));
  return findings;
}

std::string write_keys(const std::vector<IdentityKey>& keys) {
  return write_list(keys, [](std::string& out, const IdentityKey& key) {
    out += '[';
    append_texts(out, {key.attribute, key.key});
    out += ']';
  });
}

Result<std::vector<IdentityKey>> read_keys(std::string_view json) {
  std::vector<IdentityKey> keys;
  MUSTER_CHECK(read_list(json, 2, "list of keys", [&](Value& item) {
    auto& key = keys.emplace_back();
    return take_texts(item.as_list(), 0, {&key.attribute, &key.key});
  }));
  return keys;
}

std::string write_counts(const RunCounts& counts) {
  Value object;
  for (const auto& [name, counter] : kCounters) object.set(name, Value(counts.*counter));
  return write_json(object);
}

Result<RunCounts> read_counts(std::string_view json) {
  MUSTER_TRY(Value object, parse_json(json));
  RunCounts counts;
  for (const auto& [name, counter] : kCounters) {
    const Value* value = object.find(name);
    if (value != nullptr && value->is_int()) counts.*counter = value->as_int();
  }
  return counts;
}

}  // namespace muster::store
