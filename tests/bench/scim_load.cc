// SPDX-License-Identifier: Apache-2.0
// A SCIM client that asks a bounded number of times over N keep-alive connections (one thread,
// epoll) and prints one line of JSON.
//   scim_load PORT TOKEN_FILE create FIRST COUNT CONNECTIONS IDS_FILE   people FIRST.., ids
//   appended scim_load PORT TOKEN_FILE get IDS_FILE COUNT CONNECTIONS            any of the file's
//   ids scim_load PORT TOKEN_FILE filter PEOPLE COUNT CONNECTIONS           userName of any of
//   0..PEOPLE scim_load PORT TOKEN_FILE page START COUNT CONNECTIONS              100 people from
//   START
// Person i is the same in every run; user names come in no order.
#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace {

using Moment = std::chrono::steady_clock::time_point;

constexpr std::uint64_t kPrime = 99'999'989;  // below 10^8: numbers have eight digits

[[noreturn]] void give_up(const std::string& why) {
  std::fprintf(stderr, "scim_load: %s\n", why.c_str());
  std::exit(1);
}

std::uint64_t scattered(std::uint64_t i) { return (i * 48'271 + 12'345) % kPrime; }

std::string digits_of(std::uint64_t i) {
  std::string digits = std::to_string(scattered(i));
  return std::string(8 - digits.size(), '0') + digits;
}

void replace_all(std::string& text, std::string_view what, std::string_view with) {
  for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at + with.size()))
    text.replace(at, what.size(), with);
}

// As Microsoft Entra ID sends a new user.
std::string person(std::uint64_t i) {
  std::string body =
      R"({"schemas":["urn:ietf:params:scim:schemas:core:2.0:User",)"
      R"("urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"],)"
      R"("externalId":"8f1c2d3e-4a5b-4c6d-9e7f-0000########","userName":"user########@example.com",)"
      R"("active":true,"displayName":"Zoë ######## Müller","emails":[{"primary":true,"type":"work",)"
      R"("value":"zoe.########@mail.example.com"}],"meta":{"resourceType":"User"},)"
      R"("name":{"formatted":"Zoë Müller ########","familyName":"Müller","givenName":"Zoë"},)"
      R"("addresses":[{"type":"work","formatted":"1 Main Street, 10115 Berlin","locality":"Berlin",)"
      R"("streetAddress":"1 Main Street","region":"BE","postalCode":"10115","country":"DE",)"
      R"("primary":true}],"phoneNumbers":[{"type":"work","value":"+49 30 ########"},)"
      R"({"type":"mobile","value":"+49 170 ########"}],"title":"Senior Engineer",)"
      R"("preferredLanguage":"de-DE","userType":"Member",)"
      R"("urn:ietf:params:scim:schemas:extension:enterprise:2.0:User":{)"
      R"("employeeNumber":"########","department":"Research & Development","costCenter":"4130",)"
      R"("organization":"Example AG"}})";
  replace_all(body, "########", digits_of(i));
  return body;
}

struct Plan {
  std::string operation = {};
  std::uint64_t first = 0;  // first person, number of people, or start of the page
  std::uint64_t count = 0;
  std::vector<std::string> ids = {};
  std::string host = {};
  std::string token = {};

  std::string request(std::uint64_t number) const;
};

std::string Plan::request(std::uint64_t number) const {
  std::string line;
  std::string body;
  if (operation == "create") {
    line = "POST /scim/v2/Users";
    body = person(first + number);
  } else if (operation == "get") {
    line = "GET /scim/v2/Users/" + ids[scattered(number) % ids.size()];
  } else if (operation == "filter") {
    line = "GET /scim/v2/Users?filter=userName%20eq%20%22user" +
           digits_of(scattered(number) % first) + "%40example.com%22";
  } else {
    line = "GET /scim/v2/Users?startIndex=" + std::to_string(first) + "&count=100";
  }
  std::string text = line + " HTTP/1.1\r\nHost: " + host + "\r\nAuthorization: Bearer " + token +
                     "\r\nAccept: application/scim+json\r\n";
  if (!body.empty()) {
    text += "Content-Type: application/scim+json; charset=utf-8\r\nContent-Length: " +
            std::to_string(body.size()) + "\r\n";
  }
  return text + "\r\n" + body;
}

// One answer at the start of `in`, or nothing yet.
struct Answer {
  int status = 0;
  std::size_t size = 0;
  std::string_view body = {};
};

Answer answer_in(std::string_view in) {
  const auto end = in.find("\r\n\r\n");
  if (end == std::string_view::npos) return {};
  constexpr std::string_view kLength = "\r\nContent-Length: ";
  const auto at = in.substr(0, end).find(kLength);
  std::size_t length = 0;
  if (at == std::string_view::npos) give_up("an answer without Content-Length");
  std::from_chars(in.data() + at + kLength.size(), in.data() + end, length);
  if (in.size() < end + 4 + length) return {};
  Answer answer{0, end + 4 + length, in.substr(end + 4, length)};
  std::from_chars(in.data() + 9, in.data() + 12, answer.status);
  return answer;
}

