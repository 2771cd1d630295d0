// SPDX-License-Identifier: Apache-2.0
// scim_floor TEMPLATE DIGITS DATABASE: what a SCIM server on this machine costs at least. Beast on
// one thread, simdjson, and SQLite with group commit (synchronous=FULL, one writer's thread): each
// creation writes the rows that the program wrote for the one person of the store TEMPLATE (the
// person with the eight DIGITS), and is answered after the commit. No sign-in, schema, mapping,
// filter language or limits. Prints its port, then serves until it is ended:
//   POST /scim/v2/Users, GET .../Users/{id}, GET .../Users?filter=userName%20eq%20%22...%22
#include <simdjson.h>

#include <boost/asio.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <condition_variable>
#include <cstdio>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "core/clock.h"
#include "core/uuid.h"
#include "row_template.h"

namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using asio::ip::tcp;
using muster::bench::NewPerson;
using muster::bench::RowTemplate;

constexpr std::size_t kGroup = 256;
constexpr std::string_view kUsers = "/scim/v2/Users/";
constexpr std::string_view kFilter = "/scim/v2/Users?filter=userName%20eq%20%22";
constexpr std::string_view kListHead =
    R"({"schemas":["urn:ietf:params:scim:api:messages:2.0:ListResponse"],"totalResults":1,)"
    R"("Resources":[)";

class Session;
struct Job {
  NewPerson person = {};
  std::shared_ptr<Session> session = {};
};

// Commits whatever waits, at most kGroup at a time.
class Writer {
 public:
  Writer(asio::io_context& context, sqlite3* database, RowTemplate rows)
      : context_(context), database_(database), rows_(std::move(rows)) {
    std::thread([this] { loop(); }).detach();  // ends with the process
  }
  void add(Job job) {
    {
      std::lock_guard lock(mutex_);
      waiting_.push_back(std::move(job));
    }
    arrived_.notify_one();
  }

 private:
  [[noreturn]] void loop();
  std::vector<Job> next();

  asio::io_context& context_;
  sqlite3* database_;
  RowTemplate rows_;
  std::int64_t written_ = 0;
  std::mutex mutex_;
  std::condition_variable arrived_;
  std::vector<Job> waiting_;
};

struct Reads {
  explicit Reads(const std::string& file)
      : database(muster::bench::open_database(file)),
        by_id(muster::bench::prepared(database, "select document from records where id = ?1")),
        by_name(muster::bench::prepared(
            database,
            "select document from records where source_id = 1 and type = 0 and "
            "user_name_key = ?1 and state <> 4")) {}
  // Appends the document; false when there is none.
  static bool append(sqlite3_stmt* statement, std::string_view key, std::string& out) {
    muster::bench::bind_text(statement, 1, key);
    const bool found = sqlite3_step(statement) == SQLITE_ROW;
    if (found) {
      out.append(reinterpret_cast<const char*>(sqlite3_column_text(statement, 0)),
                 static_cast<std::size_t>(sqlite3_column_bytes(statement, 0)));
    }
    sqlite3_reset(statement);
    return found;
  }

  sqlite3* database;
  sqlite3_stmt* by_id;
  sqlite3_stmt* by_name;
};

struct Floor {
  Writer& writer;
  Reads& reads;
  simdjson::dom::parser parser;
};

class Session : public std::enable_shared_from_this<Session> {
 public:
  Session(tcp::socket socket, Floor& floor) : socket_(std::move(socket)), floor_(floor) {
    socket_.set_option(tcp::no_delay(true));
  }
  void read() {
    request_ = {};
    http::async_read(socket_, buffer_, request_,
                     [self = shared_from_this()](boost::system::error_code error, std::size_t) {
                       if (!error) self->handle();
                     });
  }
  void created() { send(http::status::created, std::move(answer_)); }

