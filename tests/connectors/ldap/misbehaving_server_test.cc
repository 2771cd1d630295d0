// SPDX-License-Identifier: Apache-2.0
// Servers that break the protocol, stop half-way or are hostile (scripted), and Active Directory's
// ranges.
#include <gtest/gtest.h>
#include <sys/resource.h>

#if defined(__SANITIZE_ADDRESS__)
#include <sanitizer/lsan_interface.h>
#endif

#include "tests/connectors/ldap/pulled.h"
#include "tests/support/scripted_ldap.h"

namespace muster::connectors::ldap {
namespace {

using support::LdapConversation;
using support::LdapRequest;
using support::ScriptedLdap;

constexpr std::string_view kBase = "ou=people,dc=example,dc=org";

bool is_scan(const LdapRequest& request) { return request.operation == 0x63 && request.scope == 2; }

void person(LdapConversation& conversation, const LdapRequest& request, int number) {
  const std::string uid = "u" + std::to_string(number);
  conversation.entry(request, "uid=" + uid + "," + std::string(kBase),
                     {{"uid", {uid}}, {"entryUUID", {"key-" + uid}}});
}

struct Story {
  const char* story;
  std::function<void(LdapConversation&, const LdapRequest&)>
      scan;  // answers one page of the people's search
  std::size_t records;
  const char* sentence;  // how it begins
};

TEST(MisbehavingServer, WhatCannotBeTrustedIsIncomplete) {
  const Story stories[] = {
      {"two good pages",
       [](auto& conversation, const auto& request) {
         person(conversation, request, request.cookie->empty() ? 1 : 2);
         conversation.done(request, 0, request.cookie->empty() ? "more" : "");
       },
       2, "complete"},
      {"an empty page with a cookie is not the end (RFC 2696, 3)",
       [](auto& conversation, const auto& request) {
         if (request.cookie->empty()) return conversation.done(request, 0, "more");
         person(conversation, request, 1);
         conversation.done(request, 0, "");
       },
       1, "complete"},
      {"the last page does not say that it is the last",
       [](auto& conversation, const auto& request) {
         person(conversation, request, 1);
         conversation.done(request);
       },
       1,
       "The search below 'ou=people,dc=example,dc=org' ended a page without saying whether more "
       "follow (RFC 2696)"},
      {"error 4 in the second page",
       [](auto& conversation, const auto& request) {
         if (!request.cookie->empty()) return conversation.done(request, 4, {}, "too many");
         person(conversation, request, 1);
         conversation.done(request, 0, "more");
       },
       1,
       "The search below 'ou=people,dc=example,dc=org' failed: sizeLimitExceeded (4), the server "
       "says: too many."},
      {"error 51 after entries of the same page",
       [](auto& conversation, const auto& request) {
         person(conversation, request, 1);
         conversation.done(request, 51, "", "busy");
       },
       1,
       "The search below 'ou=people,dc=example,dc=org' failed: busy (51), the server says: busy."},
      {"error 80 with a paging control",
       [](auto& conversation, const auto& request) {
         person(conversation, request, 1);
         conversation.done(request, 80, "", "internal error");
       },
       1,
       "The search below 'ou=people,dc=example,dc=org' failed: other (80), the server says: "
       "internal error."},
      {"half an answer, then closed",
       [](auto& conversation, const auto& request) {
         person(conversation, request, 1);
         conversation.raw("\x30\x20\x02\x01");
         conversation.close();
       },
       1, "The search below 'ou=people,dc=example,dc=org' failed: connection lost (-1)"},
      {"silence half-way",
       [](auto& conversation, const auto& request) { person(conversation, request, 1); }, 1,
       "The search below 'ou=people,dc=example,dc=org' failed: no answer within 400 ms."},
      {"half a message, then silence",
       [](auto& conversation, const auto& request) {
         person(conversation, request, 1);
         conversation.raw("\x30\x20\x02\x01\x02\x64\x1b\x04\x05");
       },
       1, "The search below 'ou=people,dc=example,dc=org' failed: no answer within 400 ms."},
      {"an entry without a UUID",
       [](auto& conversation, const auto& request) {
         person(conversation, request, 1);
         conversation.entry(request, "uid=x,ou=people,dc=example,dc=org", {{"uid", {"x"}}});
         conversation.done(request, 0, "");
       },
       1,
       "Entries without a readable key cannot be told from absent ones (first: "
       "'uid=x,ou=people,dc=example,dc=org')."},
      {"an entry from elsewhere",
       [](auto& conversation, const auto& request) {
         person(conversation, request, 1);
         conversation.entry(request, "uid=root,ou=other,dc=example,dc=org",
                            {{"entryUUID", {"key-root"}}});
         conversation.done(request, 0, "");
       },
       1,
       "The server sent entries that do not lie below the base (first: "
       "'uid=root,ou=other,dc=example,dc=org')."},
      {"an entry that is no BER",
       [](auto& conversation, const auto& request) {
         person(conversation, request, 1);
         const auto id = static_cast<char>(request.message_id);
         conversation.raw(std::string("\x30\x0c\x02\x01") + id +
                          std::string("\x64\x07\x04\x01x\x30\x7f\x04\x7f", 9));
         conversation.done(request, 0, "");
       },
       1, "The server sent an entry that is not LDAP"},
      {"a reference below the base",
       [](auto& conversation, const auto& request) {
         person(conversation, request, 1);
         conversation.reference(request,
                                "ldap://other.example.org/ou=asia,ou=people,dc=example,dc=org");
         conversation.done(request, 0, "");
       },
       1, "The server refers to another one for a part of the base: ldap://other.example.org/"},
      {"a reference to somewhere else",
       [](auto& conversation, const auto& request) {
         person(conversation, request, 1);
         conversation.reference(request, "ldap://other.example.org/dc=elsewhere");
         conversation.done(request, 0, "");
       },
       1, "complete"},
  };
  for (const Story& story : stories) {
    SCOPED_TRACE(story.story);
    const ScriptedLdap server([&](LdapConversation& conversation, const LdapRequest& request) {
      if (!is_scan(request)) return false;
      story.scan(conversation, request);
      return true;
    });
    LdapOptions options = people_at(server.uri());
    options.timeouts.operation = std::chrono::milliseconds(400);
    const Pulled pulled = pull(options);
    ASSERT_TRUE(pulled.result) << pulled.sentence();
    EXPECT_EQ(pulled.complete(), std::string_view(story.sentence) == "complete");
    EXPECT_EQ(pulled.records.size(), story.records);
    EXPECT_TRUE(pulled.sentence().starts_with(story.sentence)) << pulled.sentence();
  }
}

TEST(MisbehavingServer, ANoticeOfDisconnection) {
#if defined(__SANITIZE_ADDRESS__)
  const __lsan::ScopedDisabler libldap_loses_the_notice;  // 150 bytes, once a connection
#endif
  const ScriptedLdap server([&](LdapConversation& conversation, const LdapRequest& request) {
    if (!is_scan(request)) return false;
    person(conversation, request, 1);
    conversation.notice_of_disconnection(52, "shutting down");
    conversation.close();
    return true;
  });
  const Pulled pulled = pull(people_at(server.uri()));
  EXPECT_FALSE(pulled.complete());
  EXPECT_EQ(pulled.records.size(), 1U);
  EXPECT_EQ(pulled.sentence(),
            "The search below 'ou=people,dc=example,dc=org' failed: unavailable (52). The "
            "directory is overloaded or going "
            "down; the next run tries again.");
}

TEST(MisbehavingServer, AClaimedLengthReservesNoMemory) {
  for (const bool at_bind : {false, true}) {
    SCOPED_TRACE(at_bind);
    const ScriptedLdap server([&](LdapConversation& conversation, const LdapRequest& request) {
      if (!is_scan(request) && !(at_bind && request.operation == 0x60)) return false;
      if (!at_bind) person(conversation, request, 1);
      conversation.raw(std::string("\x30\x84\x59\x68\x2f\x00\x02\x01\x02", 9));  // "1.5 GB follow"
      return true;
    });
    const Pulled pulled = pull(people_at(server.uri()));
    EXPECT_FALSE(pulled.complete());
    EXPECT_EQ(static_cast<bool>(pulled.result), !at_bind);
    EXPECT_NE(pulled.sentence().find("message above the size limit"), std::string::npos)
        << pulled.sentence();
  }
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  EXPECT_LT(usage.ru_maxrss, 512 * 1024) << "KiB";
}

TEST(MisbehavingServer, AMessageAboveTheLimit) {
  const ScriptedLdap server([&](LdapConversation& conversation, const LdapRequest& request) {
    if (!is_scan(request)) return false;
    person(conversation, request, 1);
    conversation.entry(request, "uid=big," + std::string(kBase),
                       {{"entryUUID", {"big"}}, {"cn", {std::string(5000, 'x')}}});
    conversation.done(request, 0, "");
    return true;
  });
  LdapOptions options = people_at(server.uri());
  options.limits.message_bytes = 4096;
  const Pulled pulled = pull(options);
  EXPECT_EQ(pulled.records.size(), 1U);
  EXPECT_FALSE(pulled.complete());
  EXPECT_EQ(pulled.sentence(),
            "An entry above limits.message_bytes has no readable key (first: "
            "'uid=big,ou=people,dc=example,dc=org').")
      << "this server has no entry of that name any more when it is asked again";
  EXPECT_EQ(codes_of(pulled), "W-SCHEMA TOO_LARGE W-NEVER W-NEVER");
  options.limits.message_bytes = 8192;
  EXPECT_TRUE(pull(options).complete());
}

// Whatever the pieces in which the bytes arrive, and whatever stands around it.
TEST(MisbehavingServer, AnEntryAboveTheLimitGoesByAlone) {
  const ScriptedLdap server([&](LdapConversation& conversation, const LdapRequest& request) {
    const bool big = request.name == "uid=big," + std::string(kBase);
    if (big) {
      conversation.entry(request, request.name, {{"entryUUID", {"key-big"}}});
      conversation.done(request);
      return true;
    }
    if (!is_scan(request)) return false;
    for (int number = 1; number <= 5; ++number) {
      person(conversation, request, number);
      conversation.entry(request, "uid=big," + std::string(kBase),
                         {{"entryUUID", {"key-big"}},
                          {"cn", {std::string(static_cast<std::size_t>(number) * 70'001, 'x')}}});
    }
    conversation.done(request, 0, "");
    return true;
  });
  LdapOptions options = people_at(server.uri());
  options.limits.message_bytes = 65'000;
  const Pulled pulled = pull(options);
  EXPECT_TRUE(pulled.complete()) << pulled.sentence();
  EXPECT_EQ(pulled.records.size(), 5U);
  EXPECT_EQ(codes_of(pulled),
            "W-SCHEMA TOO_LARGE TOO_LARGE TOO_LARGE TOO_LARGE TOO_LARGE "
            "W-NEVER W-NEVER");
  for (const auto& problem : pulled.problems) {
    if (problem.code != "TOO_LARGE") continue;
    EXPECT_EQ(problem.where, "uid=big,ou=people,dc=example,dc=org");
    EXPECT_EQ(problem.severity, Severity::error);
    ASSERT_TRUE(problem.record) << "it is there: its absence is not to be believed";
    EXPECT_EQ(problem.record->key, "key-big");
    EXPECT_NE(problem.message.find("limits.message_bytes (65000)"), std::string::npos)
        << problem.message;
  }
}

struct Circle {
  const char* story;
  // Gives the page and the next cookie.
  std::function<std::string(LdapConversation&, const LdapRequest&, int page)> page;
  int most_pages;
};

TEST(MisbehavingServer, APageThatComesAgainEndsTheReadAsFailed) {
  const Circle circles[] = {
      {"the same page by the same cookie",
       [](auto& conversation, const auto& request, int) {
         person(conversation, request, 1);
         return "stuck";
       },
       2},
      {"the same page by new cookies",
       [](auto& conversation, const auto& request, int page) {
         person(conversation, request, 1);
         return "cookie" + std::to_string(page);
       },
       2},
      {"two pages in turn",
       [](auto& conversation, const auto& request, int page) {
         person(conversation, request, page % 2);
         return "cookie" + std::to_string(page % 2);
       },
       3},
      {"empty pages by one cookie", [](auto&, const auto&, int) { return std::string("stuck"); },
       5},
  };
  for (const Circle& circle : circles) {
    int pages = 0;
    const ScriptedLdap server([&](LdapConversation& conversation, const LdapRequest& request) {
      if (!is_scan(request)) return false;
      const auto cookie = circle.page(conversation, request, pages++);
      conversation.done(request, 0, cookie);
      return true;
    });
    const Pulled pulled = pull(people_at(server.uri()));
    ASSERT_FALSE(pulled.result) << circle.story;
    EXPECT_EQ(pulled.result.error().code, "paging-loop") << circle.story;
    EXPECT_NE(pulled.sentence().find("again and again"), std::string::npos) << pulled.sentence();
    EXPECT_LE(pages, circle.most_pages) << circle.story;
  }
}

TEST(MisbehavingServer, OneCookieForAllPagesIsNoCircle) {  // 389-ds
  int pages = 0;
  const ScriptedLdap server([&](LdapConversation& conversation, const LdapRequest& request) {
    if (!is_scan(request)) return false;
    person(conversation, request, ++pages);
    conversation.done(request, 0, pages < 20 ? "0" : "");
    return true;
  });
  const Pulled pulled = pull(people_at(server.uri()));
  EXPECT_TRUE(pulled.complete()) << pulled.sentence();
  EXPECT_EQ(pulled.records.size(), 20U);
}

// Members in groups of 3, as an Active Directory with MaxValRange = 3 gives them.
class ActiveDirectory {
 public:
  explicit ActiveDirectory(bool honest = true)
      : honest_(honest), server_([this](auto& conversation, const auto& request) {
          return answer(conversation, request);
        }) {}

  std::string uri() const { return server_.uri(); }

 private:
  static constexpr const char* kGroup = "CN=Staff,OU=groups,DC=example,DC=org";

  static std::vector<std::string> members(int first, int end) {
    std::vector<std::string> names;
    for (int i = first; i < end; ++i)
      names.push_back("CN=m" + std::to_string(i) + ",OU=people,DC=example,DC=org");
    return names;
  }

  bool answer(LdapConversation& conversation, const LdapRequest& request) {
    if (request.operation != 0x63) return false;
    if (request.name.empty()) {
      conversation.entry(request, "",
                         {{"supportedCapabilities", {"1.2.840.113556.1.4.800"}},
                          {"supportedControl", {"1.2.840.113556.1.4.319"}}});
      conversation.done(request);
      return true;
    }
    const bool group = request.name == "ou=groups,dc=example,dc=org" || request.name == kGroup;
    if (!group || (request.scope == 0 && request.name != kGroup)) return false;
    if (request.asks_for("member;range=3-*")) {
      const int first = honest_ ? 3 : 0;
      conversation.entry(
          request, kGroup,
          {{"member;range=" + std::to_string(first) + "-" + std::to_string(first + 2),
            members(first, first + 3)}});
    } else if (request.asks_for("member;range=6-*")) {
      conversation.entry(request, kGroup, {{"member;range=6-*", members(6, 7)}});
    } else if (request.asks_for("member")) {
      const std::string guid("\x33\x22\x11\x00\x55\x44\x77\x66\x88\x99\xaa\xbb\xcc\xdd\xee\xff",
                             16);
      conversation.entry(request, kGroup,
                         {{"objectGUID", {guid}},
                          {"CN", {"Staff"}},
                          {"member", {}},
                          {"member;range=0-2", members(0, 3)}});
    } else {
      conversation.entry(request, kGroup, {});
    }
    if (request.scope == 2)
      conversation.reference(request,
                             "ldap://DomainDnsZones.x/DC=DomainDnsZones,DC=example,DC=org");
    conversation.done(request, 0, request.cookie ? std::optional<std::string>("") : std::nullopt);
    return true;
  }

  bool honest_;
  ScriptedLdap server_;
};

TEST(ActiveDirectoryRanges, AreFollowedToTheEnd) {
  const ActiveDirectory server;
  LdapOptions options = people_at(server.uri());
  options.groups = {.bases = {"ou=groups,dc=example,dc=org"}};
  const Pulled pulled = pull(options);
  ASSERT_TRUE(pulled.complete()) << pulled.sentence();
  EXPECT_EQ(pulled.result->server, server.uri() + " (Active Directory)");
  ASSERT_EQ(pulled.records.size(), 1U);
  EXPECT_EQ(pulled.records[0].key.key, "00112233-4455-6677-8899-aabbccddeeff");
  ASSERT_TRUE(pulled.records[0].members);
  ASSERT_EQ(pulled.records[0].members->size(), 7U);
  EXPECT_EQ(pulled.records[0].members->back().key, "cn=m6,ou=people,dc=example,dc=org");
  EXPECT_EQ(pulled.text("CN=Staff", "displayName"), "Staff");
}

TEST(ActiveDirectoryRanges, ThatDoNotGoOnEndTheRead) {
  const ActiveDirectory server(false);
  LdapOptions options = people_at(server.uri());
  options.groups = {.bases = {"ou=groups,dc=example,dc=org"}};
  const Pulled pulled = pull(options);
  EXPECT_FALSE(pulled.complete());
  EXPECT_NE(pulled.sentence().find("The server repeats the values of 'member' from 3 on"),
            std::string::npos)
      << pulled.sentence();
}

TEST(ActiveDirectoryRanges, TooManyMembersSayNothing) {
  const ActiveDirectory server;
  LdapOptions options = people_at(server.uri());
  options.groups = {.bases = {"ou=groups,dc=example,dc=org"}};
  options.limits.members_per_group = 5;
  const Pulled pulled = pull(options);
  ASSERT_EQ(pulled.records.size(), 1U) << pulled.sentence();
  EXPECT_FALSE(pulled.records[0].members);
  EXPECT_EQ(codes_of(pulled), "W-SCHEMA TOO_MANY_MEMBERS");
}

}  // namespace
}  // namespace muster::connectors::ldap