int connected(std::uint16_t port) {
  const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (::connect(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
    give_up("no connection to port " + std::to_string(port));
  const int on = 1;
  ::setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  return socket;
}

class Load {
 public:
  Load(const Plan& plan, std::uint16_t port, int connections);
  void run();
  void print(std::FILE* out);
  const std::vector<std::string>& new_ids() const { return new_ids_; }

 private:
  struct Connection {
    int socket = -1;
    std::string in = {};
    Moment asked = {};
  };
  void ask(Connection& connection);
  void readable(Connection& connection);
  void take(const Connection& connection, const Answer& answer);

  const Plan& plan_;
  int poll_ = ::epoll_create1(EPOLL_CLOEXEC);
  std::vector<std::unique_ptr<Connection>> connections_;
  std::uint64_t asked_ = 0;
  std::uint64_t answered_ = 0;
  std::uint64_t errors_ = 0;
  std::vector<double> waits_;  // microseconds
  std::vector<std::string> new_ids_;
  double seconds_ = 0;
};

Load::Load(const Plan& plan, std::uint16_t port, int connections) : plan_(plan) {
  waits_.reserve(plan.count);
  for (int i = 0; i < connections; ++i) {
    auto& connection = *connections_.emplace_back(std::make_unique<Connection>());
    connection.socket = connected(port);
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.ptr = &connection;
    ::epoll_ctl(poll_, EPOLL_CTL_ADD, connection.socket, &event);
  }
}

void Load::ask(Connection& connection) {
  if (asked_ == plan_.count) return;
  const std::string text = plan_.request(asked_++);
  connection.asked = std::chrono::steady_clock::now();
  // A request is far smaller than a socket's buffer.
  if (::send(connection.socket, text.data(), text.size(), MSG_NOSIGNAL) !=
      static_cast<ssize_t>(text.size()))
    give_up("a request could not be sent");
}

void Load::take(const Connection& connection, const Answer& answer) {
  ++answered_;
  const std::chrono::duration<double, std::micro> wait =
      std::chrono::steady_clock::now() - connection.asked;
  waits_.push_back(wait.count());
  const int wanted = plan_.operation == "create" ? 201 : 200;
  const bool none = plan_.operation == "filter" &&
                    answer.body.find("\"totalResults\":1,") == std::string_view::npos;
  if (answer.status != wanted || none) {
    if (errors_++ == 0) {
      std::fprintf(stderr, "scim_load: %d %.*s\n", answer.status,
                   static_cast<int>(std::min<std::size_t>(answer.body.size(), 500)),
                   answer.body.data());
    }
    return;
  }
  if (plan_.operation != "create") return;
  constexpr std::string_view kId = "\"id\":\"";
  const auto at = answer.body.find(kId);
  if (at == std::string_view::npos) give_up("a new person without an id");
  new_ids_.emplace_back(answer.body.substr(at + kId.size(), 36));
}

void Load::readable(Connection& connection) {
  char buffer[64 << 10];
  const auto got = ::recv(connection.socket, buffer, sizeof buffer, 0);
  if (got <= 0) give_up("the server closed a connection");
  connection.in.append(buffer, static_cast<std::size_t>(got));
  const Answer answer = answer_in(connection.in);
  if (answer.size == 0) return;
  take(connection, answer);
  connection.in.clear();
  ask(connection);
}

void Load::run() {
  const auto start = std::chrono::steady_clock::now();
  for (auto& connection : connections_) ask(*connection);
  epoll_event events[64];
  while (answered_ < plan_.count) {
    const int ready = ::epoll_wait(poll_, events, 64, 60'000);
    if (ready <= 0) give_up("no answer for a minute");
    for (int i = 0; i < ready; ++i) readable(*static_cast<Connection*>(events[i].data.ptr));
  }
  seconds_ = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

void Load::print(std::FILE* out) {
  std::ranges::sort(waits_);
  const auto at = [&](double share) {
    return waits_[static_cast<std::size_t>(share * static_cast<double>(waits_.size() - 1))];
  };
  std::fprintf(out,
               "{\"requests\":%llu,\"errors\":%llu,\"seconds\":%.4f,\"p50_us\":%.0f,"
               "\"p99_us\":%.0f}\n",
               static_cast<unsigned long long>(answered_), static_cast<unsigned long long>(errors_),
               seconds_, at(0.5), at(0.99));
}

std::vector<std::string> lines_of(const char* file) {
  std::ifstream in(file);
  std::vector<std::string> lines;
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

}  // namespace

int main(int count, char** words) {
  if (count < 7) give_up("usage: see the head of scim_load.cc");
  Plan plan;
  plan.operation = words[3];
  plan.count = std::strtoull(words[5], nullptr, 10);
  plan.host = std::string("127.0.0.1:") + words[1];
  const auto token = lines_of(words[2]);
  if (token.empty() || plan.count == 0) give_up("no token, or nothing to do");
  plan.token = token.front();
  if (plan.operation == "get") {
    plan.ids = lines_of(words[4]);
    if (plan.ids.empty()) give_up("no ids to ask for");
  } else {
    plan.first = std::strtoull(words[4], nullptr, 10);
  }
  Load load(plan, static_cast<std::uint16_t>(std::atoi(words[1])), std::atoi(words[6]));
  load.run();
  load.print(stdout);
  if (count > 7) {
    std::ofstream ids(words[7], std::ios::app);
    for (const auto& id : load.new_ids()) ids << id << '\n';
  }
  return 0;
}
