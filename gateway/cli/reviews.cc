// SPDX-License-Identifier: Apache-2.0
#include "provision/reviews/reviews.h"

#include <pwd.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <array>
#include <cstdio>
#include <map>
#include <memory>

#include "core/json.h"
#include "gateway/cli/reviews.h"

namespace muster::gateway::cli {
namespace {

using Kind = provision::ReviewAnswer::Kind;

constexpr int page_size = 500;

struct Answer {
  std::string id = {};
  std::string person = {};
  bool create = false;
  bool ignore = false;
  std::string by = {};
  std::string note = {};
};

// Who sits at the keyboard, by the operating system's account.
std::string system_user() {
  std::array<char, 4096> buffer{};
  passwd entry{};
  passwd* found = nullptr;
  const auto id = ::geteuid();
  if (::getpwuid_r(id, &entry, buffer.data(), buffer.size(), &found) == 0 && found != nullptr)
    return found->pw_name;
  return "uid " + std::to_string(id);
}

// User names of identities, each read once.
class Names {
 public:
  explicit Names(store::Reader& reader) : reader_(reader) {}

  Result<std::string> of(const std::string& identity_id) {
    if (identity_id.empty()) return std::string();
    auto& name = names_[identity_id];
    if (!name.empty()) return name;
    MUSTER_TRY(auto person, reader_.people().get(identity_id));
    name = person ? person->user_name : identity_id;
    return name;
  }

  Result<std::string> of(const std::vector<std::string>& ids) {
    std::string text;
    for (const auto& id : ids) {
      MUSTER_TRY(const auto name, of(id));
      text += (text.empty() ? "" : ", ") + name;
    }
    return text;
  }

