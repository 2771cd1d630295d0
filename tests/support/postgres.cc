// SPDX-License-Identifier: Apache-2.0
#include "tests/support/postgres.h"

#include <gtest/gtest.h>
#include <pwd.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <cstdlib>
#include <stdexcept>
#include <thread>
#include <vector>

#include "tests/support/every_engine.h"

namespace muster::support {
namespace {

const std::string kPrograms = "/usr/lib/postgresql/15/bin/";

std::vector<std::string> unprivileged(std::vector<std::string> arguments) {
  if (geteuid() != 0) return arguments;
  std::vector<std::string> out{"setpriv",        "--reuid=postgres",    "--regid=postgres",
                               "--clear-groups", "--pdeathsig=SIGQUIT", "--"};
  out.insert(out.end(), arguments.begin(), arguments.end());
  return out;
}

void give_to_server(const std::filesystem::path& folder) {
  if (geteuid() != 0) return;
  const passwd* user = getpwnam("postgres");
  if (user == nullptr || chown(folder.c_str(), user->pw_uid, user->pw_gid) != 0) {
    throw std::runtime_error("there is no user 'postgres' to run the server as");
  }
}

std::unique_ptr<Postgres> server;

class EndWithTests : public testing::Environment {
  void TearDown() override { server.reset(); }
};

testing::Environment* const environment = testing::AddGlobalTestEnvironment(new EndWithTests);

}  // namespace

Postgres& Postgres::shared() {
  if (!server) server = std::make_unique<Postgres>();
  return *server;
}

Postgres::Postgres() : port_(free_port()) {
  const auto home = folder_.path() / "cluster";
  std::filesystem::create_directory(home);
  std::filesystem::permissions(folder_.path(), std::filesystem::perms::owner_all |
                                                   std::filesystem::perms::group_exec |
                                                   std::filesystem::perms::others_exec);
  give_to_server(home);
  run_program(unprivileged({kPrograms + "initdb", "--pgdata=" + (home / "data").string(),
                            "--username=muster", "--auth=trust", "--encoding=UTF8", "--locale=C",
                            "--no-sync", "--no-instructions"}),
              folder_.path());
  start();
}

Postgres::~Postgres() {
  if (server_) server_->end(SIGINT);
}

void Postgres::start() {
  const std::string data = (folder_.path() / "cluster" / "data").string();
  server_ = std::make_unique<Process>(
      unprivileged({kPrograms + "postgres", "-D", data, "-p", std::to_string(port_), "-c",
                    "listen_addresses=127.0.0.1", "-c", "unix_socket_directories=", "-c",
                    "fsync=off", "-c", "synchronous_commit=off", "-c", "full_page_writes=off"}),
      folder_.path() / "server.log");
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(60);
  while (read_file(folder_.path() / "server.log").find("ready to accept") == std::string::npos) {
    if (!server_->running() || std::chrono::steady_clock::now() > deadline) {
      throw std::runtime_error("PostgreSQL did not start:\n" +
                               read_file(folder_.path() / "server.log"));
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
}

void Postgres::run(const std::string& statement, const std::string& database) {
  run_program({kPrograms + "psql", "--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1",
               "--host=127.0.0.1", "--port=" + std::to_string(port_), "--username=muster",
               "--dbname=" + database, "--command=" + statement},
              folder_.path());
}

std::string Postgres::new_database() {
  const std::string name = "store_" + std::to_string(++databases_);
  run("create database " + name);
  return "postgresql://muster@127.0.0.1:" + std::to_string(port_) + "/" + name;
}

std::string store_url(const std::string& sqlite) {
  if (!on_postgresql()) return sqlite;
  return Postgres::shared().new_database();
}

}  // namespace muster::support
