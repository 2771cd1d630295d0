// SPDX-License-Identifier: Apache-2.0
#include <cstdio>
#include <exception>

#include "gateway/cli/command.h"

int main(int argc, char** argv) {
  try {
    return muster::gateway::cli::run(argc, argv);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "muster: internal error: %s\n", error.what());
    return muster::gateway::cli::exit_failed;
  }
}
