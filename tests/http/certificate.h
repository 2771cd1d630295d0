// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <stdlib.h>

#include <cstdlib>
#include <filesystem>
#include <string>

#include "http/server.h"

namespace muster::http {

// A self-signed certificate for 127.0.0.1 and "muster.test" in a folder of its own, made by the
// openssl program.
class Certificate {
 public:
  Certificate() {
    auto pattern = (std::filesystem::temp_directory_path() / "muster-tls-XXXXXX").string();
    folder_ = ::mkdtemp(pattern.data());
    const auto command =
        "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 "
        "-subj /CN=muster.test -addext subjectAltName=DNS:muster.test,IP:127.0.0.1 "
        "-keyout " +
        key() + " -out " + chain() + " >" + (folder_ / "log").string() + " 2>&1";
    made_ = std::system(command.c_str()) == 0;
  }
  ~Certificate() { std::filesystem::remove_all(folder_); }
  Certificate(const Certificate&) = delete;
  Certificate& operator=(const Certificate&) = delete;

  bool made() const { return made_; }
  std::string chain() const { return (folder_ / "cert.pem").string(); }
  std::string key() const { return (folder_ / "key.pem").string(); }
  TlsFiles files() const { return {.certificate_chain = chain(), .private_key = key()}; }

 private:
  std::filesystem::path folder_;
  bool made_ = false;
};

}  // namespace muster::http
