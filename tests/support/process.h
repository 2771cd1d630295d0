// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <string>
#include <vector>

namespace muster::support {

// A program that a test started; ended by its process id when the object goes, and when the test
// dies.
class Process {
 public:
  // Output and errors go to `log`. Throws when the program cannot be started.
  Process(const std::vector<std::string>& arguments, const std::filesystem::path& log);
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;
  ~Process();

  bool running();
  void signal(int number);

  // Sends the signal and waits for the end; returns the exit status, or minus the signal that ended
  // it.
  int end(int number);
  int wait();

 private:
  pid_t pid_ = -1;
  int status_ = 0;
};

// Runs a program to its end; throws with its output when it fails. Returns the output.
std::string run_program(const std::vector<std::string>& arguments,
                        const std::filesystem::path& folder);

// A TCP port of 127.0.0.1 that was free a moment ago.
int free_port();

}  // namespace muster::support
