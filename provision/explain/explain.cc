// SPDX-License-Identifier: Apache-2.0
#include "provision/explain/explain.h"

#include <algorithm>

#include "core/json.h"
#include "provision/reviews/find_record.h"
#include "provision/road/people.h"

namespace muster::provision {
namespace {

std::string_view name_of_outcome(mappings::Correlation::Outcome outcome) {
  switch (outcome) {
    case mappings::Correlation::Outcome::create:
      return "create";
    case mappings::Correlation::Outcome::link:
      return "link";
    case mappings::Correlation::Outcome::suggest:
      return "suggest";
    case mappings::Correlation::Outcome::review:
      return "review";
  }
  return "review";
}

void move_member(Value& from, Value& to, std::string_view name) {
  if (const auto* member = from.find(name)) to.set(name, *member);
}

// What everybody but one person holds.
class Others final : public mappings::World {
 public:
  Others(const mappings::World& all, std::string except) : all_(all), except_(std::move(except)) {}

  Result<std::vector<mappings::Candidate>> find(const mappings::MatchKey& key) const override {
    MUSTER_TRY(auto found, all_.find(key));
    std::erase_if(found, [this](const auto& one) { return one.identity_id == except_; });
    return found;
  }
  Result<bool> name_taken(std::string_view name, std::string_view except) const override {
    return all_.name_taken(name, except);
  }

 private:
  const mappings::World& all_;
  std::string except_;
};

// One explanation, over one snapshot.
class Explainer {
 public:
  Explainer(store::View& view, const mappings::Engine& engine, Timestamp run_time,
            const mappings::Mask& mask)
      : view_(view),
        engine_(engine),
        run_time_(run_time),
        mask_(mask),
        world_(view),
        people_(view, engine, world_, run_time) {}

  Result<Value> explain(const std::string& id) {
    const std::string ids[] = {id};
    MUSTER_CHECK(people_.load(ids));
    if (const auto* person = people_.find(id)) return explain_person(*person);
    MUSTER_TRY(const auto record, find_record(view_, id));
    if (!record)
      return fail(Fault::not_found,
                  "there is no person, user name or record '" + id +
                      "'; a record is named by its id, SOURCE/KEY or the id of its review");
    const auto& owner = record->head.identity_id;
    if (owner.empty() || owner == id) return explain_waiting(*record);
    const std::string owners[] = {owner};
    MUSTER_CHECK(people_.load(owners));
    const auto* person = people_.find(owner);
    return person == nullptr ? explain_waiting(*record) : explain_person(*person);
  }

 private:
  // The record's part: what mapping makes of it, and where it stands.
  Result<Value> explain_record(const store::RecordRow& row) {
    SourceRecord record;
    record.key = row.head.key;
    record.document = row.document;
    auto document =
        mappings::explain_record(engine_, record, run_time_, mask_, {&row.contribution});
    document.set("record", row.head.id);
    document.set("state", store::name_of(row.head.state));
    if (!row.state_reason.empty()) document.set("reason", row.state_reason);
    if (row.head.missing_since)
      document.set("missingSince", format_timestamp(*row.head.missing_since));
    if (!row.correlated_by.empty()) document.set("linkedBy", row.correlated_by);
    return document;
  }

  // A record that belongs to nobody: the question is whom it could belong to.
  Result<Value> explain_waiting(const store::RecordRow& row) {
    MUSTER_TRY(auto document, explain_record(row));
    SourceRecord record;
    record.key = row.head.key;
    record.document = row.document;
    if (engine_.source(row.head.key.source) == nullptr) return document;
    MUSTER_CHECK(add_waits(document, row));
    const auto mapped = engine_.map(record, run_time_, {&row.contribution});
    if (!mapped.in_scope || mapped.quarantined) return document;
    MUSTER_TRY(const auto found, engine_.correlate(mapped.contribution, world_));
    Value link;
    link.set("how", found.tier.empty() ? "no tier" : "tier " + found.tier);
    link.set("result", name_of_outcome(found.outcome));
    link.set("tier", found.tier);
    link.set("reason", found.reason);
    Value::List candidates;
    for (const auto& one : found.candidates) {
      Value candidate;
      candidate.set("id", one.identity_id);
      candidate.set("userName", one.user_name);
      candidate.set("sources", Value::List(one.sources.begin(), one.sources.end()));
      candidates.push_back(std::move(candidate));
    }
    link.set("candidates", std::move(candidates));
    link.set("tiers", mappings::tiers_of(engine_, found, mask_));
    document.set("link", std::move(link));
    return document;
  }

  // Whom a record in quarantine refers to, of those whom nobody has brought yet: it is decided
  // again when they come.
  Status add_waits(Value& document, const store::RecordRow& row) const {
    const std::string ids[] = {row.head.id};
    MUSTER_TRY(const auto asked, view_.references().of(ids));
    MUSTER_TRY(const auto holders, view_.references().holders(asked[0]));
    Value::List names;
    for (std::size_t i = 0; i < holders.size(); ++i) {
      const auto& [source, name] = asked[0][i];
      if (holders[i].empty() && !source.empty()) names.emplace_back(source + "/" + name);
    }
    if (!names.empty()) document.set("waitsFor", std::move(names));
    return {};
  }

  // How a record came to its person. The link stands; the tiers are what they would find today. The
  // person whom the record made is not somebody whom it could have found.
  Result<Value> link_of(const store::RecordRow& row) const {
    const auto& by = row.correlated_by;
    const Others others(world_, by == "create" ? row.head.identity_id : std::string());
    MUSTER_TRY(const auto found, engine_.correlate(row.contribution, others));
    const bool by_tier =
        !by.empty() && by != "create" && by != "key" && !by.starts_with("operator ");
    Value link;
    link.set("how", by_tier ? "tier " + by : by);
    link.set("result", by == "create" ? "create" : "link");
    link.set("tiers", mappings::tiers_of(engine_, found, mask_));
    return link;
  }