 private:
  store::Reader& reader_;
  std::map<std::string, std::string> names_;
};

Result<Value> as_document(const store::ReviewRow& review, Names& names) {
  Value document;
  document.set("id", review.id);
  document.set("source", review.source);
  document.set("recordKey", review.record_key);
  document.set("recordId", review.record_id);
  document.set("state", store::name_of(review.state));
  document.set("reason", review.reason);
  document.set("tier", review.tier);
  Value::List candidates;
  for (const auto& id : review.candidates) {
    Value one;
    one.set("id", id);
    MUSTER_TRY(auto name, names.of(id));
    one.set("userName", std::move(name));
    candidates.push_back(std::move(one));
  }
  document.set("candidates", std::move(candidates));
  document.set("opened", format_timestamp(review.opened));
  if (review.state == store::ReviewState::open) return document;
  document.set("resolution", store::name_of(review.resolution));
  if (review.resolved) document.set("resolved", format_timestamp(*review.resolved));
  document.set("by", review.by);
  document.set("note", review.note);
  document.set("personId", review.person);
  MUSTER_TRY(auto person, names.of(review.person));
  document.set("person", std::move(person));
  return document;
}

// Records in quarantine have no review, for nobody can decide them: a rule or the data has to
// change.
Status list_quarantined(Runtime& runtime, Names& names, const std::string& source,
                        RowWriter& rows) {
  MUSTER_TRY(const auto snapshot, runtime.store().snapshot());
  std::int64_t after = 0;
  for (;;) {
    MUSTER_TRY(const auto heads, snapshot->walks().waiting(after, page_size));
    std::vector<std::string> ids;
    for (const auto& head : heads) {
      after = head.row;
      const bool wanted = source.empty() || head.key.source == source;
      if (wanted && head.state == store::RecordState::quarantined) ids.push_back(head.id);
    }
    MUSTER_TRY(const auto records, snapshot->records().rows(ids));
    for (const auto& record : records) {
      if (!record) continue;
      const auto& head = record->head;
      Value document;
      document.set("source", head.key.source);
      document.set("recordKey", head.key.key);
      document.set("recordId", head.id);
      document.set("state", store::name_of(head.state));
      document.set("reason", record->state_reason);
      document.set("since", format_timestamp(head.modified));
      document.set("personId", head.identity_id);
      MUSTER_TRY(auto person, names.of(head.identity_id));
      document.set("person", person);
      rows.add({head.id, head.key.source, head.key.key, std::string(store::name_of(head.state)),
                format_timestamp(head.modified), std::move(person), "", "", record->state_reason},
               std::move(document));
    }
    if (heads.size() < static_cast<std::size_t>(page_size)) return {};
  }
}

Result<ExitCode> list(const Globals& globals, const std::string& source, const std::string& state) {
  MUSTER_TRY(auto runtime, open_runtime(globals));
  MUSTER_TRY(auto reader, runtime->store().reader());
  std::optional<store::ReviewState> wanted;
  if (state == "open") wanted = store::ReviewState::open;
  if (state == "resolved") wanted = store::ReviewState::resolved;
  Names names(*reader);
  RowWriter rows(globals.format, {{"id", "ID"},
                                  {"source", "SOURCE"},
                                  {"recordKey", "RECORD"},
                                  {"state", "STATE"},
                                  {"opened", "OPENED"},
                                  {"candidates", "CANDIDATES"},
                                  {"resolution", "RESOLUTION"},
                                  {"by", "BY"},
                                  {"reason", "REASON"}});
  if (state == "quarantined") {
    MUSTER_CHECK(list_quarantined(*runtime, names, source, rows));
    rows.finish();
    return exit_ok;
  }
  std::string after;
  for (;;) {
    MUSTER_TRY(auto page, reader->reviews().list(source, wanted, after, page_size));
    for (const auto& review : page) {
      after = review.id;
      MUSTER_TRY(auto document, as_document(review, names));
      MUSTER_TRY(auto candidates, names.of(review.candidates));
      rows.add(
          {review.id, review.source, review.record_key, std::string(store::name_of(review.state)),
           format_timestamp(review.opened), std::move(candidates),
           std::string(store::name_of(review.resolution)), review.by, review.reason},
          std::move(document));
    }
    if (page.size() < static_cast<std::size_t>(page_size)) break;
  }
  rows.finish();
  return exit_ok;
}

Value tiers_of(const mappings::Correlation& correlation) {
  Value::List tiers;
  for (const auto& tier : correlation.tiers) {
    Value one;
    one.set("id", tier.id);
    one.set("at", tier.at);
    if (!tier.skipped.empty()) one.set("skipped", tier.skipped);
    Value::List keys;
    for (const auto& key : tier.keys) keys.emplace_back(key.attribute + " = " + key.key);
    one.set("keys", std::move(keys));
    one.set("found", Value::List(tier.found.begin(), tier.found.end()));
    tiers.push_back(std::move(one));
  }
  return tiers;
}

void print_review(const provision::ReviewDetails& details) {
  const auto& review = details.review;
  std::printf("%s  %s record %s\n%s\n", std::string(store::name_of(review.state)).c_str(),
              review.source.c_str(), printable(review.record_key).c_str(),
              printable(review.reason).c_str());
  if (review.state == store::ReviewState::resolved)
    std::printf("%s %s %s%s\n", std::string(store::name_of(review.resolution)).c_str(),
                review.by.empty() ? "" : ("by " + printable(review.by)).c_str(),
                review.resolved ? format_timestamp(*review.resolved).c_str() : "",
                review.note.empty() ? "" : (": " + printable(review.note)).c_str());
  std::printf("\n");
  RowWriter people(Format::table, {{"id", "CANDIDATE"},
                                   {"userName", "USER NAME"},
                                   {"email", "EMAIL"},
                                   {"sources", "SOURCES"},
                                   {"state", "STATE"}});
  for (const auto& person : details.candidates) {
    std::string sources;
    for (const auto& tag : person.sources) sources += (sources.empty() ? "" : ", ") + tag;
    people.add(
        {person.id, person.user_name, person.email, sources, std::string(name_of(person.state))});
  }
  people.finish();
  for (const auto& tier : details.correlation.tiers) {
    std::string text = tier.skipped.empty() ? "" : "skipped: " + tier.skipped;
    for (const auto& key : tier.keys)
      text += (text.empty() ? "" : ", ") + key.attribute + " = " + key.key;
    if (tier.skipped.empty()) text += tier.found.empty() ? " -> nobody" : " ->";
    for (const auto& name : tier.found) text += " " + name;
    std::printf("tier %s: %s\n", tier.id.c_str(), printable(text).c_str());
  }
  if (details.record)
    std::printf("\nthe source says: %s\n", printable(details.record->document).c_str());
}

Result<ExitCode> show(const Globals& globals, const std::string& id) {
  MUSTER_TRY(auto runtime, open_runtime(globals));
  MUSTER_TRY(auto details,
             provision::review_details(runtime->provisioner(), id, system_clock().now()));
  if (globals.format == Format::table) {
    print_review(details);
    return exit_ok;
  }
  MUSTER_TRY(auto reader, runtime->store().reader());
  Names names(*reader);
  MUSTER_TRY(auto document, as_document(details.review, names));
  if (details.review.state == store::ReviewState::open) {
    document.set("tiers", tiers_of(details.correlation));
    document.set("decision", details.correlation.reason);
  }
  if (details.record) {
    const auto& text = details.record->document;
    MUSTER_TRY(auto record, parse_json(text, JsonLimits{64, text.size()}));
    document.set("record", std::move(record));
    document.set("recordState", store::name_of(details.record->head.state));
    document.set("linkedBy", details.record->correlated_by);
  }
  print_document(document);
  return exit_ok;
}

Result<std::string> person_id(Runtime& runtime, const std::string& text) {
  MUSTER_TRY(auto reader, runtime.store().reader());
  MUSTER_TRY(auto by_id, reader->people().get(text));
  if (by_id) return by_id->id;
  MUSTER_TRY(auto by_name, reader->people().by_user_name(text));
  if (by_name) return by_name->id;
  return fail(Fault::not_found, "there is no person with id or user name '" + text + "'", "--link");
}

Result<ExitCode> carry_out(const Globals& globals, Runtime& runtime,
                           const provision::ReviewAnswer& answer) {
  MUSTER_TRY(const auto outcome,
             provision::answer_review(runtime.provisioner(), answer, "cli:" + answer.by));
  MUSTER_TRY(auto reader, runtime.store().reader());
  MUSTER_TRY(const auto review, reader->reviews().get(answer.review));
  if (!review) return fail(Fault::internal, "the review is gone", answer.review);
  Names names(*reader);
  if (globals.format != Format::table) {
    MUSTER_TRY(auto document, as_document(*review, names));
    document.set("decision", name_of(outcome.decision.verb));
    print_document(document);
    return exit_ok;
  }
  MUSTER_TRY(const auto person, names.of(outcome.head.identity_id));
  const bool open = review->state == store::ReviewState::open;
  std::printf("%s record %s: %s%s\n", review->source.c_str(), printable(review->record_key).c_str(),
              open ? "open again" : std::string(store::name_of(review->resolution)).c_str(),
              person.empty() ? "" : (", contributes to " + printable(person)).c_str());
  return exit_ok;
}

Result<ExitCode> resolve(const Globals& globals, const Answer& given) {
  MUSTER_TRY(auto runtime, open_runtime(globals));
  provision::ReviewAnswer answer;
  answer.kind = given.create ? Kind::create : given.ignore ? Kind::ignore : Kind::link;
  answer.review = given.id;
  answer.by = given.by.empty() ? system_user() : given.by;
  answer.note = given.note;
  if (answer.kind == Kind::link) {
    MUSTER_TRY(answer.person, person_id(*runtime, given.person));
  }
  return carry_out(globals, *runtime, answer);
}

Result<ExitCode> reopen(const Globals& globals, const Answer& given) {
  MUSTER_TRY(auto runtime, open_runtime(globals));
  provision::ReviewAnswer answer;
  answer.kind = Kind::reopen;
  answer.review = given.id;
  answer.by = given.by.empty() ? system_user() : given.by;
  answer.note = given.note;
  return carry_out(globals, *runtime, answer);
}

void add_author(CLI::App* verb, Answer& answer) {
  verb->add_option("--by", answer.by, "Who decides (default: the operating system's user)");
  verb->add_option("--note", answer.note, "Why; kept with the decision");
}

void add_answers(CLI::App* group, const Globals& globals, const Register& when) {
  auto answer = std::make_shared<Answer>();
  auto* resolver = group->add_subcommand("resolve", "Decide whom a record belongs to");
  resolver->add_option("ID", answer->id, "Review id")->required();
  auto* choice = resolver->add_option_group("decision")->require_option(1);
  choice->add_option("--link", answer->person, "It is this person: id or user name")
      ->type_name("PERSON");
  choice->add_flag("--create", answer->create, "It is somebody new");
  choice->add_flag("--ignore", answer->ignore, "Keep it out until its data changes");
  add_author(resolver, *answer);
  when(resolver, [&globals, answer] { return resolve(globals, *answer); });

  auto* reopener = group->add_subcommand(
      "reopen", "Take a decision back: the record leaves its person and waits again");
  reopener->add_option("ID", answer->id, "Review id")->required();
  add_author(reopener, *answer);
  when(reopener, [&globals, answer] { return reopen(globals, *answer); });
}

}  // namespace

void add_reviews(CLI::App& app, const Globals& globals, const Register& when) {
  auto* group = app.add_subcommand("reviews", "Records that wait for a person to decide");
  group->require_subcommand(1);

  auto* lister = group->add_subcommand("list", "What waits, or what was decided");
  auto source = std::make_shared<std::string>();
  auto state = std::make_shared<std::string>("open");
  lister->add_option("--source", *source, "Of this source only");
  lister
      ->add_option("--state", *state,
                   "open, resolved or all reviews; quarantined: records that a rule refuses")
      ->check(CLI::IsMember({"open", "resolved", "all", "quarantined"}))
      ->capture_default_str();
  when(lister, [&globals, source, state] { return list(globals, *source, *state); });

  auto id = std::make_shared<std::string>();
  auto* shower = group->add_subcommand(
      "show", "One review: the record, the candidates, which tiers were asked and what they found");
  shower->add_option("ID", *id, "Review id")->required();
  when(shower, [&globals, id] { return show(globals, *id); });

  add_answers(group, globals, when);
  add_reviews_retry(*group, globals, when);
}

}  // namespace muster::gateway::cli
