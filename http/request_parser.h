// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "http/gate.h"
#include "http/message.h"

namespace muster::http {

// Boost.Beast's HTTP/1 parser, used for syntax and body framing; what it reads goes straight into
// our own types. One request at a time: read_head, then read_body until it is whole. One thread.
class RequestParser {
 public:
  explicit RequestParser(std::size_t max_header_bytes);
  ~RequestParser();

  // A whole head, as HeadScanner found it: method and fields go to `head`, the raw target to
  // `target`.
  std::optional<Refusal> read_head(std::string_view text, RequestHead& head, std::string& target);
  int minor_version() const;
  bool keep_alive() const;

  enum class Step { more, whole, too_large, malformed };
  struct Progress {
    Step step = Step::more;
    std::size_t consumed = 0;
  };
  // Appends what `data` holds of the body to `body`, which never grows beyond `limit`. What was not
  // consumed must be given again, with more behind it.
  Progress read_body(std::string_view data, std::string& body, std::size_t limit);

 private:
  class Reader;
  std::size_t max_header_bytes_;
  std::unique_ptr<Reader> reader_;
};

}  // namespace muster::http
