// SPDX-License-Identifier: Apache-2.0
#include "tests/support/process.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <stdexcept>

#include "tests/support/temp_dir.h"

namespace muster::support {
namespace {

int status_of(int wait_status) {
  return WIFEXITED(wait_status) ? WEXITSTATUS(wait_status) : -WTERMSIG(wait_status);
}

[[noreturn]] void become(std::vector<char*>& arguments, int log) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  const int nothing = open("/dev/null", O_RDONLY);
  dup2(nothing, STDIN_FILENO);
  dup2(log, STDOUT_FILENO);
  dup2(log, STDERR_FILENO);
  execvp(arguments.front(), arguments.data());
  _exit(127);
}

}  // namespace

Process::Process(const std::vector<std::string>& arguments, const std::filesystem::path& log) {
  std::vector<char*> array;
  for (const std::string& argument : arguments)
    array.push_back(const_cast<char*>(argument.c_str()));
  array.push_back(nullptr);
  const int file = open(log.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (file < 0) throw std::runtime_error("cannot write " + log.string());
  pid_ = fork();
  if (pid_ == 0) become(array, file);
  close(file);
  if (pid_ < 0) throw std::runtime_error("cannot start " + arguments.front());
}

Process::~Process() {
  if (pid_ > 0) end(SIGKILL);
}

bool Process::running() {
  if (pid_ < 0) return false;
  if (waitpid(pid_, &status_, WNOHANG) == 0) return true;
  pid_ = -1;
  return false;
}

void Process::signal(int number) {
  if (pid_ > 0) kill(pid_, number);
}

int Process::end(int number) {
  signal(number);
  signal(SIGCONT);  // a stopped process would not hear it
  return wait();
}

int Process::wait() {
  if (pid_ > 0) {
    waitpid(pid_, &status_, 0);
    pid_ = -1;
  }
  return status_of(status_);
}

std::string run_program(const std::vector<std::string>& arguments,
                        const std::filesystem::path& folder) {
  const std::filesystem::path log = folder / "program.log";
  const int status = Process(arguments, log).wait();
  std::string output = read_file(log);
  if (status != 0) throw std::runtime_error(arguments.front() + " failed: " + output);
  return output;
}

int free_port() {
  const int socket_fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  const bool bound = bind(socket_fd, reinterpret_cast<sockaddr*>(&address), size) == 0 &&
                     getsockname(socket_fd, reinterpret_cast<sockaddr*>(&address), &size) == 0;
  close(socket_fd);
  if (!bound) throw std::runtime_error("no free port on 127.0.0.1");
  return ntohs(address.sin_port);
}

}  // namespace muster::support
