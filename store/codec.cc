// SPDX-License-Identifier: Apache-2.0
#include "store/codec.h"

#include <array>
#include <cstdint>
#include <initializer_list>
#include <utility>

#include "core/json.h"
#include "core/json_node.h"

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

// Calls `use` with the root of the text, which is read in place. What we wrote is within our own
// limits, however large.
template <class Use>
Status with_json(std::string_view json, Use use) {
  static thread_local JsonReader kept;
  JsonReader own;
  JsonReader& reader = json.size() <= JsonReader::usual_bytes ? kept : own;
  MUSTER_TRY(const JsonNode root, reader.read(json, JsonLimits{64, json.size()}));
  return use(root);
}

// The first elements of a list; the others stay null. False when it is no list or there are fewer
// than `least`.
template <std::size_t most>
bool take_fields(JsonNode list, std::size_t least, std::array<JsonNode, most>& fields) {
  if (!list.is_list() || list.size() < least) return false;
  std::size_t count = 0;
  list.each_item([&](JsonNode item) {
    fields[count++] = item;
    return count < most;
  });
  return true;
}

using Fields = std::array<JsonNode, 9>;

// Calls `read` with the fields of each element that is a list of at least `fields` elements.
template <class Read>
Status read_list(std::string_view json, std::size_t fields, std::string_view what, Read read) {
  if (json.empty()) return {};
  return with_json(json, [&](JsonNode list) -> Status {
    bool good = list.is_list();
    if (good)
      list.each_item([&](JsonNode item) {
        Fields taken{};
        good = take_fields(item, fields, taken) && read(taken);
        return good;
      });
    if (!good) return damaged(what);
    return {};
  });
}

// Copies the texts of a list from `at` on, in order; false when one is not a text.
bool take_texts(const Fields& fields, std::initializer_list<std::string*> texts,
                std::size_t at = 0) {
  for (auto* text : texts) {
    if (!fields[at].is_text()) return false;
    *text = fields[at++].as_text();
  }
  return true;
}

void append_severity(std::string& out, Severity severity) {
  out += static_cast<char>('0' + static_cast<int>(severity));
}

bool take_severity(JsonNode node, Severity& severity) {
  if (!node.is_int() || node.as_int() < 0 || node.as_int() > static_cast<int>(Severity::error))
    return false;
  severity = static_cast<Severity>(node.as_int());
  return true;
}

// In a contribution, behind the codes of Flow: a lapsed offer, and the rank of the account.
constexpr int lapsed_code = 3;
constexpr int rank_code = 4;

// An element of a contribution that is no offer.
bool take_aside(const Fields& fields, std::int64_t code, Contribution& contribution) {
  if (code == rank_code) {
    contribution.rank = fields[2].value();
    return true;
  }
  if (code != lapsed_code || !fields[3].is_int()) return false;
  contribution.lapsed.push_back({std::string(fields[0].as_text()), fields[2].value(),
                                 Timestamp(std::chrono::milliseconds(fields[3].as_int()))});
  return true;
}

// [attribute, flow] or [attribute, flow, value], or what stands beside the offers.
bool take_offer(JsonNode item, Contribution& contribution) {
  Fields fields{};
  if (!take_fields(item, 2, fields) || !fields[0].is_text() || !fields[1].is_int()) return false;
  const auto code = fields[1].as_int();
  if (code >= lapsed_code) return take_aside(fields, code, contribution);
  contribution.offers.push_back(
      {std::string(fields[0].as_text()), static_cast<Flow>(code), fields[2].value()});
  return true;
}

