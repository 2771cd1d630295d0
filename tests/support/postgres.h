// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <memory>
#include <string>

#include "tests/support/process.h"
#include "tests/support/temp_dir.h"

namespace muster::support {

// A PostgreSQL server of the tests' own: a fresh cluster in a temporary folder, on a free port of
// 127.0.0.1, without syncs to disk. As root it runs as the user `postgres`, since it refuses root.
class Postgres {
 public:
  // The server that all tests of this process share; started by the first who asks, ended with the
  // tests.
  static Postgres& shared();

  Postgres();
  ~Postgres();

  // The URL of a new, empty database.
  std::string new_database();

  // Runs one statement as the superuser.
  void run(const std::string& statement, const std::string& database = "postgres");

 private:
  void start();

  TempDir folder_;
  int port_ = 0;
  std::atomic<int> databases_ = 0;
  std::unique_ptr<Process> server_;
};

// The store of a test that runs on either engine: `sqlite`, or in a process with
// MUSTER_TEST_STORE=postgresql a new, empty database of the shared server.
std::string store_url(const std::string& sqlite);

}  // namespace muster::support
