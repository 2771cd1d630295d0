// SPDX-License-Identifier: Apache-2.0
#include "store/leases/holder.h"

#include <unistd.h>

#include <array>
#include <cerrno>
#include <charconv>
#include <csignal>
#include <fstream>
#include <iterator>
#include <optional>
#include <string>

namespace muster::store {
namespace {

std::string host_name() {
  std::array<char, 256> name{};
  if (::gethostname(name.data(), name.size() - 1) != 0 || name[0] == '\0') return "an unnamed host";
  return name.data();
}

std::string first_word_of(const std::string& file) {
  std::string word;
  std::ifstream(file) >> word;
  return word;
}

// Where process ids mean what they mean here: a start of the host's kernel and a PID namespace.
// Empty when the system does not say.
std::string place() {
  std::array<char, 64> space{};
  // A /proc of another namespace speaks of other processes.
  std::array<char, 32> self{};
  const auto digits = ::readlink("/proc/self", self.data(), self.size());
  if (digits <= 0 ||
      std::string(self.data(), static_cast<std::size_t>(digits)) != std::to_string(::getpid()))
    return {};
  const auto length = ::readlink("/proc/self/ns/pid", space.data(), space.size());
  const auto boot = first_word_of("/proc/sys/kernel/random/boot_id");
  if (length <= 0 || boot.empty()) return {};
  return boot + "/" + std::string(space.data(), static_cast<std::size_t>(length));
}

struct ProcessState {
  char state = ' ';
  std::string started = {};  // in clock ticks since the kernel's start
};

// proc(5): "pid (name) state ppid ..."; the start is field 22. The name may hold anything.
std::optional<ProcessState> state_of(pid_t pid) {
  std::ifstream file("/proc/" + std::to_string(pid) + "/stat");
  const std::string line{std::istreambuf_iterator<char>(file), {}};
  auto at = line.rfind(") ");
  if (at == line.npos) return std::nullopt;
  at += 2;
  ProcessState process{.state = line[at]};
  for (int field = 3; field < 22; ++field) {
    at = line.find(' ', at);
    if (at == line.npos) return std::nullopt;
    ++at;
  }
  process.started = line.substr(at, line.find(' ', at) - at);
  return process;
}

}  // namespace

LeaseHolder this_process() {
  const auto pid = ::getpid();
  LeaseHolder holder{.name = "process " + std::to_string(pid) + " on " + host_name()};
  const auto here = place();
  const auto own = state_of(pid);
  if (!here.empty() && own) holder.process = here + "/" + std::to_string(pid) + "/" + own->started;
  return holder;
}

bool has_ended(std::string_view process) {
  const auto here = place();
  if (here.empty() || !process.starts_with(here + "/")) return false;
  process.remove_prefix(here.size() + 1);
  const auto slash = process.find('/');
  if (slash == process.npos) return false;
  pid_t pid = 0;
  const auto* end = process.data() + slash;
  const auto [stopped, error] = std::from_chars(process.data(), end, pid);
  if (error != std::errc{} || stopped != end || pid <= 0) return false;
  if (::kill(pid, 0) != 0) return errno == ESRCH;
  // Somebody has that number: another process, unless it has the same start.
  const auto now = state_of(pid);
  if (!now) return false;
  return now->started != process.substr(slash + 1) || now->state == 'Z' || now->state == 'X';
}

}  // namespace muster::store
