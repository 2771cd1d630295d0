// SPDX-License-Identifier: Apache-2.0
#include "core/log.h"

#include <spdlog/logger.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <unicode/utf8.h>

#include <atomic>
#include <charconv>
#include <cmath>
#include <memory>

#include "core/clock.h"
#include "core/json.h"
#include "core/text.h"

namespace muster::log {
namespace {

std::atomic<Format> chosen_format{Format::logfmt};
std::atomic<Level> chosen_level{Level::info};

// spdlog serialises the writers and flushes; what a line looks like is ours.
spdlog::logger& sink() {
  static const auto logger = [] {
    auto made = std::make_unique<spdlog::logger>("muster",
                                                 std::make_shared<spdlog::sinks::stderr_sink_mt>());
    made->set_pattern("%v");
    made->set_level(spdlog::level::trace);
    return made;
  }();
  return *logger;
}

std::string_view name_of(Level level) {
  switch (level) {
    case Level::debug:
      return "debug";
    case Level::info:
      return "info";
    case Level::warning:
      return "warning";
    case Level::error:
      return "error";
  }
  return "error";
}

// Words are written as they are; whatever could break the line or the pair apart is quoted and
// escaped as in JSON.
bool is_word(std::string_view text) {
  if (text.empty()) return false;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte <= 0x20 || byte >= 0x7F || c == '"' || c == '=' || c == '\\') return false;
  }
  return true;
}

// What a terminal or a line reader would obey (C1 controls, DEL, Unicode's line ends) and what is
// no UTF-8 is replaced by U+FFFD; ASCII controls are left to the escaping.
std::string printable(std::string_view text) {
  std::string out;
  const auto* bytes = reinterpret_cast<const std::uint8_t*>(text.data());
  const auto length = static_cast<std::int32_t>(text.size());
  for (std::int32_t at = 0; at < length;) {
    const std::int32_t start = at;
    UChar32 c = 0;
    U8_NEXT(bytes, at, length, c);
    const bool is_control = (c >= 0x7F && c <= 0x9F) || c == 0x2028 || c == 0x2029;
    if (c < 0 || is_control) {
      out += "\xEF\xBF\xBD";
    } else {
      out.append(
          text.substr(static_cast<std::size_t>(start), static_cast<std::size_t>(at - start)));
    }
  }
  return out;
}

std::string number(double value) {
  char text[32];
  const auto end = std::to_chars(text, text + sizeof text, value).ptr;
  return std::string(text, end);
}

class Line {
 public:
  explicit Line(Format format) : format_(format) {}

  void add(std::string_view key, std::string_view value) {
    begin(key);
    if (format_ == Format::logfmt && is_word(value)) {
      out_ += value;
    } else {
      append_json_text(out_, printable(value));
    }
  }
  void add(std::string_view key, std::int64_t value) { add_bare(key, std::to_string(value)); }
  void add(std::string_view key, bool value) { add_bare(key, value ? "true" : "false"); }
  void add(std::string_view key, double value) {
    // JSON has no infinities.
    if (std::isfinite(value)) {
      add_bare(key, number(value));
    } else {
      add(key, std::string_view(std::isnan(value) ? "nan" : value > 0 ? "inf" : "-inf"));
    }
  }

  std::string_view finish() {
    if (format_ == Format::json) out_ += '}';
    return out_;
  }

 private:
  void begin(std::string_view key) {
    if (format_ == Format::json) {
      out_ += out_.empty() ? '{' : ',';
      append_json_text(out_, key);
      out_ += ':';
    } else {
      if (!out_.empty()) out_ += ' ';
      out_ += key;
      out_ += '=';
    }
  }
  void add_bare(std::string_view key, std::string_view value) {
    begin(key);
    out_ += value;
  }

  Format format_;
  std::string out_;
};

}  // namespace

void configure(Format format, Level level) {
  chosen_format = format;
  chosen_level = level;
}

void write(Level level, std::string_view module, std::string_view event,
           std::initializer_list<Field> fields) {
  write_fields(level, module, event, std::span(fields.begin(), fields.size()));
}

void write_fields(Level level, std::string_view module, std::string_view event,
                  std::span<const Field> fields) {
  if (level < chosen_level.load(std::memory_order_relaxed)) return;
  Line line(chosen_format.load(std::memory_order_relaxed));
  line.add("ts", std::string_view(format_timestamp(system_clock().now())));
  line.add("level", name_of(level));
  line.add("module", module);
  line.add("event", event);
  for (const auto& field : fields) {
    std::visit([&](const auto& value) { line.add(field.key, value); }, field.value);
  }
  const std::string_view text = line.finish();
  sink().log(spdlog::level::info, spdlog::string_view_t(text.data(), text.size()));
}

}  // namespace muster::log
