// SPDX-License-Identifier: Apache-2.0
#include "gateway/cli/reviews.h"

#include <pwd.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <array>
#include <cstdio>
#include <memory>
#include <optional>

#include "operations/documents/person.h"
#include "operations/documents/review.h"
#include "operations/users/users.h"

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

std::string joined(const std::vector<std::string>& words) {
  std::string text;
  for (const auto& word : words) text += (text.empty() ? "" : ", ") + word;
  return text;
}

Status list_quarantined(const operations::Installation& here, const std::string& source,
                        RowWriter& rows) {
  for (std::optional<std::int64_t> after = 0; after;) {
    MUSTER_TRY(const auto page, operations::list_quarantined(here, source, *after, page_size));
    after = page.next;
    for (const auto& one : page.records) {
      const auto& head = one.head;
      rows.add({head.id, head.key.source, head.key.key, std::string(store::name_of(head.state)),
                format_timestamp(head.modified), one.person, "", "", one.reason},
               operations::as_document(one));
    }
  }
  return {};
}

Status list_reviews(const operations::Installation& here, const operations::ReviewQuery& query,
                    RowWriter& rows) {
  std::string after;
  for (;;) {
    MUSTER_TRY(const auto page, operations::list_reviews(here, query, after, page_size));
    for (const auto& one : page) {
      const auto& review = one.review;
      after = review.id;
      rows.add(
          {review.id, review.source, review.record_key, std::string(store::name_of(review.state)),
           format_timestamp(review.opened), joined(one.candidates),
           std::string(store::name_of(review.resolution)), review.by, review.reason},
          operations::as_document(one));
    }
    if (page.size() < static_cast<std::size_t>(page_size)) return {};
  }
}

Result<ExitCode> list(const Globals& globals, const std::string& source, const std::string& state) {
  MUSTER_TRY(auto runtime, open_runtime(globals));
  const auto& here = runtime->installation();
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
    MUSTER_CHECK(list_quarantined(here, source, rows));
  } else {
    operations::ReviewQuery query{.source = source};
    if (state == "open") query.state = store::ReviewState::open;
    if (state == "resolved") query.state = store::ReviewState::resolved;
    MUSTER_CHECK(list_reviews(here, query, rows));
  }
  rows.finish();
  return exit_ok;
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
    people.add({person.id, person.user_name, operations::mail_of(person), joined(person.sources),
                std::string(name_of(person.state))});
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
  MUSTER_TRY(const auto shown, operations::show_review(runtime->installation(), id));
  if (globals.format == Format::table) {
    print_review(shown.details);
    return exit_ok;
  }
  MUSTER_TRY(const auto document, as_document(shown));
  print_document(document);
  return exit_ok;
}

Result<std::string> person_id(const operations::Installation& here, const std::string& text) {
  auto person = operations::find_person(here, text);
  if (person) return person->id;
  if (person.error().fault == Fault::not_found) person.error().where = "--link";
  return fail(std::move(person).error());
}

void print_answered(const operations::AnsweredReview& answered) {
  const auto& review = answered.entry.review;
  const bool open = review.state == store::ReviewState::open;
  std::printf(
      "%s record %s: %s%s\n", review.source.c_str(), printable(review.record_key).c_str(),
      open ? "open again" : std::string(store::name_of(review.resolution)).c_str(),
      answered.person.empty() ? "" : (", contributes to " + printable(answered.person)).c_str());
}

Result<ExitCode> decide(const Globals& globals, const Answer& given, Kind kind) {
  MUSTER_TRY(auto runtime, open_runtime(globals));
  const auto& here = runtime->installation();
  provision::ReviewAnswer answer{.kind = kind, .review = given.id, .note = given.note};
  answer.by = given.by.empty() ? system_user() : given.by;
  if (kind == Kind::link) {
    MUSTER_TRY(answer.person, person_id(here, given.person));
  }
  MUSTER_TRY(const auto answered, operations::answer_review(here, answer, "cli:" + answer.by));
  globals.format == Format::table ? print_answered(answered)
                                  : print_document(as_document(answered));
  return exit_ok;
}

Result<ExitCode> resolve(const Globals& globals, const Answer& given) {
  const auto kind = given.create ? Kind::create : given.ignore ? Kind::ignore : Kind::link;
  return decide(globals, given, kind);
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
  when(reopener, [&globals, answer] { return decide(globals, *answer, Kind::reopen); });
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
