// SPDX-License-Identifier: Apache-2.0
#include "gateway/service_status.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <iterator>
#include <thread>
#include <utility>

#include "core/clock.h"
#include "core/json.h"
#include "core/log.h"
#include "core/uuid.h"
#include "operations/files.h"

namespace muster::gateway {
namespace {

using namespace std::chrono_literals;

constexpr auto pause = 20ms;

std::filesystem::path lock_file(const std::filesystem::path& directory, const char* name) {
  std::error_code ignored;
  std::filesystem::create_directories(directory / "locks", ignored);
  return directory / "locks" / name;
}

// An open file with the lock, or -1.
int lock(const std::filesystem::path& path, int how, std::chrono::milliseconds patience) {
  const int file = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (file < 0) return -1;
  for (auto waited = 0ms;; waited += pause) {
    if (::flock(file, how | LOCK_NB) == 0) return file;
    if (waited >= patience) break;
    std::this_thread::sleep_for(pause);
  }
  ::close(file);
  return -1;
}

class HeldLock {
 public:
  explicit HeldLock(int file) : file_(file) {}
  ~HeldLock() {
    if (file_ >= 0) ::close(file_);
  }
  HeldLock(const HeldLock&) = delete;
  HeldLock& operator=(const HeldLock&) = delete;
  bool taken() const { return file_ >= 0; }

 private:
  int file_;
};

std::string read_text(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

const std::string* request_of(const Value& status) {
  const auto* reload = status.find("reload");
  const auto* request = reload == nullptr ? nullptr : reload->find("request");
  return request == nullptr || !request->is_text() ? nullptr : &request->as_text();
}

}  // namespace

ServiceStatus::ServiceStatus(std::filesystem::path state_directory)
    : directory_(std::move(state_directory)),
      lock_(lock(lock_file(directory_, "service.lock"), LOCK_EX, 1000ms)) {
  if (lock_ >= 0) return;
  log::write(log::Level::warning, "gateway",
             "another service has this state directory: reload this one with SIGHUP",
             {{"state_directory", directory_.native()}});
}

ServiceStatus::~ServiceStatus() {
  if (lock_ < 0) return;
  std::error_code ignored;
  std::filesystem::remove(directory_ / "service.json", ignored);
  ::close(lock_);
}

void ServiceStatus::publish(Value status) const {
  if (lock_ < 0) return;
  status.set("pid", static_cast<std::int64_t>(::getpid()));
  if (auto written =
          operations::replace_file(directory_ / "service.json", write_json(status) + "\n");
      !written) {
    log::write(log::Level::warning, "gateway", "service status not written",
               {{"err", describe(written.error())}});
  }
}

std::string ServiceStatus::request() const { return read_text(directory_ / "reload-request"); }

bool service_runs(const std::filesystem::path& state_directory) {
  const auto path = state_directory / "locks" / "service.lock";
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) return errno == EACCES;
  const bool free = ::flock(file, LOCK_SH | LOCK_NB) == 0;
  ::close(file);
  return !free;
}

Result<Value> service_status(const std::filesystem::path& state_directory) {
  const auto path = state_directory / "service.json";
  if (!service_runs(state_directory))
    return fail(Fault::not_found, "no service runs with this state directory",
                state_directory.string());
  auto status = parse_json(read_text(path));
  if (status && status->is_object() && status->find("pid") != nullptr) return status;
  return fail(Fault::unavailable, "the running service does not say how it is", path.string());
}

Result<Value> ask_to_reload(const std::filesystem::path& state_directory,
                            std::chrono::seconds patience) {
  const HeldLock turn(lock(lock_file(state_directory, "reload.lock"), LOCK_EX, patience));
  if (!turn.taken())
    return fail(Fault::unavailable, "somebody else asks for a reload, and does not end",
                state_directory.string());
  MUSTER_TRY(const auto status, service_status(state_directory));
  const auto request = new_uuid(system_clock().now());
  MUSTER_CHECK(operations::replace_file(state_directory / "reload-request", request));
  const auto pid = static_cast<::pid_t>(status.find("pid")->as_int());
  if (::kill(pid, SIGHUP) != 0) {
    return fail(errno == EPERM ? Fault::denied : Fault::unavailable,
                "the service (pid " + std::to_string(pid) +
                    ") cannot be signalled: " + std::strerror(errno));
  }
  const auto until = std::chrono::steady_clock::now() + patience;
  while (std::chrono::steady_clock::now() < until) {
    std::this_thread::sleep_for(pause);
    MUSTER_TRY(auto now, service_status(state_directory));
    const auto* answered = request_of(now);
    if (answered != nullptr && *answered == request) return now;
  }
  return fail(Fault::unavailable,
              "the service (pid " + std::to_string(pid) + ") did not answer in time; see its log");
}

}  // namespace muster::gateway