 private:
  void handle() {
    const std::string_view target(request_.target().data(), request_.target().size());
    if (request_.method() == http::verb::post) return create();
    std::string body;
    if (target.starts_with(kFilter)) {
      body = kListHead;
      std::string name(target.substr(kFilter.size(), target.size() - kFilter.size() - 3));
      if (const auto at = name.find("%40"); at != std::string::npos) name.replace(at, 3, "@");
      if (!Reads::append(floor_.reads.by_name, name, body))
        return send(http::status::not_found, {});
      body += "]}";
    } else if (!Reads::append(floor_.reads.by_id, target.substr(kUsers.size()), body)) {
      return send(http::status::not_found, {});
    }
    send(http::status::ok, std::move(body));
  }

  void create() {
    simdjson::dom::element body;
    std::string_view external_id;
    if (floor_.parser.parse(request_.body()).get(body) != simdjson::SUCCESS ||
        body["externalId"].get(external_id) != simdjson::SUCCESS || external_id.size() < 8)
      return send(http::status::bad_request, {});
    Job job;
    job.session = shared_from_this();
    job.person.digits = external_id.substr(external_id.size() - 8);
    const auto now = muster::system_clock().now();
    job.person.record_id = muster::new_uuid(now);
    job.person.identity_id = muster::new_uuid(now);
    answer_ = simdjson::minify(body);
    answer_.pop_back();
    answer_ += ",\"id\":\"" + job.person.record_id + "\"}";
    floor_.writer.add(std::move(job));
  }

  void send(http::status status, std::string body) {
    response_ = {status, request_.version()};
    response_.set(http::field::content_type, "application/scim+json");
    response_.keep_alive(request_.keep_alive());
    response_.body() = std::move(body);
    response_.prepare_payload();
    http::async_write(socket_, response_,
                      [self = shared_from_this()](boost::system::error_code error, std::size_t) {
                        if (!error && self->response_.keep_alive()) self->read();
                      });
  }

  tcp::socket socket_;
  Floor& floor_;
  boost::beast::flat_buffer buffer_{1 << 20};
  http::request<http::string_body> request_;
  http::response<http::string_body> response_;
  std::string answer_;
};

std::vector<Job> Writer::next() {
  std::unique_lock lock(mutex_);
  arrived_.wait(lock, [this] { return !waiting_.empty(); });
  std::vector<Job> group;
  if (waiting_.size() <= kGroup) {
    group.swap(waiting_);
    return group;
  }
  const auto end = waiting_.begin() + static_cast<std::ptrdiff_t>(kGroup);
  group.assign(std::make_move_iterator(waiting_.begin()), std::make_move_iterator(end));
  waiting_.erase(waiting_.begin(), end);
  return group;
}

void Writer::loop() {
  sqlite3_stmt* begin = muster::bench::prepared(database_, "begin immediate");
  sqlite3_stmt* commit = muster::bench::prepared(database_, "commit");
  const auto step = [this](sqlite3_stmt* statement) {
    muster::bench::check(database_, sqlite3_step(statement));
    sqlite3_reset(statement);
  };
  for (;;) {
    auto group = next();
    step(begin);
    for (auto& job : group) {
      job.person.number = written_++;
      rows_.write(job.person);
    }
    rows_.count(static_cast<std::int64_t>(group.size()));
    step(commit);
    asio::post(context_, [group = std::move(group)] {
      for (const auto& job : group) job.session->created();
    });
  }
}

void accept(tcp::acceptor& acceptor, Floor& floor) {
  acceptor.async_accept([&](boost::system::error_code error, tcp::socket socket) {
    if (!error) std::make_shared<Session>(std::move(socket), floor)->read();
    accept(acceptor, floor);
  });
}

}  // namespace

int main(int count, char** words) {
  if (count != 4) {
    std::fprintf(stderr, "usage: scim_floor TEMPLATE DIGITS DATABASE\n");
    return 2;
  }
  sqlite3* database = muster::bench::open_database(words[3]);
  asio::io_context context{1};
  Writer writer(context, database, RowTemplate(words[1], words[2], database));
  Reads reads(words[3]);
  Floor floor{writer, reads, simdjson::dom::parser()};
  tcp::acceptor acceptor(context, tcp::endpoint(asio::ip::address_v4::loopback(), 0));
  accept(acceptor, floor);
  std::printf("%d\n", acceptor.local_endpoint().port());
  std::fflush(stdout);
  context.run();
}
