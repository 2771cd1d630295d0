// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <memory>

#include "core/result.h"
#include "gateway/runtime.h"

namespace muster::gateway {

// The running gateway: the SCIM listener, the management listener, the scheduler. start() returns
// when both listeners accept; stop() drains. `runtime` must outlive it.
class Service {
 public:
  explicit Service(Runtime& runtime);
  ~Service();  // stops

  Status start();
  void stop();
  // Takes a changed configuration over as far as that goes without a restart; what is in force
  // stays when anything is wrong. The outcome is in the log, the metrics and the status file. Not
  // beside start() or stop().
  void reload();
  std::uint16_t scim_port() const;
  std::uint16_t management_port() const;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace muster::gateway