  // Scope and link of the record that owns the person stand for the person.
  static void set_owner(Value& document, Value::List& records) {
    const auto* sources = document.find("sources");
    if (sources == nullptr || !sources->is_list() || sources->as_list().empty()) return;
    for (auto& record : records) {
      const auto* tag = record.find("tag");
      if (tag == nullptr || !(*tag == sources->as_list().front())) continue;
      move_member(record, document, "scope");
      move_member(record, document, "link");
      return;
    }
  }

  Result<Value> explain_person(const Person& person) {
    MUSTER_TRY(auto told, people_.told_of(person));
    MUSTER_TRY(auto document,
               mappings::explain_identity(engine_, told, person.now, people_, run_time_, mask_));
    std::vector<Value> records;
    Value::List shown;
    for (const auto* row : in_order_of(*document.find("links"), person)) {
      MUSTER_TRY(auto record, explain_record(*row));
      Value one;
      for (const auto* name : {"source", "tag", "key", "record", "state", "reason", "missingSince",
                               "linkedBy", "scope", "findings"})
        move_member(record, one, name);
      MUSTER_TRY(auto link, link_of(*row));
      one.set("link", std::move(link));
      shown.push_back(std::move(one));
      records.push_back(std::move(record));
    }
    set_owner(document, shown);
    document.set("records", std::move(shown));
    auto* attributes = document.find("attributes");
    if (attributes == nullptr) return document;
    add_steps(*attributes, records);
    return document;
  }

  // The person's records in the order in which they speak, as `links` has it.
  static std::vector<const store::RecordRow*> in_order_of(const Value& links,
                                                          const Person& person) {
    std::vector<const store::RecordRow*> rows;
    for (const auto& row : person.told) rows.push_back(&row);
    const auto place = [&links](const store::RecordRow* row) {
      const auto& all = links.as_list();
      const auto found = std::find_if(all.begin(), all.end(), [row](const Value& link) {
        return *link.find("source") == Value(row->contribution.tag) &&
               *link.find("key") == Value(row->head.key.key);
      });
      return found - all.begin();
    };
    std::stable_sort(rows.begin(), rows.end(),
                     [&place](const auto* a, const auto* b) { return place(a) < place(b); });
    return rows;
  }

  // What became of an attribute's line in the first record of the source that gives a value; when
  // none does (what is held), in its first record. nullptr: the source has no such line.
  static const Value* line_of(const std::vector<Value>& records, const Value& source,
                              std::string_view attribute) {
    const Value* first = nullptr;
    for (const auto& record : records) {
      const auto* tag = record.find("tag");
      const auto* lines = record.find("attributes");
      const auto* line = lines == nullptr ? nullptr : lines->find(attribute);
      if (line == nullptr || tag == nullptr || !(*tag == source)) continue;
      if (*line->find("result") == Value("value")) return line;
      if (first == nullptr) first = line;
    }
    return first;
  }

  // How the winning rule came to the value.
  static void add_steps(Value& attributes, const std::vector<Value>& records) {
    if (!attributes.is_object()) return;
    for (auto& attribute : attributes.as_object()) {
      const auto* source = attribute.value.find("source");
      if (source == nullptr || source->absent()) continue;
      const auto* line = line_of(records, *source, attribute.name);
      if (line == nullptr) continue;
      if (const auto* expression = line->find("expression"))
        attribute.value.set("expression", *expression);
      if (const auto* steps = line->find("steps")) attribute.value.set("steps", *steps);
    }
  }

  store::View& view_;
  const mappings::Engine& engine_;
  Timestamp run_time_;
  const mappings::Mask& mask_;
  BatchWorld world_;
  People people_;
};

// Removes the members of that name, however deep, and says whether there were any.
bool remove_all(Value& value, std::string_view name) {
  bool removed = false;
  if (value.is_object()) {
    removed = value.erase(name);
    for (auto& member : value.as_object()) removed = remove_all(member.value, name) || removed;
  } else if (value.is_list()) {
    for (auto& element : value.as_list()) removed = remove_all(element, name) || removed;
  }
  return removed;
}

void cut_texts(Value& value, std::size_t most) {
  if (value.is_text() && value.as_text().size() > most) {
    auto size = most;
    while (size > 0 && (static_cast<unsigned char>(value.as_text()[size]) & 0xC0U) == 0x80U) --size;
    value = value.as_text().substr(0, size) + "...";
  } else if (value.is_object()) {
    for (auto& member : value.as_object()) cut_texts(member.value, most);
  } else if (value.is_list()) {
    constexpr std::size_t most_elements = 50;
    if (value.as_list().size() > most_elements) value.as_list().resize(most_elements);
    for (auto& element : value.as_list()) cut_texts(element, most);
  }
}

}  // namespace

Result<Value> explain(const Provisioner& provisioner, std::string_view identity_id,
                      Timestamp run_time, const mappings::Mask& mask) {
  const auto engine = provisioner.engine();
  MUSTER_TRY(const auto snapshot, provisioner.store().snapshot());
  return Explainer(*snapshot, *engine, run_time, mask).explain(std::string(identity_id));
}

void shorten(Value& document, std::size_t bytes) {
  constexpr std::size_t most_text = 200;
  for (const auto* detail : {"steps", "others", "checks"}) {
    if (write_json(document).size() <= bytes) return;
    if (remove_all(document, detail)) document.set("shortened", true);
  }
  if (write_json(document).size() <= bytes) return;
  cut_texts(document, most_text);
  document.set("shortened", true);
}

}  // namespace muster::provision