// What a person has: grown only beyond it.
constexpr std::size_t usual_attributes = 16;

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
  if (json.empty()) return texts;
  MUSTER_CHECK(with_json(json, [&](JsonNode list) -> Status {
    bool good = list.is_list();
    if (good)
      list.each_item([&](JsonNode item) {
        good = item.is_text();
        if (good) texts.emplace_back(item.as_text());
        return good;
      });
    if (!good) return damaged("list");
    return {};
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
  MUSTER_CHECK(with_json(json, [&](JsonNode list) -> Status {
    bool good = list.is_list() && list.size() > 0;
    if (good) {
      contribution.offers.reserve(list.size() - 1);
      bool first = true;
      list.each_item([&](JsonNode item) {
        good = first ? item.is_text() : take_offer(item, contribution);
        if (first && good) contribution.tag = item.as_text();
        first = false;
        return good;
      });
    }
    if (!good) return damaged("contribution");
    return {};
  }));
  return contribution;
}

std::string write_attributes(const std::vector<IdentityAttribute>& attributes) {
  return write_list(attributes, [](std::string& out, const IdentityAttribute& attribute) {
    out += '[';
    append_texts(out, {attribute.name, attribute.source, attribute.rule});
    out += ',';
    append_json(out, attribute.value);
    if (!attribute.refers_to.empty() || attribute.released) {
      out += ',';
      append_json_text(out, attribute.refers_to);
    }
    if (attribute.released) out += ",true";
    out += ']';
  });
}

Result<std::vector<IdentityAttribute>> read_attributes(std::string_view json) {
  std::vector<IdentityAttribute> attributes;
  attributes.reserve(usual_attributes);
  MUSTER_CHECK(read_list(json, 4, "identity", [&](const Fields& fields) {
    auto& attribute = attributes.emplace_back();
    attribute.value = fields[3].value();
    if (!fields[4].is_none()) {
      if (!fields[4].is_text()) return false;
      attribute.refers_to = fields[4].as_text();
    }
    attribute.released = !fields[5].is_none();
    return take_texts(fields, {&attribute.name, &attribute.source, &attribute.rule});
  }));
  return attributes;
}

std::string write_memberships(const std::vector<GroupMembership>& memberships) {
  return write_list(memberships, [](std::string& out, const GroupMembership& membership) {
    out += '[';
    append_texts(out, {membership.path, membership.role, membership.rule});
    if (membership.create) out += ",true";
    out += ']';
  });
}

Result<std::vector<GroupMembership>> read_memberships(std::string_view json) {
  std::vector<GroupMembership> memberships;
  MUSTER_CHECK(read_list(json, 3, "list of groups", [&](const Fields& fields) {
    auto& membership = memberships.emplace_back();
    membership.create = !fields[3].is_none();
    return take_texts(fields, {&membership.path, &membership.role, &membership.rule});
  }));
  return memberships;
}

// [code, attribute, message, severity], and behind that what there is of value, rule and repair.
std::string write_findings(const std::vector<Finding>& findings) {
  return write_list(findings, [](std::string& out, const Finding& finding) {
    out += '[';
    append_texts(out, {finding.code, finding.attribute, finding.message});
    out += ',';
    append_severity(out, finding.severity);
    if (!finding.value.empty() || !finding.rule.empty() || !finding.repair.empty()) {
      out += ',';
      append_texts(out, {finding.value, finding.rule, finding.repair});
    }
    out += ']';
  });
}

Result<std::vector<Finding>> read_findings(std::string_view json) {
  std::vector<Finding> findings;
  MUSTER_CHECK(read_list(json, 4, "list of findings", [&](const Fields& fields) {
    auto& finding = findings.emplace_back();
    return take_severity(fields[3], finding.severity) &&
           take_texts(fields, {&finding.code, &finding.attribute, &finding.message}) &&
           (fields[4].is_none() ||
            take_texts(fields, {&finding.value, &finding.rule, &finding.repair}, 4));
  }));
  return findings;
}

std::string write_finding_groups(const std::vector<FindingGroup>& groups) {
  return write_list(groups, [](std::string& out, const FindingGroup& group) {
    const auto& shown = group.example;
    out += '[';
    append_texts(
        out, {shown.code, shown.attribute, shown.message, group.source, shown.rule, shown.repair});
    out += ',';
    append_severity(out, shown.severity);
    out += "," + std::to_string(group.count) + ",[";
    for (const auto& place : group.places) {
      if (out.back() == ']') out += ',';
      out += '[';
      append_texts(out, {place.where, place.record_key, place.identity_id, place.value});
      out += ']';
    }
    out += "]]";
  });
}

Result<std::vector<FindingGroup>> read_finding_groups(std::string_view json) {
  std::vector<FindingGroup> groups;
  MUSTER_CHECK(read_list(json, 9, "list of findings", [&](const Fields& fields) {
    auto& group = groups.emplace_back();
    auto& shown = group.example;
    bool good = take_severity(fields[6], shown.severity) && fields[7].is_int() &&
                fields[8].is_list() &&
                take_texts(fields, {&shown.code, &shown.attribute, &shown.message, &group.source,
                                    &shown.rule, &shown.repair});
    if (!good) return false;
    group.count = fields[7].as_int();
    fields[8].each_item([&](JsonNode item) {
      Fields texts{};
      auto& place = group.places.emplace_back();
      good = take_fields(item, 4, texts) &&
             take_texts(texts, {&place.where, &place.record_key, &place.identity_id, &place.value});
      return good;
    });
    if (!group.places.empty()) shown.value = group.places.front().value;
    return good;
  }));
  return groups;
}

std::string write_standing(const std::vector<StandingFindings>& standing) {
  return write_list(standing, [](std::string& out, const StandingFindings& one) {
    out += '[';
    append_texts(out, {one.source, one.code});
    out += ',';
    append_severity(out, one.severity);
    out += "," + std::to_string(one.count) + "]";
  });
}

Result<std::vector<StandingFindings>> read_standing(std::string_view json) {
  std::vector<StandingFindings> standing;
  MUSTER_CHECK(read_list(json, 4, "list of findings", [&](const Fields& fields) {
    auto& one = standing.emplace_back();
    if (!take_severity(fields[2], one.severity) || !fields[3].is_int()) return false;
    one.count = fields[3].as_int();
    return take_texts(fields, {&one.source, &one.code});
  }));
  return standing;
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
  MUSTER_CHECK(read_list(json, 2, "list of keys", [&](const Fields& fields) {
    auto& key = keys.emplace_back();
    return take_texts(fields, {&key.attribute, &key.key});
  }));
  return keys;
}

std::string write_counts(const RunCounts& counts) {
  Value object;
  for (const auto& counter : run_counters) object.set(counter.name, counts.*counter.member);
  return write_json(object);
}

Result<RunCounts> read_counts(std::string_view json) {
  MUSTER_TRY(Value object, parse_json(json));
  RunCounts counts;
  for (const auto& counter : run_counters) {
    const Value* value = object.find(counter.name);
    if (value != nullptr && value->is_int()) counts.*counter.member = value->as_int();
  }
  return counts;
}

}  // namespace muster::store
